import { idle } from "./kit";
import type { Room } from "./room";

/** Loads what the server names beside the conversation in data-parts: "address moment moment; address moment".
 * Each script is fetched when the first of its moments comes, or at once when it names none, and its default
 * export is called with the room. What is switched off is not named, and not a byte of it comes. */
export function further(room: Room, failed: (problem: unknown) => unknown): void {
  const { section, signal, heard } = room;
  const moments: Record<string, (load: () => unknown) => unknown> = {
    idle,
    known: (load) => heard.add((me) => me.reader && load()),
    toggle: (load) => section.addEventListener("toggle", (event) => room.list.contains(event.target as Node) || load(), { capture: true, signal }),
    select: (load) => document.addEventListener("selectionchange", () => getSelection()!.isCollapsed || load(), { signal }),
  };
  for (const named of section.dataset.parts?.split("; ") ?? []) {
    const [address, ...when] = named.split(" ");
    const part = () => import(address!);
    const load = () => room.use(part).catch(failed);
    if (!when[0]) load();
    for (const moment of when) moments[moment]?.(load);
  }
}
