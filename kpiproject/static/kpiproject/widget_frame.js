// Tells the page around the widget how high it is: only pages that may show it, and only when they ask.
const allowed = document.currentScript.dataset.origins.split(" ");
addEventListener("message", ({ origin, source, data }) => {
  if (source !== parent || data !== "plumbline" || !allowed.includes(origin)) return;
  const root = document.documentElement;
  const tell = () => parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().height), dir: root.dir }, origin);
  tell(); // a frame that is still hidden is not drawn, so nothing would be observed
  new ResizeObserver(tell).observe(document.body);
});
