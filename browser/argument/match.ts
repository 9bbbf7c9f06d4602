import { joined } from "./letters";
import type { Folded } from "./fold";
import type { Near } from "./near";
import { Search } from "./match/decide";
import { know } from "./match/ground";
import { query } from "./match/query";
import { Text } from "./match/text";

/** A passage as it is described: its words, some text before and after them, and where they stood (code points; the
 * same twice when that is not known). */
export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
}

/** Where a passage stands. */
export interface Place {
  start: number;
  end: number;
}

/** What is needed where the text is not just as it was, or words are chosen in it. */
export interface Matcher {
  findAll: typeof findAll;
  joined: typeof joined;
}

/** Gives the matcher. */
export default function match(): Matcher {
  return { findAll, joined };
}

/** Thrown where the other part is needed. */
const missing = {};

/** Finds passages that were described in one text in what that text is now, or refuses: the rules are those of the
 * server's internal/anchor, which documents them. Together they tell how the text has moved, so that words which
 * stand in many places are told apart. `words` are normalised, `fold` does it with the quotes.
 * What can be told only with `near`, which is a part of its own, is undefined without it. */
export function findAll(words: string, quotes: Quote[], fold: (raw: string) => Folded, near?: Near): (Place | null | undefined)[] {
  const text = new Text(words);
  const all = quotes.map((one) => query(one, fold));
  const known = know(text, all);
  const part = () => {
    if (!near) throw missing;
    return near;
  };
  return all.map((q) => {
    try {
      return new Search(text, part, q, known).find();
    } catch (problem) {
      if (problem !== missing) throw problem;
      return undefined;
    }
  });
}
