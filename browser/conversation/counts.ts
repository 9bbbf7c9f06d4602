import { grouped, setBase, shared } from "./kit";

const waiting = new Map<string, ParleyCount[]>();

/** How many stories one question may name (the server's limit). */
const most = 100;

/** `<parley-count story-url>` (or story-id): how many comments a story has. All counts that join the page in
 * one turn are asked for together. What stands inside stays until the answer is here. */
export class ParleyCount extends HTMLElement {
  connectedCallback(): void {
    const own = this.getAttribute("base");
    if (own) setBase(own);
    const id = this.getAttribute("story-id");
    const url = this.getAttribute("story-url");
    if (!id && !url) return;
    const story = id || new URL(url!, location.href).href;
    if (!waiting.size) setTimeout(() => ask().catch(() => {})); // without an answer the page stays as it was
    waiting.set(story, [...(waiting.get(story) ?? []), this]);
  }
}

async function ask(): Promise<void> {
  const asked = new Map(waiting);
  waiting.clear();
  const stories = [...asked.keys()];
  for (let from = 0; from < stories.length; from += most) {
    const query = new URLSearchParams(stories.slice(from, from + most).map((story) => ["story", story]));
    const { items } = await shared<{ items: { story: string; comments: number }[] }>("counts?" + query);
    for (const { story, comments } of items) for (const one of asked.get(story) ?? []) one.textContent = grouped(comments);
  }
}
