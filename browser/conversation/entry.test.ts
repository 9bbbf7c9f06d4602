import { equal, test } from "../testing/check";
import { readPlace } from "./entry";

test("a place is read back from the history", () => {
  const parley = { story: "7", sort: "oldest", pages: 3, anchor: "41", offset: -20.5 };
  equal(readPlace({ router: 1, parley }, "7"), parley);
});

test("other people's states and broken ones are passed over", () => {
  for (const state of [null, undefined, 7, "x", {}, { parley: null }, { parley: 5 }, { parley: { story: "8" } }]) equal(readPlace(state, "7"), null);
  equal(readPlace({ parley: { story: "7", pages: "many", offset: {} } }, "7"), { story: "7", sort: "", pages: 1, anchor: "", offset: 0 });
  equal(readPlace({ parley: { story: "7", pages: 1e9 } }, "7")?.pages, 40);
});
