import { equal, test } from "../testing/check";
import { moreLabel, shownLabel, unseen } from "./paging";

test("threads are counted, and one is one", () => {
  equal(shownLabel(25, 118), "25 of 118 threads");
  equal(shownLabel(1, 1), "1 thread");
  equal(shownLabel(7, 7), "7 threads");
  equal(shownLabel(0, 0), "");
});

test("more were shown than the page knew of: others have written since", () => {
  equal(shownLabel(26, 25), "26 threads");
});

test("the link says what one more page brings", () => {
  equal(moreLabel({ next: "c", shown: 25, threads: 118 }, 25), "Show 25 more threads");
  equal(moreLabel({ next: "c", shown: 100, threads: 118 }, 25), "Show 18 more threads");
  equal(moreLabel({ next: "c", shown: 117, threads: 118 }, 25), "Show 1 more thread");
  equal(moreLabel({ next: "c", shown: 30, threads: 30 }, 25), "Show 1 more thread", "the cursor knows better");
  equal(moreLabel({ next: "", shown: 25, threads: 118 }, 25), "");
});

test("a page that repeats brings only what is new, each once", () => {
  const here = new Set(["3", "4"]);
  equal(unseen(["4", "5", "6", "5"], (id) => here.has(id)), ["5", "6"]);
});
