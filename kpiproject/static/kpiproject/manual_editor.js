// Writing a section: figures are completed, a picture goes where the cursor is. Everything works without this.

const MOST = 8;
const text = document.getElementById("id_text");
const picker = document.querySelector("[data-field-picker]");
const search = document.getElementById("field-search");
const list = document.getElementById("field-options");
const told = document.querySelector("[data-field-count]");
const known = JSON.parse(document.getElementById("field-list")?.textContent ?? "[]");

let asker = null; // the input or the text, whichever the list is open for
let active = -1;

function matching(words) {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ name }) => (parts.length && name.startsWith(parts[0]) ? 0 : 1);
  const found = known.filter(({ name, about }) => parts.every((part) => `${name} ${about}`.toLowerCase().includes(part)));
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

function open(from, words) {
  const found = matching(words);
  asker = from;
  list.replaceChildren(...found.map(option));
  told.textContent = found.length ? `${found.length} ${told.dataset.some}` : told.dataset.none;
  list.classList.toggle("is-for-text", from === text);
  list.hidden = !found.length;
  search.setAttribute("aria-expanded", String(from === search && !list.hidden));
  choose(found.length ? 0 : -1);
}

function option({ name, about }, place) {
  const item = document.createElement("li");
  item.id = `field-option-${place}`;
  item.role = "option";
  item.dataset.name = name;
  const code = document.createElement("code");
  code.textContent = name;
  const words = document.createElement("span");
  words.textContent = about;
  item.append(code, words);
  return item;
}

function choose(place) {
  active = place;
  [...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === place)));
  list.children[place]?.scrollIntoView({ block: "nearest" });
  if (place < 0) asker?.removeAttribute("aria-activedescendant");
  else asker?.setAttribute("aria-activedescendant", `field-option-${place}`);
}

function close() {
  list.hidden = true;
  search.setAttribute("aria-expanded", "false");
  asker?.removeAttribute("aria-activedescendant");
  asker = null;
  active = -1;
}

// What stands between two opening braces and the cursor.
const begun = () => text.value.slice(0, text.selectionStart).match(/\{\{[ \t]*([^{}\n]*)$/);

function put(name) {
  const match = asker === text ? begun() : null;
  const start = match ? text.selectionStart - match[0].length : text.selectionStart;
  const end = text.value.slice(text.selectionEnd).match(/^[ \t]*\}\}/);
  text.focus();
  text.setRangeText(`{{ ${name} }}`, start, text.selectionEnd + (match && end ? end[0].length : 0), "end");
  search.value = "";
  close();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function pressed(event) {
  if (list.hidden || asker !== event.currentTarget || event.isComposing) return;
  const count = list.children.length;
  const moves = { ArrowDown: (active + 1) % count, ArrowUp: (active - 1 + count) % count };
  if (event.key in moves) choose(moves[event.key]);
  else if (event.key === "Enter" && active >= 0) put(list.children[active].dataset.name);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

if (text && picker && known.length) {
  picker.hidden = false;
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", "field-options");
  for (const field of [search, text]) {
    field.addEventListener("keydown", pressed);
    field.addEventListener("blur", close);
  }
  search.addEventListener("input", () => open(search, search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) { open(search, search.value); event.preventDefault(); }
    // Enter in this field must not send the form.
    else if (event.key === "Enter") event.preventDefault();
  });
  text.addEventListener("input", (event) => {
    const match = event.isTrusted ? begun() : null;
    if (match) open(text, match[1]);
    else if (asker === text) close();
  });
  // Before the field loses the focus, which closes the list.
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) put(item.dataset.name);
    event.preventDefault();
  });
}

const cursor = document.getElementById("id_cursor");
// Until somebody has been in the text, the place is the one of the page before, which was sent with a file that was refused.
let wasInText = false;
if (text && cursor) {
  text.addEventListener("focus", () => { wasInText = true; });
  text.form.addEventListener("submit", () => { if (wasInText) cursor.value = text.selectionStart; });
}
