// Draws every chart of a page in place of the drawing that came with it. Without this script the drawing stays.
// The policy of the page allows neither evaluation of text nor styles in elements: hence the options.
const options = {
  actions: false,
  ast: true,
  defaultStyle: false,
  renderer: "svg",
  tooltip: { disableDefaultStyle: true },
};

async function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  const drawn = document.createElement("div");
  drawn.className = "chart-drawn chart-waiting";
  place.append(drawn);
  try {
    await window.vegaEmbed(drawn, JSON.parse(source.textContent), options);
    place.replaceChildren(drawn);
    place.removeAttribute("tabindex");  // nothing to scroll any more: it fits
  } catch (error) {
    drawn.remove();
    console.error(error);
  }
  drawn.classList.remove("chart-waiting");
}

if (window.vegaEmbed) {
  document.querySelectorAll("[data-chart]").forEach(draw);
}
