import { equal, test } from "../testing/check";
import { compareIDs } from "./id";
import { Queue, type EventData, type Page, type StreamEvent } from "./queue";

/** A page that shows the comments in `states`; every thread there takes replies. */
function page(states: Record<string, string>, more: Partial<Page> = {}): Page {
  return {
    state: (id) => states[id] ?? "",
    takes: (id, thread) => id === thread || thread in states,
    hides: (author) => author === "muted",
    own: (author) => author === "me",
    compare: compareIDs,
    ...more,
  };
}

const event = (id: number, kind: string, data: EventData = {}): StreamEvent => ({ event: kind, id: String(id), data });
const more = (id: string) => ({ do: "more", id, by: 1 });
const less = (id: string) => ({ do: "more", id, by: -1 });
const root = (id: string): EventData => ({ id, thread: id, author: "9" });

test("new comments are counted and handed over once", () => {
  const queue = new Queue(page({ "50": "published" }), 10, 1, "50");
  equal(queue.take(event(11, "comment", root("51"))), [more("51"), { do: "fresh" }]);
  queue.take(event(12, "comment", { id: "52", thread: "50", parent: "50", author: "9" }));
  equal(queue.count, 2);
  const { after, late, ids } = queue.release();
  equal([after, late, [...ids]], ["50", [], ["51", "52"]]);
  equal([queue.count, queue.release().after], [0, ""]);
});

test("an event that was seen does nothing a second time", () => {
  const queue = new Queue(page({}), 10, 1, "");
  equal(queue.take(event(10, "comment", root("51"))), []);
  queue.take(event(11, "comment", root("52")));
  equal(queue.take(event(11, "comment", root("52"))), []);
  equal([queue.count, queue.last], [1, 11]);
});

test("a comment that is told twice under two events is one", () => {
  const queue = new Queue(page({}), 0, 1, "");
  queue.take(event(1, "comment", root("51")));
  equal(queue.take(event(2, "comment", root("51"))), []);
  equal(queue.count, 1);
});

test("what the page shows, what is hidden and what has no place is not announced", () => {
  const queue = new Queue(page({ "50": "published" }), 0, 1, "50");
  equal(queue.take(event(1, "comment", root("50"))), []);
  equal(queue.take(event(2, "comment", { ...root("51"), author: "muted" })), [more("51")]);
  equal(queue.take(event(3, "comment", { id: "52", thread: "7", parent: "7", author: "9" })), [more("52")]);
  equal(queue.count, 0);
});

test("a reply to a thread that waits itself waits with it", () => {
  const queue = new Queue(page({}), 0, 1, "");
  queue.take(event(1, "comment", root("51")));
  queue.take(event(2, "comment", { id: "52", thread: "51", parent: "51", author: "9" }));
  equal([queue.count, queue.release().after], [2, "0"]);
});

test("the reader's own comment from elsewhere is fetched, never announced", () => {
  const queue = new Queue(page({}), 0, 1, "");
  equal(queue.take(event(1, "comment", { ...root("51"), author: "me" })), [more("51"), { do: "own" }]);
  equal(queue.count, 0);
});

test("an own comment that waited and is published is drawn again", () => {
  const queue = new Queue(page({ "51": "held" }), 0, 1, "");
  equal(queue.take(event(1, "comment", { ...root("51"), author: "me" })), [more("51"), { do: "published", id: "51" }]);
});

test("the answer to posting takes the comment out of the queue", () => {
  const queue = new Queue(page({}), 0, 1, "50");
  queue.take(event(1, "comment", root("51")));
  equal([queue.drop("51"), queue.count, queue.drop("51")], [true, 0, false]);
});

test("a comment published long after it was written is fetched by itself", () => {
  const queue = new Queue(page({ "50": "published" }), 0, 1, "50");
  queue.take(event(1, "comment", root("40")));
  equal([queue.count, queue.release().late], [1, ["40"]]);
  queue.take(event(2, "comment", root("41")));
  queue.take(event(3, "comment", root("60")));
  const { after, late } = queue.release();
  equal([after, late], ["50", ["41"]]);
});

test("ids are ordered as numbers even where they have more digits", () => {
  const queue = new Queue(page({ "999": "published" }), 0, 1, "999");
  queue.take(event(1, "comment", root("1000")));
  equal(queue.release().after, "999");
  queue.take(event(2, "comment", root("1001")));
  equal(queue.release().after, "1000");
});

test("removing takes it off the page, out of the queue, or only out of the count", () => {
  const queue = new Queue(page({ "50": "published", "49": "withdrawn" }), 0, 1, "50");
  queue.take(event(1, "comment", root("51")));
  equal(queue.take(event(2, "remove", { id: "51", state: "removed" })), [less("51"), { do: "fresh" }]);
  equal(queue.take(event(3, "remove", { id: "50", state: "removed" })), [less("50"), { do: "remove", id: "50", state: "removed" }]);
  equal(queue.take(event(4, "remove", { id: "7", state: "removed" })), [less("7")]);
  equal(queue.take(event(5, "remove", { id: "49", state: "withdrawn" })), []);
  equal(queue.count, 0);
});

test("an edit is told only of what is on the page", () => {
  const queue = new Queue(page({ "50": "published" }), 0, 1, "50");
  equal(queue.take(event(1, "edit", { id: "50" })), [{ do: "edit", id: "50" }]);
  equal(queue.take(event(2, "edit", { id: "51" })), []);
});

test("after a reset only loading again helps, and then everything goes on", () => {
  const queue = new Queue(page({}), 0, 1, "");
  queue.take(event(1, "comment", root("51")));
  equal(queue.take(event(90, "reset")), [{ do: "reset" }]);
  equal([queue.stale, queue.count], [true, 0]);
  queue.take(event(91, "comment", root("52")));
  equal(queue.count, 0);
  queue.reloaded(95, 7);
  equal([queue.stale, queue.last, queue.revision], [false, 95, 7]);
  equal(queue.take(event(94, "comment", root("52"))), []);
  queue.take(event(96, "comment", root("53")));
  equal(queue.count, 1);
});

test("an event without an id is always taken and leaves the place", () => {
  const queue = new Queue(page({}), 10, 1, "");
  equal(queue.take({ event: "session", id: "", data: {} }), [{ do: "session" }]);
  equal(queue.take({ event: "notice", id: "", data: {} }), [{ do: "session" }]);
  equal(queue.last, 10);
});

test("the revision only rises, and an unknown event is passed over", () => {
  const queue = new Queue(page({}), 0, 5, "");
  equal(queue.take(event(1, "refresh", { revision: 4 })), []);
  equal(queue.revision, 5);
  queue.take(event(2, "refresh", { revision: 9 }));
  equal(queue.take(event(3, "later", {})), []);
  equal([queue.revision, queue.last], [9, 3]);
});
