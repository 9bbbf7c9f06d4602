import type { PageText } from "./text";

/** Gives which part of the article's text a piece of the page holds, without the spaces at its ends; null when none. */
export function held(text: PageText, range: Range): { start: number; end: number } | null {
  const first = text.pieces.find(({ node }) => range.comparePoint(node, node.length) >= 0);
  const last = text.pieces.findLast(({ node }) => range.comparePoint(node, 0) <= 0);
  if (!first || !last) return null;
  const start = text.first(first.at + (first.node === range.startContainer ? range.startOffset : 0));
  return text.trim(start, text.first(last.at + (last.node === range.endContainer ? range.endOffset : last.node.length)));
}
