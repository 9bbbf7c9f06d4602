// The elements of the forum's own pages. Pages of others do without, so they come in a file of their own; what they
// use of the first script they are given, since importing it would split that one.

import { follow } from "./follow";
import { account } from "./header";
import type { Kit } from "./kit";
import type { session as Session } from "./session";
import type { signIn as SignIn } from "./signin";

/** Gives the elements by their names. */
export default function own(kit: Kit, session: typeof Session, signIn: typeof SignIn): Record<string, CustomElementConstructor> {
  return { "parley-account": account(kit, session, signIn), "parley-follow": follow(kit, session, signIn) };
}
