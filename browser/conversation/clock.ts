import { distance } from "./time";

const scopes = new Map<ParentNode, string>();
let timer = 0;

/** Gives the language the element's page is written in. */
export const languageOf = (node: Element): string => node.closest("[lang]")?.getAttribute("lang") || "en";

/** Tells the times within scope and keeps them true, all with one timer, until signal aborts. */
export function keepTime(scope: ParentNode, language: string, signal: AbortSignal): void {
  scopes.set(scope, language);
  tellTimes(scope, language);
  signal.addEventListener("abort", () => scopes.delete(scope));
  timer ||= setInterval(() => scopes.forEach((one, scope) => tellTimes(scope, one)), 60_000);
}

/** What writes times in a language. Making one takes longer than all it writes on a page. */
const writers = new Map<string, [words: Intl.RelativeTimeFormat, full: Intl.DateTimeFormat]>();

function writerOf(language: string) {
  let writer = writers.get(language);
  if (!writer) writers.set(language, (writer = [new Intl.RelativeTimeFormat(language, { numeric: "auto" }), new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" })]));
  return writer;
}

/** Tells the times within scope by their distance from now. The server's date stays where it is more than a week
 * old, and moves to the title. It does nothing before the page keeps time: what writes them takes as long to make as the
 * first comments take to show. */
export function tellTimes(scope: ParentNode, language: string): void {
  if (!scopes.size) return;
  const [words, full] = writerOf(spoken(language));
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
