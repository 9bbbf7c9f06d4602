import type { Kit } from "./kit";
import type { session as Session } from "./session";
import type { Way } from "./signin";

/** How often the page asks while the window is open, and how long at most, in ms. */
const every = 2_000;
const longest = 10 * 60_000;

const encode = (data: Uint8Array): string =>
  btoa(String.fromCharCode(...data)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** Sends the window that the click has opened to the forum's sign-in page, and waits until this browser's
 * session is there. The window's message is only a hint: a page that cuts the tie to its windows
 * (Cross-Origin-Opener-Policy) gets none and cannot see whether the window is closed, so the page also asks by
 * itself. The verifier is redeemed only where the window's own cookie does not reach this page. */
export default async function popup(kit: Kit, session: typeof Session, near: HTMLElement, way: Way, opened: Window | null): Promise<boolean> {
  const verifier = encode(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = crypto.subtle ? encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)))) : "";
  const address = `${kit.base()}/login?${new URLSearchParams({ challenge, return: location.origin, ...(way === "register" && { way }) })}`;
  if (opened) opened.location.href = address;
  const blocked = opened ? null : offer(kit, near, address);
  return new Promise((done) => {
    const life = new AbortController();
    const { signal } = life;
    const started = Date.now();
    let asking = false;
    const ask = async () => {
      if (asking) return;
      asking = true;
      await session.check();
      if (!session.reader && challenge) {
        const redeemed = await kit.call("POST", "session/redeem", { verifier }).catch(() => null);
        if (redeemed) await session.changed();
      }
      asking = false;
      if (session.reader || Date.now() - started > longest) end();
    };
    const end = () => {
      if (signal.aborted) return;
      life.abort();
      clearInterval(timer);
      blocked?.remove();
      if (session.reader) void session.changed();
      done(!!session.reader);
    };
    // A window that is seen closed may be one that this page was cut off from: then coming back to the page tells.
    const timer = setInterval(() => (opened?.closed ? clearInterval(timer) : ask()), every);
    addEventListener("focus", ask, { signal });
    document.addEventListener("visibilitychange", ask, { signal });
    session.join({ heard: () => session.reader && end() }, signal); // another way may be quicker
    addEventListener("message", (event) => event.origin === new URL(kit.base()).origin && event.data?.parley === "signed-in" && ask(), { signal });
  });
}

/** Browsers that open no window for a script open one for a link. */
function offer({ el }: Kit, near: HTMLElement, address: string): HTMLElement {
  const link = el("a", { href: address, target: "_blank", rel: "opener", className: "btn" }, "Open the sign-in page");
  const word = el("div", { className: "notice", role: "alert" }, el("b", {}, "Your browser has blocked the window."), link);
  near.prepend(word);
  link.focus();
  return word;
}
