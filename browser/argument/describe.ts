import type { About } from "../conversation/types";
import type { joined as Joined } from "./letters";

/** How much of the text before and after a passage is kept, in characters: five words, and more only where the same
 * stands elsewhere too (the server's MaxContext). */
const least = 32;
const most = 256;

/** More characters than a word has: what is longer was written to be in the way. */
const longest = 64;

/** Describes the passage from start to end (code points) of a text, so that it can be found again. Words that it
 * cuts are taken in whole; `joined` tells what is one. */
export function describe(chars: string[], start: number, end: number, joined: typeof Joined): Required<Omit<About, "id">> {
  for (let most = longest; most && joined(chars[start - 1], chars[start]); most--) start--;
  for (let most = longest; most && joined(chars[end - 1], chars[end]); most--) end++;
  const slice = (from: number, to: number) => chars.slice(Math.max(0, from), to).join("");
  const all = slice(0, chars.length);
  const twice = (piece: string) => all.indexOf(piece) !== all.lastIndexOf(piece);
  let around = least;
  while (around < most && twice(slice(start - around, end + around))) around *= 2;
  return { exact: slice(start, end), prefix: slice(start - around, start), suffix: slice(end, end + around), start, end };
}
