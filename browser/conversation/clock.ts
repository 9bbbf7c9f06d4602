import { distance } from "./time";

const scopes = new Map<ParentNode, string>();
let timer = 0;

/** Gives the language the element's page is written in. */
export const languageOf = (node: Element): string => node.closest("[lang]")?.getAttribute("lang") || "en";

/** Tells the times within scope by their distance from now and keeps them true, all with one timer, until
 * signal aborts. The server's date stays where it is more than a week old, and moves to the title. */
export function keepTime(scope: ParentNode, language: string, signal: AbortSignal): void {
  tellTimes(scope, language);
  scopes.set(scope, language);
  signal.addEventListener("abort", () => scopes.delete(scope));
  timer ||= setInterval(() => scopes.forEach((one, scope) => tellTimes(scope, one)), 60_000);
}

/** Writes the times within scope once. */
export function tellTimes(scope: ParentNode, language: string): void {
  language = spoken(language);
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  const now = Date.now();
  for (const node of scope.querySelectorAll("time")) {
    const at = Date.parse(node.dateTime);
    if (!at) continue;
    node.title ||= full.format(at);
    node.dataset.date ??= node.textContent ?? "";
    const far = distance(at, now);
    const text = far ? words.format(far.count, far.unit) : node.dataset.date;
    if (node.textContent !== text) node.textContent = text;
  }
}

/** English without a country is written as the forum's own sentences are: 14:32 and 23 November. */
export const spoken = (language: string): string => (language === "en" ? "en-GB" : language);
