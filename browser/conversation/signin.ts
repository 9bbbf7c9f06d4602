import { foreign, kit } from "./kit";
import { session } from "./session";

/** Which of the two the reader asked for. */
export type Way = "register" | "sign-in";

/** Lets the reader register or sign in: in a dialog on the forum's own origin, in a window of the forum's
 * elsewhere, where the page's scripts must not see a password. `near` is where the dialog is put; the dialog
 * thanks who has registered unless the caller does (`thanked`), the window always. The window
 * opens before anything is awaited, since browsers allow it only within the click. Gives whether somebody is
 * signed in afterwards. */
export function signIn(near: HTMLElement, way: Way, thanked = false): Promise<boolean> {
  if (!foreign()) return import("./account").then((part) => part.default(kit, session, near, way, thanked));
  const popup = open("about:blank", "parley-login", "popup,width=480,height=720");
  return import("./popup").then(
    (part) => part.default(kit, session, near, way, popup),
    (problem) => {
      popup?.close();
      throw problem;
    },
  );
}
