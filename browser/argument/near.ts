import { beside } from "./match/edits";
import { distinct, ended, hits, kept, nearly, overlap } from "./match/settle";

/** What is needed where words of passages, or those around them, have been edited. */
export interface Near {
  beside: typeof beside;
  distinct: typeof distinct;
  ended: typeof ended;
  hits: typeof hits;
  kept: typeof kept;
  nearly: typeof nearly;
  overlap: typeof overlap;
}

/** Gives what finds words that are nearly those. */
export default function near(): Near {
  return { beside, distinct, ended, hits, kept, nearly, overlap };
}
