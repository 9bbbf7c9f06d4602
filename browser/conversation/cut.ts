/** How many threads are shown first: the less there is to draw, the sooner the first comment can be read. */
const first = 1;

/** Takes the HTML of a conversation apart: what is shown first, which is whole in itself, and each thread after that.
 * What people write cannot look like the places where it is cut, for no tag in it keeps its attributes. HTML that has
 * no such places is shown as it is. */
export function cut(html: string): [first: string, rest: string[]] {
  const end = html.lastIndexOf('</ol>\n<nav class="pager"');
  if (end < 0) return [html, []];
  const rest = html.slice(0, end).split(/(?=<li id="c-\d+" class="t[ "])/);
  return [rest.splice(0, 1 + first).join("") + html.slice(end), rest];
}
