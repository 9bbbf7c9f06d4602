import { compareIDs } from "./id";

/** How deep replies are indented; deeper ones stand in the last level and say whom they answer. */
export const shownLevels = 3;

/** What a place needs to know of a comment. `parent` is "" for the root of a thread. */
export interface Placed {
  id: string;
  parent: string;
  thread: string;
}

/** The comments on the page: gives one by its id, or undefined when it is not shown. */
export type Shown = (id: string) => { parent: string; level: number } | undefined;

/** Gives the id of the comment whose list of replies takes `comment`, or null when its place is not on the
 * page: its thread is not shown, or its parent waits behind "Show more replies" (`partial`). Without such a
 * link a parent that is missing is one this reader does not see, and the reply goes to the end of the thread. */
export function owner(comment: Placed, shown: Shown, partial: (thread: string) => boolean): string | null {
  if (!shown(comment.thread)) return null;
  let id = comment.parent;
  let at = shown(id);
  if (!at) return partial(comment.thread) ? null : comment.thread;
  // A list belongs to a comment of level 1 or 2; below that, climb. Bounded: a page holds finite levels.
  for (let steps = 0; at && at.level >= shownLevels && steps < 10_000; steps++) {
    id = at.parent;
    at = shown(id);
  }
  return at ? id : comment.thread;
}

/** Gives the index in `siblings` (ids in the order they stand) before which `id` belongs in the order of
 * writing, which is the order of ids. A sibling out of order does not hold others up: the new one goes behind
 * the last sibling that is older. */
export function indexAmong(siblings: string[], id: string): number {
  let index = siblings.length;
  while (index > 0 && compareIDs(siblings[index - 1]!, id) > 0) index--;
  return index;
}

/** Says at which end of the list of threads a new thread is put: at its true place where that is an end, else
 * on top, where the reader who asked for it looks. */
export function endFor(sort: string, more: boolean): "top" | "end" {
  return sort === "oldest" && !more ? "end" : "top";
}
