import { equal, test } from "../testing/check";
import { Drafts, draftName, type Shelf } from "./draft";

class Box implements Shelf {
  held: Record<string, string> = {};
  getItem(name: string): string | null {
    return this.held[name] ?? null;
  }
  setItem(name: string, value: string): void {
    this.held[name] = value;
  }
  removeItem(name: string): void {
    delete this.held[name];
  }
}

let keys = 0;
const open = (shelf: Shelf | null, name = "d") => new Drafts(shelf, name, () => `key-${++keys}`, () => 5);

test("names are the story's and the parent's", () => {
  equal([draftName("7", ""), draftName("7", "9")], ["parley:draft:7:root", "parley:draft:7:9"]);
});

test("text and key survive a reload", () => {
  const box = new Box();
  const first = open(box);
  first.write("Good morning");
  const second = open(box);
  equal([second.text, second.key], ["Good morning", first.key]);
});

test("the key changes with the text and only with it", () => {
  const draft = open(new Box());
  draft.write("one");
  const key = draft.key;
  draft.write("one");
  equal(draft.key, key, "same text");
  draft.write("two");
  equal(draft.key === key, false, "other text");
});

test("a key the server has seen with another text is replaced, the text stays", () => {
  const draft = open(new Box());
  draft.write("one");
  const key = draft.key;
  draft.renewKey();
  equal([draft.text, draft.key === key], ["one", false]);
});

test("what a text is about is kept with it, and makes another comment of it", () => {
  const box = new Box();
  const draft = open(box);
  draft.write("Indeed", { exact: "it rained", start: 4, end: 13 });
  const key = draft.key;
  draft.write("Indeed");
  equal([draft.key === key, draft.about?.exact], [true, "it rained"], "the same");
  equal(open(box).about, { exact: "it rained", start: 4, end: 13 }, "after a reload");
  draft.write("Indeed", null);
  equal([draft.key === key, open(box).about], [false, null], "about the story again");
  box.held["d"] = JSON.stringify({ text: "x", key: "k", about: { exact: 7 } });
  equal(open(box).about, null, "nonsense");
});

test("an empty or blank draft is not kept", () => {
  const box = new Box();
  const draft = open(box);
  draft.write("  \n");
  equal(box.held, {});
  draft.write("word");
  equal(Object.keys(box.held), ["d"]);
  draft.clear();
  equal([box.held, draft.text], [{}, ""]);
});

test("a draft follows its story to its new name", () => {
  const box = new Box();
  const draft = open(box, "parley:draft:https://news.example/a:root");
  draft.write("word");
  draft.rename("parley:draft:7:root");
  equal(Object.keys(box.held), ["parley:draft:7:root"]);
});

test("what is not a draft is passed over", () => {
  for (const junk of ["", "{", "null", "7", '{"text":7,"key":"k"}', '{"text":"t","key":""}', "[]"]) {
    const box = new Box();
    box.held["d"] = junk;
    equal(open(box).text, "", junk);
  }
});

test("a store that refuses costs nothing but the reload", () => {
  const refuse = () => {
    throw new Error("full");
  };
  const draft = open({ getItem: refuse, setItem: refuse, removeItem: refuse });
  draft.write("word");
  equal([draft.text, open(null).text], ["word", ""]);
});
