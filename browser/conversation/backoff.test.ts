import { equal, test } from "../testing/check";
import { backoff } from "./backoff";

test("the wait doubles up to a minute", () => {
  equal([0, 1, 2, 5, 6, 60, 1e9].map((tries) => backoff(tries, 0)), [500, 1000, 2000, 16_000, 30_000, 30_000, 30_000]);
});

test("chance spreads it over the upper half", () => {
  equal([backoff(3, 0), backoff(3, 0.5), backoff(3, 0.999)], [4000, 6000, 7996]);
});
