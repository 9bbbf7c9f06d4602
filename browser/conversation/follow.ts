import type { Kit, Problem } from "./kit";
import type { session as Session } from "./session";
import type { signIn as SignIn } from "./signin";
import type { Me } from "./types";

/** `<parley-follow kind="reader|thread|story" target="ID" story="ID">`: a follow button over the link that does
 * the same without a script. `story` is where a thread stands, or the story itself. */
export const follow = ({ call, el }: Kit, session: typeof Session, signIn: typeof SignIn): CustomElementConstructor => {
  return class ParleyFollow extends HTMLElement {
    #life: AbortController | null = null;

    connectedCallback(): void {
      this.#life = new AbortController();
      const { kind = "reader", target = "" } = Object.fromEntries(["kind", "target"].map((name) => [name, this.getAttribute(name) ?? undefined]));
      const path = `${{ reader: "readers", thread: "threads", story: "stories" }[kind]}/${target}`;
      const story = this.getAttribute("story") ?? (kind === "story" ? target : "");
      const link = this.querySelector("a");
      const name = this.getAttribute("name") ?? "";
      const button = el("button", { type: "button", className: "btn q" });
      let on = false;
      const show = (following: boolean) => {
        on = following;
        button.ariaPressed = String(on);
        button.textContent = on ? "Following" : link?.textContent || `Follow ${name}`;
      };
      const heard = async ({ reader, marks }: Me) => {
        this.hidden = kind === "reader" && reader?.id === target;
        if (kind !== "reader") show(kind === "thread" ? !!marks?.threads.includes(target) : !!marks?.story);
        else show(!!reader && (await call<{ following: boolean }>("GET", path)).following);
      };
      button.onclick = async () => {
        try {
          if (!session.reader && !(await signIn(this, "sign-in"))) return;
          show((await call<{ following: boolean }>(on ? "DELETE" : "PUT", path + "/follow")).following);
          this.dispatchEvent(new CustomEvent("parley:follow", { detail: { kind, on }, bubbles: true, composed: true }));
        } catch (problem) {
          button.title = button.textContent = (problem as Problem).message;
        }
      };
      show(false);
      this.replaceChildren(button);
      session.join({ ...(story && { story: () => story }), heard }, this.#life.signal);
    }

    disconnectedCallback(): void {
      this.#life?.abort();
    }
  };
};
