import { equal, test } from "../testing/check";
import { Announcer } from "./announcer";

test("speaks at most once a minute", () => {
  const announcer = new Announcer();
  equal(announcer.due(1, 0, true), true);
  equal(announcer.due(2, 59_999, true), false);
  equal(announcer.due(2, 60_000, true), true);
});

test("is silent while the conversation is out of sight, and speaks on return", () => {
  const announcer = new Announcer();
  equal(announcer.due(3, 0, false), false);
  equal(announcer.due(3, 10, true), true);
});

test("does not repeat what it has told", () => {
  const announcer = new Announcer();
  announcer.due(3, 0, true);
  equal(announcer.due(3, 200_000, true), false);
  announcer.due(0, 200_001, true); // the reader has looked
  equal(announcer.due(1, 200_002, true), true);
});
