// The sign-in window of pages on other origins. Its forms work by themselves; when the server says that
// somebody is signed in (data-done on any element, data-return with the origin that asked), the window tells
// the page that opened it, and the forum's other tabs, and closes. The message is a hint and carries nothing.
const done = document.querySelector<HTMLElement>("[data-done]");
if (done) {
  new BroadcastChannel("parley").postMessage({ type: "session" });
  const origin = done.dataset.return;
  if (origin) (window.opener as Window | null)?.postMessage({ parley: "signed-in" }, origin);
  setTimeout(() => close(), Number(done.dataset.done) || 0);
}
export {};
