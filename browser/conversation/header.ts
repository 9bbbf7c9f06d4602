import type { Kit } from "./kit";
import type { session as Session } from "./session";
import type { signIn as SignIn, Way } from "./signin";
import type { Me } from "./types";

/** `<parley-account>`: who is signed in, in the header of the forum's own pages. It comes with links to
 * register and to sign in, which stay for those who are not. */
export const account = ({ base, el }: Kit, session: typeof Session, signIn: typeof SignIn): CustomElementConstructor => {
  return class ParleyAccount extends HTMLElement {
    #life: AbortController | null = null;
    #links: Node[] = [];

    connectedCallback(): void {
      this.#life = new AbortController();
      const { signal } = this.#life;
      if (!this.#links.length) this.#links = [...this.childNodes];
      this.addEventListener("click", this, { signal });
      session.join({ heard: (me) => this.#show(me) }, signal);
    }

    disconnectedCallback(): void {
      this.#life?.abort();
    }

    handleEvent(event: MouseEvent): void {
      const target = (event.target as Element).closest<HTMLElement>("a,button");
      if (!target || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const way = /\/account\/(register|sign-in)$/.exec((target as HTMLAnchorElement).href ?? "")?.[1] as Way | undefined;
      if (way) {
        event.preventDefault();
        void signIn(document.body, way).then((done) => done && this.#enter());
      } else if (target.dataset.act === "sign-out") void session.signOut();
    }

    /** Gives the focus to who has just signed in, unless they have gone on meanwhile. */
    #enter(): void {
      const at = document.activeElement;
      if (!at || at === document.body || this.contains(at)) this.querySelector("a")?.focus();
    }

    #show({ reader, unread }: Me): void {
      document.documentElement.classList.toggle("known", !!reader); // what early.ts guessed
      if (!reader) return this.replaceChildren(...this.#links);
      const link = (path: string, text: string, ...more: Node[]) => el("a", { href: base() + path }, text, ...more);
      this.replaceChildren(
        link("/following", "Following"),
        link("/notices", "Notices", ...(unread ? [document.createTextNode(" "), el("b", { "data-unread": "" }, String(unread))] : [])),
        link("/account", reader.name),
        el("button", { type: "button", className: "link", "data-act": "sign-out" }, "Sign out"),
      );
    }
  };
};
