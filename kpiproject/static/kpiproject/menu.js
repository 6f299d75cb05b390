// Menus are <details> and work without this; it closes an open one on Escape and on a click elsewhere.
const openMenus = () => document.querySelectorAll(".site-menu[open], .user-menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
