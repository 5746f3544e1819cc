"use strict";
// The charts come alive as they near the screen: they take the width of their place, show values under the pointer or
// under the arrow keys, and lead to the row behind a mark. Until then, and without script, the drawing stands as it is.
const told = document.createElement("div");
told.className = "tip";
told.setAttribute("role", "status");
told.hidden = true;
document.body.append(told);
// The mark that the keys have reached; its values stay beside it while the page moves. Those under a pointer go.
let held = null;
function hideTip() { held = null; told.hidden = true; told.replaceChildren(); }
function showTip(value, x, y) {
  held = null;
  const list = document.createElement("dl");
  for (const [name, text] of Object.entries(value)) {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    words.textContent = String(text);
    list.append(term, words);
  }
  told.replaceChildren(list);
  told.hidden = false;
  moveTip(x, y);
}
function moveTip(x, y) {
  const { width, height } = told.getBoundingClientRect();
  const left = Math.max(8, Math.min(x + 14, innerWidth - width - 8));
  const top = y + 16 + height > innerHeight ? Math.max(8, y - height - 12) : y + 16;
  told.style.setProperty("left", `${left}px`);
  told.style.setProperty("top", `${top}px`);
}
const handler = (_, event, item, value) => value ? showTip(value, event.clientX, event.clientY) : hideTip();
addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
addEventListener("scroll", () => { if (held) moveTip(...corner(held)); else hideTip(); }, { passive: true });
function corner(mark) {
  const { right, bottom } = mark.getBoundingClientRect();
  return [right, bottom];
}

// Colours of the file are those of light paper; in the page they become the names that the theme gives values to.
const names = new Map([...colours].reverse().map(([name, colour]) => [colour, `var(--${name})`]));
function themed(part) {
  if (Array.isArray(part)) return part.map(themed);
  if (part && typeof part === "object") return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === "data" ? value : themed(value)]));
  return names.get(part) ?? part;
}
function inPage(spec) {
  const { title, padding, ...rest } = spec;
  const layer = spec.layer.filter((one) => one.name !== "foot");
  return themed({ ...rest, layer, width: "container" });
}

async function wake(place) {
  const box = place.closest(".chart-box");
  const still = place.querySelector("svg");
  const live = document.createElement("div");
  live.className = "live";
  // Until it has its name, the picture that it takes the place of is the one to be read.
  live.setAttribute("aria-hidden", "true");
  place.append(live);
  let view;
  try { ({ view } = await window.drawVega(live, inPage(specOf(box)), handler)); } catch (error) { live.remove(); return; }
  const svg = live.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-labelledby", still.getAttribute("aria-labelledby"));
  svg.id = still.id;
  svg.querySelector("g").setAttribute("aria-hidden", "true");
  const title = still.querySelector("title");
  svg.prepend(title.cloneNode(true), still.querySelector("desc").cloneNode(true));
  stills.set(box.dataset.name, still);
  still.remove();
  live.removeAttribute("aria-hidden");
  view.addEventListener("click", (_, item) => { if (item?.datum?.anchor) location.hash = item.datum.anchor; });
  walk(place, svg, title.textContent);
}

// Arrow keys walk through the marks that have something to tell; Enter follows the mark to its row.
function walk(place, svg, title) {
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", `${title}. Arrow keys read the values, Enter opens the row behind one.`);
  let at = -1;
  const marks = () => all("path, text", svg).filter((node) => node.__data__?.tooltip);
  const clear = () => { all(".at", svg).forEach((node) => node.classList.remove("at")); hideTip(); };
  place.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const found = marks();
    if (event.key === "Enter" && found[at]?.__data__.datum.anchor) location.hash = found[at].__data__.datum.anchor;
    if (!step || !found.length) return;
    event.preventDefault();
    clear();
    at = (at + step + found.length) % found.length;
    found[at].classList.add("at");
    found[at].scrollIntoView({ block: "nearest" });
    showTip(found[at].__data__.tooltip, ...corner(found[at]));
    held = found[at];
  });
  place.addEventListener("blur", clear);
}
const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) { near.unobserve(entry.target); wake(entry.target); }
}, { rootMargin: "300px" });
// The picture keeps the height that the chart will have, so that nothing moves under the pointer when it comes alive.
all(".vega").forEach((place) => {
  const still = place.querySelector("svg");
  still.style.setProperty("height", `${still.viewBox.baseVal.height}px`);
  still.setAttribute("preserveAspectRatio", "xMinYMin meet");
  near.observe(place);
});
