import type { Shelf } from "./draft";

/** Makes an Idempotency-Key. */
export const newKey = (): string => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");

/** Gives the name of something kept under a name that begins so, "" when there is nothing. */
export function keptUnder(beginning: string): string {
  try {
    return Object.keys(localStorage).find((name) => name.startsWith(beginning)) ?? "";
  } catch {
    return "";
  }
}

/** Gives the browser's store, or null where it is forbidden. */
export function shelf(): Shelf | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
