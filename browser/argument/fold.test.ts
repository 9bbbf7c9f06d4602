import { equal, test } from "../testing/check";
import { fold } from "./fold";

const folded = (raw: string) => fold(raw).chars.join("");

/** What of the text as it was stands behind each character. */
const sources = (raw: string) => {
  const { chars, from, to } = fold(raw);
  return chars.map((char, i) => [char, raw.slice(from[i], to[i])]);
};

test("runs of white space become one space, at the ends none", () => {
  equal(folded(" \n The\u00a0dam\u2028\t stands.\u3000"), "The dam stands.");
  equal(sources("\n ab \n b\n"), [["a", "a"], ["b", "b"], [" ", " \n "], ["b", "b"]]);
  equal([folded(""), folded(" \u0085\n")], ["", ""]);
});

test("what is no white space stays: soft hyphens, zero-width joiners, byte order marks", () => {
  equal(folded("ferry\u00adman a\u200db \ufeffc"), "ferry\u00adman a\u200db \ufeffc");
});

test("combined characters become one and stand for all they came from", () => {
  equal(sources("e\u0301t e\u0301"), [["\u00e9", "e\u0301"], ["t", "t"], [" ", " "], ["\u00e9", "e\u0301"]]);
  equal(sources("q\u0301e\u0323\u0302"), [["q", "q"], ["\u0301", "\u0301"], ["\u1ec7", "e\u0323\u0302"]]);
  equal(folded("x\u0323\u0307"), "\u1e8b\u0323", "a mark between");
  equal(sources("\u1112\u1161\u11ab"), [["\ud55c", "\u1112\u1161\u11ab"]], "Hangul letters");
  equal(folded("e\u0302\u0323"), "\u1ec7", "marks in another order");
});

test("marks that do not join stay by themselves, in their normal order", () => {
  equal(folded("a\u0301\u0323").normalize(), "a\u0301\u0323".normalize());
  equal(folded("q\u0301\u0323"), "q\u0323\u0301");
});

test("characters beyond the first plane count once", () => {
  equal(sources("a\u{1f6a2} b").map(([char]) => char), ["a", "\u{1f6a2}", " ", "b"]);
  equal(sources("a\u{1f6a2} b")[2], [" ", " "]);
});

test("half a character is kept as it is", () => {
  equal(fold("a\ud800b").chars.length, 3);
});
