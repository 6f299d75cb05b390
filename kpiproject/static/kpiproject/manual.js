// Comforts of the manual; everything works without them.

// The contents beside the text show where the reader is, and the headings of that section only.
const contents = document.querySelector(".manual-contents");
const titles = [...document.querySelectorAll(".manual-text .doc-section > h2[id]")];

function follow() {
  const last = titles.filter((title) => title.getBoundingClientRect().top < innerHeight / 3).at(-1) ?? titles[0];
  for (const link of contents.querySelectorAll(".contents-list > li > a")) {
    const isHere = link.hash === `#${last.id}`;
    if (isHere === link.hasAttribute("aria-current")) continue;
    link.toggleAttribute("aria-current", isHere);
    if (isHere) link.setAttribute("aria-current", "true");
    if (isHere && contents.scrollHeight > contents.clientHeight) {
      contents.scrollTop = link.offsetTop - contents.clientHeight / 3;
    }
  }
}

if (contents && titles.length) {
  contents.classList.add("is-following");
  let isWaiting = false;
  document.addEventListener("scroll", () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => { isWaiting = false; follow(); });
  }, { passive: true });
  follow();
}

// The list of contents on a phone closes when somebody has chosen from it; what a link leads to is opened.
const narrow = document.querySelector(".manual-contents-narrow");
narrow?.addEventListener("click", (event) => { if (event.target.closest("a")) narrow.open = false; });
const target = location.hash && document.getElementById(location.hash.slice(1));
if (target?.localName === "details") target.open = true;

// A print shows what is folded away; older browsers need help with that.
addEventListener("beforeprint", () => { for (const folded of document.querySelectorAll(".doc-folded")) folded.open = true; });

// “And today?” of a card opens beneath its figure instead of leading away.
for (const flip of document.querySelectorAll(".card-flip")) {
  flip.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const shown = flip.parentElement.nextElementSibling;
    if (shown?.matches(".card-today")) { shown.remove(); flip.setAttribute("aria-expanded", "false"); return; }
    flip.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(flip.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      flip.parentElement.after(page.querySelector(".card-today"));
      flip.setAttribute("aria-expanded", "true");
    } catch { location.assign(flip.href); }
    flip.removeAttribute("aria-busy");
  });
}

// A link that has been made can be copied with one press.
for (const field of document.querySelectorAll("[data-copy]")) field.addEventListener("focus", () => field.select());
for (const button of document.querySelectorAll("[data-copy-from]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyFrom).value);
    button.textContent = button.dataset.copied;
  });
}
