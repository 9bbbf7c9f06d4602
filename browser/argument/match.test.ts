import { equal, test } from "../testing/check";
import { fold } from "./fold";
import { findAll, type Quote } from "./match";
import part from "./near";

const near = part();

/** Describes the words of a text, the n-th time they stand there. */
function quote(text: string, exact: string, nth = 0): Quote {
  let start = -1;
  for (; nth >= 0; nth--) start = text.indexOf(exact, start + 1);
  const end = start + exact.length;
  return { exact, prefix: text.slice(Math.max(0, start - 32), start), suffix: text.slice(end, end + 32), start, end };
}

/** Gives what stands where the passages are found, null where they are not. */
function found(text: string, ...quotes: Quote[]): (string | null)[] {
  const chars = [...text];
  return findAll(text, quotes, fold, near).map((place) => place ? chars.slice(place.start, place.end).join("") : null);
}

const story =
  "Every second Thursday the guns around the dam stop for six hours. A white van comes up the east bank road. " +
  "Eleven engineers who detest each other's governments put on the same yellow waders. They grease the spillway gates. " +
  "At three o'clock they go home and the war resumes. It is the only clause still living of the ceasefire.";

test("what stands where it stood is found there", () => {
  equal(found(story, quote(story, "the guns around the dam"), quote(story, "They grease the spillway gates.")), ["the guns around the dam", "They grease the spillway gates."]);
});

test("what was pushed down by new text is found without the other part", () => {
  const now = "An update was added at noon, and it is long. " + story;
  const was = [quote(story, "A white van comes up the east bank road."), quote(story, "the war resumes")];
  equal(findAll(now, was, fold).map((place) => place && now.slice(place.start, place.end)), ["A white van comes up the east bank road.", "the war resumes"]);
});

test("edited words are found, with the ends of words", () => {
  const now = story.replace("same yellow waders", "same bright yellow waders").replace("detest", "dislike");
  equal(found(now, quote(story, "Eleven engineers who detest each other's governments put on the same yellow waders.")), [
    "Eleven engineers who dislike each other's governments put on the same bright yellow waders.",
  ]);
  equal(findAll(now, [quote(story, "put on the same yellow waders.")], fold), [undefined], "that takes the other part");
});

test("what was removed is not found, however like it something is", () => {
  const now = story.replace("They grease the spillway gates. ", "");
  equal(found(now, quote(story, "They grease the spillway gates.")), [null]);
});

const refrain = "We were told to wait, and we waited. ";
const song = refrain + "The harbour froze. " + refrain + "The council met twice. " + refrain + "Nobody asked the ferry. " + refrain + "It went.";

test("of words that stand several times those are meant that stand beside the same", () => {
  const starts = (text: string, ...quotes: Quote[]) => findAll(text, quotes, fold, near).map((place) => place?.start ?? -1);
  const second = quote(song, "and we waited.", 1);
  equal(starts(song, second), [second.start]);
  const now = "It was cold that year. " + song;
  equal(starts(now, second, quote(song, "The council met twice.")), [second.start + 23, now.indexOf("The council")]);
});

test("of words that stand several times alike none is guessed", () => {
  const bare = { exact: "and we waited.", prefix: "", suffix: "", start: 0, end: 0 };
  equal(found(song, bare), [null]);
  const gone = song.replace("The council met twice. " + refrain, "");
  equal(found(gone, { ...quote(song, "we waited", 2), prefix: "", suffix: "" }), [null]);
});

test("hostile descriptions cost little and find nothing", () => {
  const long = "a".repeat(20_000);
  equal(found(story, { exact: long, prefix: long, suffix: long, start: 5, end: 6 }, { exact: "", prefix: "x", suffix: "y", start: 0, end: 9 }), [null, null]);
  equal(found("", quote(story, "the dam")), [null]);
  equal(found(story, { exact: "\u202e\u0000", prefix: "", suffix: "", start: -5, end: 1e12 }), [null]);
});

test("positions are characters, also beyond the first plane", () => {
  const text = "\u{1f6a2} The ferry \u{1f6a2} waits for \u{1f6a2} everybody.";
  equal(found(text, { exact: "waits for \u{1f6a2} everybody", prefix: "The ferry \u{1f6a2} ", suffix: ".", start: 14, end: 36 }), ["waits for \u{1f6a2} everybody"]);
});

test("quotes are normalised as the text is", () => {
  equal(found("Caf\u00e9 au lait, please.", { exact: "Cafe\u0301\u00a0au\nlait", prefix: "", suffix: ",  please.", start: 0, end: 12 }), ["Caf\u00e9 au lait"]);
});
