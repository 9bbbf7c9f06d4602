import { equal, test } from "../testing/check";
import { endFor, indexAmong, owner, type Placed } from "./place";

/** A tiny page: which lists hold which comments, in order. */
class Tree {
  lists: Record<string, string[]> = { "": [] };
  at: Record<string, { parent: string; level: number }> = {};
  partial = new Set<string>();

  put(id: string, parent = "", thread = id): string | null {
    const comment: Placed = { id, parent, thread };
    const under = parent ? owner(comment, (one) => this.at[one], (one) => this.partial.has(one)) : "";
    if (under === null) return null;
    const list = (this.lists[under] ??= []);
    list.splice(indexAmong(list, id), 0, id);
    this.at[id] = { parent, level: under ? Math.min(3, this.at[under]!.level + 1) : 1 };
    return under;
  }
}

test("replies stand under what they answer, three levels deep", () => {
  const tree = new Tree();
  tree.put("1");
  equal(tree.put("2", "1", "1"), "1");
  equal(tree.put("3", "2", "1"), "2");
  equal(tree.put("4", "3", "1"), "2", "a fourth level stands in the list of the third");
  equal(tree.put("5", "4", "1"), "2", "and so does a fifth");
  equal(tree.lists, { "": ["1"], "1": ["2"], "2": ["3", "4", "5"] });
});

test("written order holds in whatever order they arrive", () => {
  const tree = new Tree();
  tree.put("1");
  tree.put("9", "1", "1");
  tree.put("10", "1", "1");
  tree.put("4", "1", "1");
  equal(tree.lists["1"], ["4", "9", "10"]);
});

test("a reply in a thread that is not shown has no place", () => {
  equal(new Tree().put("2", "1", "1"), null);
});

test("a reply whose parent waits behind Show more replies waits too", () => {
  const tree = new Tree();
  tree.put("1");
  tree.partial.add("1");
  equal(tree.put("8", "7", "1"), null);
  equal(tree.put("9", "1", "1"), "1", "the thread itself is shown");
});

test("a reply whose parent is nowhere stands at the end of the thread", () => {
  const tree = new Tree();
  tree.put("1");
  tree.put("2", "1", "1");
  equal(tree.put("8", "7", "1"), "1");
  equal(tree.lists["1"], ["2", "8"]);
  equal(tree.put("9", "8", "1"), "8");
});

test("one sibling out of order does not hold the others up", () => {
  equal(indexAmong(["5", "3", "9"], "7"), 2);
  equal(indexAmong([], "7"), 0);
  equal(indexAmong(["100"], "99"), 0);
});

test("a new thread goes on top, except at the true end of oldest first", () => {
  equal([endFor("newest", true), endFor("oldest", true), endFor("oldest", false), endFor("recommended", false)], ["top", "top", "end", "top"]);
});
