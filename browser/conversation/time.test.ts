import { equal, test } from "../testing/check";
import { distance } from "./time";

const now = Date.UTC(2026, 10, 23, 9, 12);
const ago = (seconds: number) => {
  const far = distance(now - seconds * 1000, now);
  return far && [far.count, far.unit];
};

test("units change at their borders", () => {
  equal(ago(0), [0, "second"]);
  equal(ago(59.9), [0, "second"]);
  equal(ago(60), [-1, "minute"]);
  equal(ago(3599), [-59, "minute"]);
  equal(ago(3600), [-1, "hour"]);
  equal(ago(86_399), [-23, "hour"]);
  equal(ago(86_400), [-1, "day"]);
  equal(ago(7 * 86_400 - 1), [-6, "day"]);
});

test("a week and more is told by its date", () => {
  equal(ago(7 * 86_400), null);
  equal(ago(400 * 86_400), null);
});

test("a clock that runs a little ahead says now, one far ahead the date", () => {
  equal(ago(-30), [0, "second"]);
  equal(ago(-61), null);
  equal(distance(NaN, now), null);
});
