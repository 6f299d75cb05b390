// Two comforts of the ways in; everything works without them: addresses are copied, and sheets printed, by one press.
for (const field of document.querySelectorAll("[data-copy]")) field.addEventListener("focus", () => field.select());
for (const button of document.querySelectorAll("[data-copy-from]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyFrom).value);
    button.textContent = button.dataset.copied;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
