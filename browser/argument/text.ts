import { fold } from "./fold";

/** What is not the article's text: pictures with their words, asides, controls, what is not shown, what is ours. */
const apart = "figure,figcaption,aside,nav,form,button,select,textarea,script,style,noscript,template,iframe,object,audio,video,canvas,svg,[hidden],[data-parley-skip]";
/** Elements whose edges part words, as a space does. */
const parting = /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|BR|CAPTION|D[DLT]|DETAILS|DIV|FIGCAPTION|FIGURE|FOOTER|FORM|H\d|HEADER|HR|IFRAME|IMG|LI|MAIN|NAV|OL|P|PRE|SECTION|SUMMARY|T[ABDFHR]\w*|UL)$/;

/** A paragraph, heading, list item: text between two edges, from start to end (code points). */
export interface Block {
  node: Element;
  start: number;
  end: number;
}

/** The text of an article as it stands on the page, normalised, with the way back to the page. Positions are code
 * points. It reads the page once: after a change a new one is read. */
export class PageText {
  readonly chars: string[];
  readonly blocks: Block[] = [];
  /** What of the page it was read from, and where each begins in that. */
  readonly pieces: { node: Text; at: number }[] = [];
  #from: number[];
  #to: number[];

  constructor(readonly root: Element) {
    let raw = "";
    const edges = [{ node: root, at: 0 }];
    const read = (parent: Element, block: Element) => {
      for (const child of parent.childNodes) {
        if (child.nodeType === 3) {
          this.pieces.push({ node: child as Text, at: raw.length });
          raw += (child as Text).data;
        } else if (child.nodeType === 1) {
          const node = child as Element;
          const parts = parting.test(node.tagName);
          const shown = !node.matches(apart) && !node.tagName.startsWith("PARLEY-") && node.checkVisibility?.() !== false;
          if (parts) edges.push({ node, at: (raw += " ").length });
          if (shown) read(node, parts ? node : block);
          if (parts) edges.push({ node: block, at: (raw += " ").length });
        }
      }
    };
    read(root, root);
    const { chars, from, to } = fold(raw);
    this.chars = chars;
    this.#from = from;
    this.#to = to;
    edges.forEach(({ node, at }, i) => {
      const words = this.trim(this.first(at), this.first((edges[i + 1]?.at ?? raw.length + 1) - 1));
      if (words) this.blocks.push({ node, ...words });
    });
  }

  slice(start: number, end: number): string {
    return this.chars.slice(Math.max(0, start), Math.max(0, end)).join("");
  }

  /** Gives the block that a position is in. */
  block(at: number): Block | undefined {
    return this.blocks.findLast((one) => one.start <= at);
  }

  /** Gives the piece of the page from start to end. */
  range(start: number, end: number): Range {
    const range = document.createRange();
    const put = (at: number, edge: number) => {
      const { node, at: begin } = this.pieces[lowest(this.pieces, (one) => one.at + edge > at) - 1] ?? this.pieces[0]!;
      return [node, Math.min(node.length, at - begin)] as const;
    };
    range.setStart(...put(this.#from[start]!, 0));
    range.setEnd(...put(this.#to[end - 1]!, 1));
    return range;
  }

  /** Leaves out the spaces at the ends; null when nothing is left. */
  trim(start: number, end: number): { start: number; end: number } | null {
    while (start < end && this.chars[start] === " ") start++;
    while (start < end && this.chars[end - 1] === " ") end--;
    return start < end ? { start, end } : null;
  }

  /** Gives the first character that comes from the unit at `at` or a later one. */
  first(at: number): number {
    return lowest(this.#from, (from) => from >= at);
  }
}

/** Gives the index of the first of `all`, which are in order, that passes; their number when none does. */
function lowest<T>(all: T[], passes: (one: T) => boolean): number {
  let low = 0;
  for (let high = all.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (passes(all[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
