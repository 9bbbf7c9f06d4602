/** Fills in what the HTML of comments leaves out because it stands there in another place: the id that the `li` goes by,
 * whom it answers where that is the comment it hangs under, its author, and what its article is called. */
export function complete(scope: ParentNode): void {
  for (const li of scope.querySelectorAll<HTMLElement>("li[id^=c-]")) {
    const { dataset } = li;
    const article = li.querySelector(":scope>article")!;
    const name = article.querySelector<HTMLAnchorElement>("[data-reader]");
    dataset.id ||= li.id.slice(2);
    dataset.parent ||= li.parentElement?.closest("li")?.dataset.id ?? "";
    if (!name) continue;
    dataset.author ||= /[1-9]\d*$/.exec(name.href)?.[0] ?? "";
    article.ariaLabel = name.parentElement!.textContent;
  }
}
