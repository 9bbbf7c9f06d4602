import { equal, test } from "../testing/check";
import { cut } from "./cut";

const thread = (id: number) => `<li id="c-${id}" class="t" data-level="1"><p>${id}</p><ol>\n<li id="c-${id}0" data-level="2"></li>\n</ol></li>\n`;
const page = (threads: number) => `<h2>Head</h2><ol>\n${Array.from({ length: threads }, (_, i) => thread(i + 1)).join("")}</ol>\n<nav class="pager"></nav>`;

test("the first thread stands within what stands around it, the others follow", () => {
  const [first, rest] = cut(page(5));
  equal(first, page(1));
  equal(rest, [2, 3, 4, 5].map(thread));
});

test("a marked thread is one", () => {
  const marked = page(3).replace('id="c-3" class="t"', 'id="c-3" class="t target"');
  equal(cut(marked)[1].length, 2);
});

test("few threads, and HTML of another kind, stay whole", () => {
  for (const html of [page(0), page(1), "", "<p>Something else</p>"]) equal(cut(html), [html, []]);
});

test("nothing is lost and nothing doubled", () => {
  for (let n = 0; n < 30; n++) {
    const [first, rest] = cut(page(n));
    equal(first.replace("</ol>\n<nav", rest.join("") + "</ol>\n<nav"), page(n));
  }
});
