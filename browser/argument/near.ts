import { beside } from "./match/edits";
import { hits, kept, nearly } from "./match/settle";

/** What is needed where words of passages, or those around them, have been edited. */
export interface Near {
  beside: typeof beside;
  hits: typeof hits;
  kept: typeof kept;
  nearly: typeof nearly;
}

/** Gives what finds words that are nearly those. */
export default function near(): Near {
  return { beside, hits, kept, nearly };
}
