// What every part of the page shares: where the forum is, how to ask it, how to make elements.
// Parts that are loaded on need get these through the room; importing them would split this file off.

import { backoff } from "./backoff";
import { compareIDs } from "./id";
import { complete } from "./item";

let home = new URL(".", import.meta.url).href.slice(0, -1);

/** Gives the forum's address without a slash at its end: the folder this script came from, or what an
 * element's `base` attribute said. */
export const base = (): string => home;

/** Sets the forum's address, for pages that serve the script from elsewhere. */
export function setBase(url: string): void {
  home = new URL(url, location.href).href.replace(/\/$/, "");
}

/** Tells whether the forum is another origin than the page. */
export const foreign = (): boolean => new URL(home).origin !== location.origin;

/** A refusal of the server (RFC 9457), or, with status 0, no answer at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly field = "",
    /** Seconds until trying again may help; 0 says nothing. */
    readonly retryAfter = 0,
  ) {
    super(detail);
  }
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(home + url, init);
  } catch {
    throw new Problem(0, "offline", "The forum cannot be reached.");
  }
  if (answer.ok) return answer;
  const p = await answer.json().catch(() => ({}));
  throw new Problem(
    answer.status,
    p.code ?? "",
    p.detail ?? "That did not work. Please try again.",
    p.field,
    p.retry_after ?? (Number(answer.headers.get("Retry-After")) || 0),
  );
}

/** Calls the JSON API as this browser's reader. Throws a Problem. */
export async function call<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
  const writes = method !== "GET";
  const answer = await ask("/api/v1/" + path, {
    method,
    credentials: "include",
    headers: writes ? { "Content-Type": "application/json", ...headers } : {},
    ...(writes && { body: JSON.stringify(body ?? {}) }),
  });
  return answer.status === 204 ? (undefined as T) : answer.json();
}

/** How to ask for what is the same for everybody, so without credentials: on another origin than the forum's in the
 * words that a page's own `<link rel="preload" crossorigin>` uses, so that what it brought is taken. */
const anybody = (): RequestInit => ({ credentials: foreign() ? "same-origin" : "omit" });

/** Fetches what is the same for everybody. Throws a Problem. */
export const get = (path: string): Promise<Response> => ask(path, anybody());

/** Reads JSON that is the same for everybody. Throws a Problem. */
export const shared = async <T>(path: string): Promise<T> => (await get("/api/v1/" + path)).json();

/** Fetches HTML that is the same for everybody. Throws a Problem. */
export async function html(path: string): Promise<{ part: DocumentFragment; headers: Headers }> {
  const answer = await get(path);
  return { part: parse(await answer.text()), headers: answer.headers };
}

const policy = (() => {
  try {
    return (window as any).trustedTypes?.createPolicy("parley", { createHTML: (s: string) => s });
  } catch {
    return undefined; // the page forbids it; assigning then fails, and the load says so
  }
})();

/** Parses HTML that the forum rendered. A declarative shadow root in it stays a template. */
export function parse(text: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = policy?.createHTML(text) ?? text;
  complete(template.content);
  return template.content;
}

/** Waits until what the page shows has been drawn; out of sight nothing is. */
export const drawn = (): Promise<unknown> => new Promise((done) => (document.hidden ? setTimeout(done) : requestAnimationFrame(() => setTimeout(done))));

/** Calls what can wait once the page has nothing else to do. */
export const idle = (act: () => unknown): void => void (window.requestIdleCallback ?? setTimeout)(act as () => void, { timeout: 2_000 } as IdleRequestOptions & number);

type Child = Node | string | null | undefined | false;

/** Makes an element. A member of `props` that the element has as a property is set as one, others become
 * attributes; false, null and undefined leave it out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Record<string, unknown> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value == null) continue;
    if (name in node) (node as any)[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child): child is Node | string => !!child));
  return node;
}

/** Makes a button whose click the room's delegation answers with the act of that name. */
export const button = (act: string, text: string, className = "btn q"): HTMLButtonElement =>
  el("button", { type: "button", className, "data-act": act }, text);

/** Writes a whole number as the page does: "2,041". */
export const grouped = (n: number): string => n.toLocaleString("en");

/** Says how many: "1 comment", "2,041 comments". */
export const count = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;

/** What somebody is told who has just registered: the thanks, and what comes next. */
export const thanks = (name: string): [string, string] => [
  `Thank you for registering, ${name}.`,
  "You are signed in. A mail is on its way: its link confirms your account, which until then is gone when you close this browser or sign out.",
];

/** All of it in one value, for the parts that are loaded on need. */
export const kit = { base, call, shared, html, parse, el, button, grouped, count, thanks, compareIDs, backoff };
export type Kit = typeof kit;
