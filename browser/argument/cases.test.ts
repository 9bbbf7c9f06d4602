import cases from "../../internal/anchor/testdata/cases.json";
import { equal, test } from "../testing/check";
import { fold } from "./fold";
import { findAll, type Quote } from "./match";
import part from "./near";

interface Case {
  name: string;
  text?: string;
  blocks?: string[];
  quote: Partial<Quote>;
  want: { outcome: string; start?: number; end?: number };
}

// The server's matcher is held to the same table.
for (const { name, text, blocks, quote, want } of cases as Case[])
  test(name, () => {
    const words = fold(text ?? blocks!.join(" ")).chars.join("");
    const [place] = findAll(words, [{ exact: "", prefix: "", suffix: "", start: 0, end: 0, ...quote }], fold, part());
    equal(place ? [place.start, place.end] : null, want.outcome === "found" ? [want.start, want.end] : null);
  });
