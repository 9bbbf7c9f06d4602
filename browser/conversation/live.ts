import { arrivals } from "./arrivals";
import { Queue } from "./queue";
import type { Room } from "./room";
import { Stream } from "./stream";

/** Keeps the conversation live: new comments wait behind a button, everything else is done in place. */
export default function live(room: Room): void {
  const { section, session, signal } = room;
  let stream: Stream | null = null;
  const queue = new Queue(
    {
      state: (id) => room.item(id)?.dataset.state ?? "",
      takes: (id, thread, parent) => !!room.one("[data-fresh]") && room.page.ownerOf(room, id, thread, parent) !== null,
      hides: (author) => !!room.me.marks?.hidden.includes(author),
      own: (author) => !!author && author === room.me.reader?.id,
      compare: room.kit.compareIDs,
    },
    Number(section.dataset.event) || 0,
    room.revision,
    room.newest(),
  );
  const arrived = arrivals(room, queue);
  const begin = () => {
    if (stream || !room.story) return;
    stream = new Stream(room.story, (after) => `${room.kit.base()}/api/v1/stories/${room.story}/events?after=${after}`, () => queue.last, room.kit.backoff, signal, (event) => {
      for (const effect of queue.take(event)) {
        room.saw(queue.revision);
        if (effect.do === "bye") stream!.retryAfter(effect.retry);
        else arrived(effect);
      }
    });
  };
  let reader = session.reader?.id;
  room.heard.add(({ reader: now }) => {
    begin(); // a page nobody had written under has got its story
    if (now?.id !== reader) stream?.reopen(); // what the stream brings depends on who asks
    reader = now?.id;
  });
  room.placed.add((item) => {
    begin();
    if (queue.drop(item.dataset.id!)) arrived({ do: "fresh" });
  });
  begin();
}
