/** What is remembered in the history entry, so that Back brings the list to where it was: the order, how many
 * pages had been shown, and the comment at the top of the window with its distance from it in px. */
export interface Place {
  story: string;
  sort: string;
  pages: number;
  anchor: string;
  offset: number;
}

/** Takes a place out of a history entry's state when it belongs to `story`; states are other people's too. */
export function readPlace(state: unknown, story: string): Place | null {
  const place = (state as { parley?: Partial<Place> } | null)?.parley;
  if (typeof place !== "object" || place === null || place.story !== story) return null;
  const pages = Math.min(Math.max(1, Math.floor(Number(place.pages)) || 1), maxPages);
  return { story, sort: String(place.sort ?? ""), pages, anchor: String(place.anchor ?? ""), offset: Number(place.offset) || 0 };
}

/** How many pages Back fetches again at most: a thousand threads, more than anybody scrolls twice. */
const maxPages = 40;
