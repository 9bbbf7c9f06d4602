/** Gives how many bytes text takes in UTF-8, which is what the server's limit counts. Half a surrogate pair
 * counts three bytes, as the replacement character that is sent for it does. */
export function bytes(text: string): number {
  let n = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    n += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return n;
}

/** How many bytes a comment may have (the server's MaxBody). */
export const maxBody = 10_000;

/** How near the limit the counter appears: earlier it would only distract. */
const near = 500;

/** Tells whether the counter is shown for a text of n bytes. */
export const isNear = (n: number, max = maxBody): boolean => n > max - near;
