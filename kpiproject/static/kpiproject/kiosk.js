// A kiosk begins anew by itself: some seconds after the thanks, and when a form is left alone. Without this script it does
// so too, by the clock alone. Nothing of one person is left for the next: no history, nothing stored.
const { home, seconds, untouched } = document.currentScript.dataset;
const form = document.getElementById("form");
const warning = document.getElementById("still-there");
const WARNED_SECONDS = 15;
let isTouched = false;
let ends = 0;

function wait(time) {
  ends = Date.now() + time * 1000;
  if (warning) warning.hidden = true;
}

// Only if the page can be had; otherwise people would stand before the browser's error page.
async function begin() {
  isTouched = false;
  wait(untouched);
  try { sessionStorage.clear(); } catch { /* then nothing is stored */ }
  try {
    const answer = await fetch(home, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.status < 500) location.replace(home);
    else form?.reset();
  } catch {
    form?.reset();
  }
}

setInterval(() => {
  const left = (ends - Date.now()) / 1000;
  if (left <= 0) begin();
  else if (warning && isTouched) warning.hidden = left > WARNED_SECONDS;
}, 500);

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, (event) => {
    if (!event.isTrusted) return;
    isTouched = true;
    wait(seconds);
  }, { passive: true });
}
wait(form ? untouched : seconds);

// Whoever changes the language stays the same person: the form keeps its name.
for (const link of document.querySelectorAll("a[hreflang]")) {
  const address = new URL(link.href);
  const key = form?.elements.form_key?.value;
  if (key) address.searchParams.set("form", key);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(address);
  });
}

// The way back leads to an empty form: an address that names this one is forgotten.
history.replaceState(null, "", home);
addEventListener("pageshow", (event) => { if (event.persisted) location.replace(home); });
