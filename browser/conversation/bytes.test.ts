import { equal, test } from "../testing/check";
import { bytes, isNear } from "./bytes";

test("counts the bytes of UTF-8", () => {
  equal(["", "a", "ü", "€", "😀", "a😀ü"].map((text) => bytes(text)), [0, 1, 2, 3, 4, 7]);
});

test("half a pair counts as its replacement", () => {
  equal([bytes("\ud83d"), bytes("\ude00a")], [3, 4]);
});

test("the counter appears for the last 500 bytes", () => {
  equal([9_500, 9_501, 20_000].map((n) => isNear(n)), [false, true, true]);
});
