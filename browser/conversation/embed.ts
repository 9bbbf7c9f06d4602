import { ParleyConversation } from "./conversation";
import { ParleyCount } from "./counts";
import { kit } from "./kit";
import { session } from "./session";
import { signIn } from "./signin";

const define = (elements: Record<string, CustomElementConstructor>): void => {
  // A page may carry the script twice, from two publishers' snippets.
  for (const [name, element] of Object.entries(elements)) if (!customElements.get(name)) customElements.define(name, element);
};

define({ "parley-conversation": ParleyConversation, "parley-count": ParleyCount });
if (document.querySelector("parley-account,parley-follow")) 
  import("./own").then(
    (part) => define(part.default(kit, session, signIn)),
    () => {}, // the links that came with the page work by themselves
  );
