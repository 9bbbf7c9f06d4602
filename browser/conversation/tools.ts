import type { Room } from "./room";

/** Fills the line beside the heading: follow the story, who is signed in and, where the page has no header of
 * the forum's, the way to the notices and out. */
export function tools(room: Room): void {
  const { me, kit } = room;
  const { el, button } = kit;
  const line = room.one("[data-tools]");
  if (!line) return;
  if (!me.reader) return line.replaceChildren();
  const on = !!me.marks?.story;
  const follow = button("follow-story", on ? "Following" : "Follow", "link");
  follow.ariaPressed = String(on);
  follow.prepend(sign("bell"));
  const link = (path: string, text: string) => el("a", { className: "link", href: kit.base() + path }, text);
  const letters = [...me.reader.name];
  const name = letters.length > 15 ? letters.slice(0, 14).join("") + "…" : me.reader.name; // the line is not to wrap
  const header = document.querySelector("parley-account");
  const rest = header ? [] : [
    link("/notices", me.unread ? `Notices ${me.unread}` : "Notices"),
    link("/account", name),
    button("sign-out", "Sign out", "link"),
  ];
  const focused = (line.getRootNode() as Document).activeElement?.getAttribute("data-act");
  line.replaceChildren(follow, ...(header ? [el("span", {}, name)] : rest));
  if (focused) line.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();

  room.acts["sign-out"] = () => room.session.signOut();
  room.acts["follow-story"] = async () => {
    const { following } = await room.write<{ following: boolean }>(on ? "DELETE" : "PUT", `stories/${await room.settle()}/follow`);
    if (room.me.marks) room.me.marks.story = following;
    tools(room);
    room.say(following ? "You follow this conversation." : "You no longer follow this conversation.");
    room.emit("follow", { kind: "story", on: following });
  };
}

/** Draws one of the signs that came with the conversation. */
function sign(name: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}
