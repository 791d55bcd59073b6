// Single letters as commands on the checking queue. They never fire while somebody types, with a modifier,
// or while a dialog is open, and each moderator can turn them off (WCAG 2.1.4). What they do stands on the
// page, and everything they do has a button or a link.
const TYPES = "textarea, select, [contenteditable], [role=textbox], [role=combobox], input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button])";
const keys = document.querySelector("[data-keys]");
const things = [...document.querySelectorAll("[data-thing]")];

const typing = (event) =>
  event.defaultPrevented || event.isComposing || event.repeat ||
  event.ctrlKey || event.metaKey || event.altKey ||
  (event.target instanceof Element && event.target.closest(TYPES)) ||
  document.querySelector("dialog[open], [role=dialog]:not([hidden]):not([aria-hidden=true])");

const here = () => things.findIndex((thing) => thing.contains(document.activeElement));

function move(by) {
  const at = here();
  const to = at < 0 ? (by > 0 ? 0 : things.length - 1) : Math.min(Math.max(at + by, 0), things.length - 1);
  things[to]?.querySelector("[data-open]").focus();
}

function uncover() {
  const at = here();
  const veils = (at < 0 ? document : things[at]).querySelectorAll("[data-veil]");
  const open = [...veils].some((veil) => !veil.open);
  for (const veil of veils) veil.open = open;
}

function go(place) {
  if (place instanceof HTMLDetailsElement) {
    place.open = true;
    (place.querySelector("textarea, input[type=radio], input[type=text]") ?? place.querySelector("summary")).focus();
  } else {
    place.focus();
  }
}

const QUEUE = {
  j: () => move(1),
  k: () => move(-1),
  o: () => things[here()]?.querySelector("[data-open]").click(),
  x: () => things[here()]?.querySelector("[data-tick]").click(),
  u: () => document.querySelector(".cs-undo button")?.focus(),
  c: uncover,
};

function item(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  const place = document.querySelector(`[data-go="${key}"]`);
  if (key === "c") uncover();
  else if (button) button.click();
  else if (place) go(place);
  else return false;
  return true;
}

if (keys) {
  document.addEventListener("keydown", (event) => {
    if (typing(event) || event.shiftKey) return;
    const key = event.key.toLowerCase();
    if (keys.dataset.keys !== "item" && key in QUEUE) {
      QUEUE[key]();
    } else if (!item(key)) {
      return;
    }
    event.preventDefault();
  });
}

// How many are ticked, and all at once.
const ticks = things.map((thing) => thing.querySelector("[data-tick]"));
const count = document.querySelector("[data-count]");
const all = document.querySelector("[data-all]");
function tell() {
  const n = ticks.filter((tick) => tick.checked).length;
  count.textContent = n ? count.dataset.some.replace("%s", n) : count.dataset.none;
}
if (count) {
  for (const tick of ticks) tick.addEventListener("change", tell);
  all.hidden = false;
  all.addEventListener("click", () => {
    const wanted = ticks.some((tick) => !tick.checked);
    for (const tick of ticks) tick.checked = wanted;
    tell();
  });
  tell();
}
