// Runs before the page is drawn: leaves the room that a signed-in reader's header and composer will take, where
// this browser last knew of one (session.ts keeps that). The server's answer comes later and decides.
try {
  if (localStorage.getItem("parley:reader")) document.documentElement.classList.add("known");
} catch {
  // the browser keeps nothing
}
export {};
