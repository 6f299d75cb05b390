// Two comforts of the manual; everything works without them.

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
