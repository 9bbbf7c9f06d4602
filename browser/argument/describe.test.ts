import { equal, test } from "../testing/check";
import { describe as describeWith } from "./describe";
import { joined } from "./letters";

const describe = (chars: string[], start: number, end: number) => describeWith(chars, start, end, joined);

test("a passage has its words, what stands around them, and its place", () => {
  const text = [..."All the boats were late on Friday, and nobody at the harbour minded it much."];
  const at = 35;
  equal(describe(text, at, at + 10), {
    exact: "and nobody",
    prefix: " the boats were late on Friday, ",
    suffix: " at the harbour minded it much.",
    start: 35,
    end: 45,
  });
});

test("at the ends of the text there is less around it", () => {
  equal(describe([..."one two"], 0, 3), { exact: "one", prefix: "", suffix: " two", start: 0, end: 3 });
});

test("words that are cut are taken in whole", () => {
  const exact = (text: string, from: string, to: string) => {
    const chars = [...text];
    return describe(chars, chars.indexOf(from), chars.indexOf(to) + 1).exact;
  };
  equal(exact("The lighthouse keeper, he left.", "i", "p"), "lighthouse keeper");
  equal(exact("It snowed in the Oreni ferry\u00adman\u2019s house.", "f", "m"), "ferry\u00adman");
  equal(exact("\u05d4\u05e1\u05db\u05e8 \u05e2\u05d5\u05de\u05d3", "\u05e1", "\u05d5"), "\u05d4\u05e1\u05db\u05e8 \u05e2\u05d5\u05de\u05d3");
  equal(exact("\u6c34\u5e93\u5927\u575d", "\u5e93", "\u5927"), "\u5e93\u5927", "no words to take in");
});
