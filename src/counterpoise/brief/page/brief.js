"use strict";
// Everything here is comfort: without it the page reads, switches and links just the same.
const page = document.documentElement;
const all = (query, within = document) => [...within.querySelectorAll(query)];
all(".needs-js").forEach((part) => { part.hidden = false; });

// Theme: the system's, until the reader chooses. The button names the page that it leads to.
const theme = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => page.dataset.theme ? page.dataset.theme === "dark" : system.matches;
const showTheme = () => { theme.textContent = isDark() ? "Light page" : "Dark page"; };
system.addEventListener("change", showTheme);
theme.addEventListener("click", () => { page.dataset.theme = isDark() ? "light" : "dark"; showTheme(); });
showTheme();

// A link into a closed part opens it, also where the browser does not do so by itself.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.classList.contains("claim") && !target.checkVisibility()) clearFilter();
  for (let part = target.parentElement; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
if (location.hash) reveal();
// On paper the short closed parts stand open; the cells stay on the screen, the numbers of charts in data/.
let opened = [];
addEventListener("beforeprint", () => {
  opened = all("#geography details, #changes details, #unknown details, .rest").filter((part) => !part.open && !part.matches(".numbers"));
  opened.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); });

// The ledger's filter: by verdict (the style sheet does that too), kind, article and words. What is folded away opens
// while a filter is on, and folds again after.
const groups = all(".group");
const claims = all(".claim");
const picks = all('input[name="verdict"]');
const kind = document.getElementById("filter-kind");
const paper = document.getElementById("filter-document");
const words = document.getElementById("filter-words");
function filter() {
  const wanted = picks.find((pick) => pick.checked).id.replace("only-", "");
  const sought = words.value.trim().toLowerCase();
  const narrowed = Boolean(kind.value || paper.value || sought);
  let shown = 0;
  for (const group of groups) {
    let found = 0;
    for (const claim of all(".claim", group)) {
      const { kind: its, document: from } = claim.dataset;
      const fits = (!kind.value || kind.value === its) && (!paper.value || paper.value === from);
      claim.hidden = !(fits && (!sought || claim.textContent.toLowerCase().includes(sought)));
      if (!claim.hidden) found += 1;
    }
    const mine = wanted === "all" || wanted === group.dataset.group;
    group.hidden = !mine || found === 0;
    const rest = group.querySelector(".rest");
    if (rest) {
      rest.open = narrowed || wanted === group.dataset.group;
      rest.hidden = narrowed && !rest.querySelector(".claim:not([hidden])");
    }
    if (mine) shown += found;
  }
  document.getElementById("filter-count").textContent = `${shown} of ${claims.length} claims`;
  document.getElementById("filter-none").hidden = shown > 0;
}
function clearFilter() {
  if (picks.length) picks[0].checked = true;
  kind.value = paper.value = words.value = "";
  filter();
}
[kind, paper, ...picks].forEach((choice) => choice.addEventListener("change", filter));
words.addEventListener("input", filter);

// Moving the map: by its buttons, by arrow keys when one of them has the focus. Texts keep their size.
const map = document.getElementById("map");
if (map) {
  const [, , width, height] = map.getAttribute("viewBox").split(" ").map(Number);
  const base = () => Number(getComputedStyle(map).getPropertyValue("--k")) || 1;
  const plain = base();
  let [x, y, size] = [0, 0, 1];
  const draw = () => {
    map.setAttribute("viewBox", [x, y, width * size, height * size].map((value) => value.toFixed(1)).join(" "));
    map.style.setProperty("--k", String(size * plain));
  };
  const moves = {
    in: () => zoom(0.7), out: () => zoom(1 / 0.7), all: () => { [x, y, size] = [0, 0, 1]; map.style.removeProperty("--k"); },
    left: () => { x -= 0.2 * width * size; }, right: () => { x += 0.2 * width * size; },
    up: () => { y -= 0.2 * height * size; }, down: () => { y += 0.2 * height * size; },
  };
  const zoom = (factor) => {
    const next = Math.min(1.4, Math.max(0.15, size * factor));
    x += (width * (size - next)) / 2; y += (height * (size - next)) / 2; size = next;
  };
  const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "in", "-": "out", 0: "all" };
  const move = (name) => { moves[name](); draw(); if (name === "all") map.style.removeProperty("--k"); };
  all("[data-zoom]").forEach((button) => button.addEventListener("click", () => move(button.dataset.zoom)));
  document.querySelector(".zoom").addEventListener("keydown", (event) => {
    if (keys[event.key]) { event.preventDefault(); move(keys[event.key]); }
  });
}

// A figure as a file: SVG with its frame (title, legend, source), CSV from its own table, a chart's specification.
const stills = new Map();
function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // A busy browser may start to read the file well after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
function asSvg(box) {
  const chart = stills.get(box.dataset.name) ?? box.querySelector("svg[data-full]");
  const copy = chart.cloneNode(true);
  const [, , width, height] = chart.dataset.full.split(" ");
  copy.setAttribute("viewBox", chart.dataset.full);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  ["style", "data-full", "aria-labelledby", "preserveAspectRatio"].forEach((name) => copy.removeAttribute(name));
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = sheet + chosenView();
  copy.insertBefore(style, copy.firstChild);
  const drawn = new XMLSerializer().serializeToString(copy);
  return drawn.replace(/var\(--([\w-]+)\)/g, (whole, name) => colours.get(name) ?? whole);
}
// The colours of light paper, by name: those of every file that is saved.
const sheet = document.getElementById("map-style").textContent;
const colours = new Map([...sheet.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
function chosenView() {
  const choice = document.querySelector('input[name="view"]:checked');
  const view = choice ? choice.id : "view-disputed";
  const shut = all('[id^="layer-"]').filter((box) => !box.checked).map((box) => `.links .${box.id.replace("layer-", "m-")}{display:none}`);
  return view === "view-disputed" ? shut.join("") : `.view-disputed{display:none}.${view}{display:inline}${shut.join("")}`;
}
function asCsv(box) {
  const cell = (text) => {
    const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const table = box.querySelector(".numbers table");
  const lines = [...table.rows].map((row) => [...row.cells].map((one) => cell(one.dataset.v ?? one.textContent)).join(","));
  return `${lines.join("\n")}\n`;
}
all("[data-save]").forEach((button) => button.addEventListener("click", () => {
  const box = button.closest(".chart-box");
  const name = box.dataset.name;
  if (button.dataset.save === "svg") save(`${name}.svg`, "image/svg+xml", asSvg(box));
  else if (button.dataset.save === "csv") save(`${name}.csv`, "text/csv", asCsv(box));
  else save(`${name}.vl.json`, "application/json", `${JSON.stringify(specOf(box), null, 1)}\n`);
}));
function specOf(box) { return JSON.parse(document.getElementById(`spec-${box.dataset.name}`).textContent); }
