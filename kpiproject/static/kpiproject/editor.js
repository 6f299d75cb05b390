// The strip of scores follows the thresholds while they are chosen; everything works without this.
const middle = document.getElementById("id_middle_from");
const good = document.getElementById("id_good_from");
const scores = [...document.querySelectorAll(".strip-score")];

function repaint() {
  const order = [...good.options].map((option) => option.value);
  const from = [order.indexOf(middle.value), order.indexOf(good.value)];
  if (from[0] > from[1] || from[0] < 1) return;
  const names = scores.reduce((found, score) => ({ ...found, [toneOf(score)]: nameOf(score) }), known);
  for (const score of scores) {
    const place = order.indexOf(score.dataset.score);
    const tone = place >= from[1] ? "good" : place >= from[0] ? "warn" : "bad";
    score.className = `strip-score strip-${tone}`;
    score.querySelector(".strip-name").textContent = names[tone];
  }
}

const toneOf = (score) => score.className.match(/strip-(good|warn|bad)/)?.[1];
const nameOf = (score) => score.querySelector(".strip-name").textContent;
const known = { warn: labelOf(middle), good: labelOf(good) };

function labelOf(field) {
  return field ? document.querySelector(`label[for="${field.id}"]`).textContent.trim().toLowerCase() : "";
}

if (middle && good && !middle.disabled && scores.some((score) => toneOf(score) === "bad")) {
  for (const field of [middle, good]) field.addEventListener("change", repaint);
}
