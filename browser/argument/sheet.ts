import type { Room } from "../conversation/room";

/** Brings the style sheet of the argument into a conversation that came without one, since nothing in it was about a
 * passage yet. A panel beside the text stands in a layer that has it. */
export function bringSheet({ root, section, kit }: Room): void {
  if (section.dataset.draft) return;
  const href = kit.base() + "/argument.css";
  const there = (scope: ParentNode) => [...scope.querySelectorAll("link")].some((one) => one.href === href);
  if (!there(root) && !there(document)) root.prepend(kit.el("link", { rel: "stylesheet", href }));
}
