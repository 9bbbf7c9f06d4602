import { ParleyAccount } from "./header";
import { ParleyConversation } from "./conversation";
import { ParleyCount } from "./counts";
import { ParleyFollow } from "./follow";

// A page may carry the script twice, from two publishers' snippets.
for (const [name, element] of Object.entries({
  "parley-conversation": ParleyConversation,
  "parley-account": ParleyAccount,
  "parley-count": ParleyCount,
  "parley-follow": ParleyFollow,
}))
  if (!customElements.get(name)) customElements.define(name, element);
