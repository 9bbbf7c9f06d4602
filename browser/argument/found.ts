import type { Room } from "../conversation/room";
import { fold } from "./fold";
import type { Matcher, Place } from "./match";
import type { Near } from "./near";
import type { PageText } from "./text";
import type { Passage, Placed } from "./types";

/** The part that can do more than look at where a passage stood. */
export const matcher = (): Promise<{ default: (room: Room) => Matcher }> => import("./match");

const nearby = (): Promise<{ default: (room: Room) => Near }> => import("./near");

/** Finds passages in a text, in its order. What stands just where it stood needs no search; the matcher is fetched
 * only when something does not. */
export async function find(room: Room, text: PageText, all: Passage[]): Promise<Placed[]> {
  const shown = Number(room.section.dataset.version);
  const known = all.filter((one) => one.state !== "changed");
  let places: (Place | null)[] = known.map((one) => (stands(text, one) ? one : null));
  // Where most stands as it stood this is the text that the server has: what it found in this version of it, edited,
  // stands where it says.
  const trusted = shown && 2 * places.filter((place) => place).length >= known.length;
  if (trusted) places = places.map((place, i) => place ?? (known[i]!.version === shown && resembles(text, known[i]!) ? known[i]! : null));
  if (places.includes(null)) {
    const { findAll } = await room.use(matcher);
    const words = text.slice(0, text.chars.length);
    let found = findAll(words, known, fold);
    if (found.includes(undefined)) found = findAll(words, known, fold, await room.use(nearby));
    places = places.map((place, i) => (trusted && place) || (found[i] ?? null));
  }
  const placed = places.flatMap((place, i) => (place ? { start: place.start, end: place.end, passage: known[i]! } : []));
  return placed.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Tells whether a passage stands where it stood, in its surroundings. */
function stands(text: PageText, { exact, prefix, suffix, start, end }: Passage): boolean {
  const before = text.slice(start - prefix.length - 1, start).trimEnd();
  const after = text.slice(end, end + suffix.length + 1).trimStart();
  return text.slice(start, end) === exact && before.endsWith(prefix.trim()) && after.startsWith(suffix.trim());
}

/** Tells whether half of a passage's words stand where the server says: the page may be older than the answer. */
function resembles(text: PageText, { exact, start, end }: Passage): boolean {
  const there = new Set(text.slice(start, end).split(" "));
  const words = exact.split(" ");
  return 2 * words.filter((word) => there.has(word)).length >= words.length;
}
