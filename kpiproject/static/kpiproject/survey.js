// The light script of the pages that respondents see. Everything works without it. It saves the score as soon as a person
// has chosen it, shows the further questions that belong to it, and keeps what was typed when the language is changed.
(() => {
const form = document.getElementById("form");
if (!form) return;
const status = document.getElementById("saved");
const store = `plumbline ${location.pathname}`;
const score = () => form.querySelector("[name=score]:checked");
let running = null;
let saved = null;
let timer = 0;

// Fieldsets that depend on the score or on an earlier reply; those that are switched off are not sent.
function branch() {
  const chosen = score();
  for (const part of form.querySelectorAll("[data-branch]")) {
    const { standings, parent, options } = part.dataset;
    const values = [...form.querySelectorAll(`[name=${parent}]:checked:enabled`)].map(one => one.value);
    const on = (!standings || (chosen && standings.split(" ").includes(chosen.dataset.standing)))
      && (!parent || options.split(" ").some(one => values.includes(one)));
    part.hidden = part.disabled = !on;
  }
}

// Only the score is sent, so that nothing is said about the comment. One after the other, or an older one could win.
function save() {
  clearTimeout(timer);
  const chosen = score();
  if (!form.dataset.saved || !chosen || chosen.value === saved) return;
  const body = new URLSearchParams({ score: chosen.value });
  for (const name of ["lang", "form_key"]) {
    const field = form.elements[name];
    if (field) body.set(name, field.value);
  }
  const before = running;
  const mine = (before || Promise.resolve())
    .then(() => fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "omit", keepalive: true, signal: AbortSignal.timeout(8000) }))
    .then(answer => {
      if (!answer.ok && answer.type !== "opaqueredirect") return;
      saved = chosen.value;
      status.textContent = form.dataset.saved;
    })
    .catch(() => {})
    .finally(() => { if (running === mine) running = null; });
  running = mine;
}

// Scanners run scripts too, but only a person makes events that the browser trusts. A pointer means what it touches;
// the arrow keys pass by other scores first, so those have to rest.
form.addEventListener("click", event => {
  if (!event.isTrusted || event.target.name !== "score") return;
  clearTimeout(timer);
  if (event.detail) save();
  else timer = setTimeout(save, 1500);
});
form.addEventListener("keydown", event => {
  if (event.isTrusted && event.target.id === "comment") save();
});
form.addEventListener("change", branch);
form.addEventListener("submit", event => {
  clearTimeout(timer);
  if (!running) return;
  event.preventDefault();
  running.finally(() => form.requestSubmit());
});

// With the key of the form, so that it stays the same answer; the next page takes it out at once, and a kiosk clears it.
const dropped = ["lang", "asked"];
for (const link of document.querySelectorAll("a[hreflang]")) {
  link.addEventListener("click", () => {
    const fields = [...new FormData(form)].filter(([name]) => !dropped.includes(name));
    try { sessionStorage.setItem(store, JSON.stringify(fields)); } catch { /* then it has to be typed again */ }
  });
}
try {
  for (const [name, value] of JSON.parse(sessionStorage.getItem(store)) || []) {
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (!["radio", "checkbox"].includes(field.type)) field.value = value;
      else if (field.value === value) field.checked = true;
    }
  }
  sessionStorage.removeItem(store);
} catch { /* nothing was kept */ }

branch();
const errors = document.getElementById("errors");
if (errors) errors.focus();
})();
