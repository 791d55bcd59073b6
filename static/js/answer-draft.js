// What is typed into a question is kept in this browser until the server has it; the page does not load this in a
// class, where pupils share the device. Newest wins: it comes back only onto the answer it was typed over. What the
// server saved since, from another window or device, is never overwritten.
const prefix = "answer-draft:";
const week = 7 * 24 * 60 * 60 * 1000;
const pause = 300;
const here = document.querySelector("[data-answering]");
const form = document.querySelector("form[data-answer]");

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser lets no page keep anything
  }
}

const kept = store();

function read(name) {
  try {
    return JSON.parse(kept.getItem(name));
  } catch {
    return null;
  }
}

// All of this consultation: its screens share the beginning of their address.
function names() {
  return kept && here ? Object.keys(kept).filter((name) => name.startsWith(prefix + here.dataset.answering)) : [];
}

function forgetAll() {
  for (const name of names()) kept.removeItem(name);
}

function fields() {
  return [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "file"].includes(one.type));
}

function ticked(one) {
  return one.type === "radio" || one.type === "checkbox";
}

function typed() {
  return JSON.stringify(fields().map((one) => (ticked(one) ? one.checked : one.value)));
}

function asServed() {
  const selected = (one) => [...one.options].find((option) => option.defaultSelected)?.value ?? one.options[0]?.value;
  return JSON.stringify(
    fields().map((one) => (ticked(one) ? one.defaultChecked : one.options ? selected(one) : one.defaultValue)),
  );
}

function write(values) {
  fields().forEach((one, index) => {
    if (ticked(one)) one.checked = values[index];
    else one.value = values[index];
    one.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function say(words) {
  const note = form.querySelector("[data-answer-note]");
  note.textContent = words;
  note.hidden = false;
}

function startKeeping() {
  const name = prefix + new URL(form.action).pathname;
  const served = asServed();
  const draft = read(name);
  const refused = "refused" in form.dataset; // the server gave back what was typed, with what to put right
  // A browser that goes back has put in what was typed by itself: then there is nothing to bring back.
  if (draft && !refused && draft.over === served && draft.typed !== served && typed() === served) {
    if (Date.now() - draft.at < week) {
      write(JSON.parse(draft.typed));
      say(form.dataset.restored);
    }
  }
  const over = refused ? (draft?.over ?? served) : served;
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    const now = typed();
    try {
      if (now === served && !refused) kept.removeItem(name);
      else kept.setItem(name, JSON.stringify({ typed: now, over, at: Date.now() }));
    } catch {
      // full: then nothing is promised
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  });
  form.addEventListener("submit", (event) => {
    save();
    if (navigator.onLine) return;
    event.preventDefault();
    say(form.dataset.offline);
  });
  addEventListener("pagehide", save);
}

if (kept && here) {
  if ("over" in here.dataset) forgetAll();
  document.querySelector("form[data-forget]")?.addEventListener("submit", forgetAll);
  if (form) startKeeping();
}
