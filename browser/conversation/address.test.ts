import { equal, test } from "../testing/check";
import { readHash } from "./address";

test("an address opens a comment or an order", () => {
  equal(readHash("#parley-c-4090"), { open: "4090" });
  equal(readHash("#c-4090"), { open: "4090" });
  equal(readHash("#parley-oldest"), { sort: "oldest" });
  for (const other of ["", "#", "#c-", "#c-4x", "#xc-4", "#parley-worst", "#section-c-4"]) equal(readHash(other), {}, other);
});
