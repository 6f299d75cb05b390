{% autoescape off %}// Plumbline's widget. It sets no cookie, and speaks with its own frame only.
(() => {
  const script = document.currentScript;
  const { survey, place, lang = document.documentElement.lang } = script.dataset;
  const home = new URL(script.src).origin;
  const words = {{ words }};
  const [title, close] = words[lang.slice(0, 2)] || words.en;
  const note = `plumbline-${survey}`;
  try {
    if (sessionStorage.getItem(note)) return;
  } catch {}

  const box = document.createElement("div");
  const frame = document.createElement("iframe");
  const button = document.createElement("button");
  frame.src = `${home}/w/${survey}/?lang=${encodeURIComponent(lang)}`;
  frame.title = title;
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  box.style.cssText =
    "max-width:28rem;height:1px;visibility:hidden;" +
    (place === "corner"
      ? "position:fixed;inset:auto 16px 16px auto;width:calc(100vw - 32px);max-height:calc(100vh - 32px);z-index:9999"
      : "position:relative");
  frame.style.cssText = "display:block;box-sizing:border-box;width:100%;height:100%;border:1px solid #7d8999;border-radius:10px";
  button.type = "button";
  button.ariaLabel = close;
  button.textContent = "×";
  button.style.cssText =
    "position:absolute;top:5px;width:44px;height:44px;padding:0;border:0;border-radius:50%;background:#e8ebef;color:#18212c;font:24px/44px sans-serif;cursor:pointer";
  button.onclick = () => {
    box.remove();
    try {
      sessionStorage.setItem(note, 1);
    } catch {}
  };

  // Nothing is shown until the frame has said how high it is: where it may not be shown, there is no hole.
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== home || source !== frame.contentWindow || !(data?.height > 0)) return;
    box.style.height = `${Math.min(data.height + 2, 4000)}px`;
    box.style.visibility = "";
    button.style[data.dir === "rtl" ? "left" : "right"] = "5px";
  });
  frame.onload = () => frame.contentWindow.postMessage("plumbline", home);
  box.append(button, frame);
  script.after(box);
})();
{% endautoescape %}
