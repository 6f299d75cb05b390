// The checks of a goal follow what is written; without this they are shown whenever it is saved.
const panel = document.getElementById("smart-checks");
const form = panel.closest("form");
const live = panel.querySelector("[data-live]");
const PAUSE = 600;
let waiting = 0;
let running = null;

async function look() {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(panel.dataset.address, { method: "POST", body: new FormData(form), signal: running.signal });
    if (!answer.ok || answer.redirected) return;
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    // Offline, or overtaken by the next one: what was shown stays, and saving shows the checks.
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
  }
}

function show(page) {
  const summary = page.querySelector("[data-summary]");
  const checks = page.querySelector("[data-checks]");
  if (!summary || !checks) return;
  panel.querySelectorAll("[data-checks], :scope > [data-summary]").forEach((old) => old.remove());
  // Only what has changed is read aloud.
  if (live.textContent !== summary.textContent) live.replaceChildren(summary);
  panel.append(checks);
}

function later(event) {
  if (event.target.closest("#smart-checks")) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
}

form.addEventListener("input", later);
form.addEventListener("change", later);
if (document.getElementById("id_kpi")?.value) look();
