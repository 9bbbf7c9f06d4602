/** Orders ids as the server does. They are whole numbers that may exceed what a double holds, so they are
 * compared as text: the longer one is the larger one. */
export function compareIDs(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Gives the larger of two ids; "" is smaller than any. */
export const laterID = (a: string, b: string): string => (compareIDs(a, b) < 0 ? b : a);
