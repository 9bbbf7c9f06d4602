import type { Shelf } from "./draft";

/** Makes an Idempotency-Key. */
export const newKey = (): string => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");

/** Gives the browser's store, or null where it is forbidden. */
export function shelf(): Shelf | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
