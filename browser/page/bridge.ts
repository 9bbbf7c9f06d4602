// The hidden frame on the forum's origin. Tabs of different origins cannot hear each other, their frames can:
// what one page says, its frame repeats to the others, and they to theirs. Only origins that the server has
// written into the page (data-origins on <html>, parted by spaces) are heard or told.
const origins = (document.documentElement.dataset.origins ?? "").split(" ").filter(Boolean);
const channel = new BroadcastChannel("parley");
let page = "";

addEventListener("message", (event) => {
  if (event.source !== parent || !origins.includes(event.origin)) return;
  page = event.origin;
  if (event.data?.parley === "session") channel.postMessage({ type: "session" });
});

channel.onmessage = ({ data }) => {
  if (page && data?.type === "session") parent.postMessage({ parley: "session" }, page);
};
export {};
