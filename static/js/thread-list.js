// The list of comments. What is new waits behind a button, so that nothing jumps under a reader; what was changed is
// changed in its place, and what may not be read any more goes at once.
import { startPlaces } from "./thread-places.js";

const quiet = 2500; // before something is said: one sentence for a burst
const apart = 8000; // between two sentences

export function startList(thread) {
  const words = document.querySelector("[data-words]").dataset;
  const list = thread.querySelector("[data-list]");
  const bar = thread.querySelector("[data-new]");
  const button = bar.querySelector("button");
  const spoken = document.querySelector("[data-spoken]");
  const liveWords = document.querySelector("[data-live-words]");
  const pauser = document.querySelector("[data-pause]");
  const elsewhere = thread.querySelector("[data-elsewhere]");
  const order = thread.dataset.order;
  const places = startPlaces(thread);
  const pending = new Map(); // id -> change, in the order in which they came
  const mine = new Set();
  let paused = false;
  let told = 0; // new comments that were announced and still wait
  let timer = 0;
  let spokenAt = 0;
  let here = 0;
  let state = "";
  let reload = false;

  const fill = (text, n) => text.replace("{n}", n);
  const count = (n, one, many) => fill(n === 1 ? one : many, n);
  const item = (id) => document.getElementById(`c${id}`);

  function made(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  // What is said --------------------------------------------------------------------------------

  function say(text) {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = text), 50);
    spokenAt = Date.now();
  }

  // One sentence for everything that came together; nothing about what is on the page already.
  function sayNew() {
    if (timer || pending.size <= told) return;
    const wait = Math.max(quiet, spokenAt + apart - Date.now());
    timer = setTimeout(() => {
      timer = 0;
      if (pending.size > told) say(count(pending.size, words.saidOne, words.saidMany));
      told = pending.size;
    }, wait);
  }

  function showBar() {
    bar.hidden = !pending.size && !reload;
    button.textContent = reload ? words.reload : count(pending.size, words.showOne, words.showMany);
    if (!pending.size) told = 0;
  }

  function showState() {
    const where = here > 1 ? fill(words.here, here) : "";
    liveWords.textContent = [words[`state${state[0]?.toUpperCase()}${state.slice(1)}`], where].filter(Boolean).join(" ");
    liveWords.hidden = !state;
    pauser.hidden = !state || state === "closed";
    pauser.querySelector("button").textContent = paused ? words.resume : words.pause;
  }

  // What changes --------------------------------------------------------------------------------

  function place(change) {
    const fresh = made(change.html);
    const standing = item(change.id);
    const parent = item(change.data.parent);
    if (standing) standing.replaceWith(fresh);
    else if (change.data.parent ? parent : places.belongs(fresh)) places.put(fresh, parent);
    else return null;
    thread.querySelector("[data-empty]")?.remove();
    thread.querySelector(`[data-own="${change.id}"]`)?.remove();
    return fresh;
  }

  // A comment that came: on the page at once when it is one's own, else behind the button.
  function came(change) {
    if (change.data.parent && !item(change.data.parent) && !pending.has(change.data.parent)) return;
    if (item(change.id)) {
      place(change);
    } else if (mine.delete(change.id)) {
      placeOwn(change);
    } else {
      pending.set(change.id, change);
      sayNew();
    }
  }

  // One's own is shown at once, before others that came earlier and wait; or the way to it.
  function placeOwn(change) {
    const placed = place(change);
    placed?.classList.add("is-fresh");
    elsewhere.hidden = Boolean(placed);
    if (placed) return;
    elsewhere.querySelector("a").href = pageOf(change);
    setTimeout(() => say(elsewhere.textContent.trim()), quiet); // after the answer to whoever posted it
  }

  const pageOf = (change) => `${location.pathname}?order=${order}&at=${change.id}`;

  // Pinned or no longer: the whole comment comes, for pages that did not have it.
  function pinned(change) {
    const waiting = pending.get(change.id);
    const old = item(change.id);
    const fresh = made(change.html);
    if (waiting) waiting.html = change.html;
    else if (!old && !change.data.parent && places.belongs(fresh)) place(change);
    if (!old) return;
    reword(old, fresh.querySelector("article"));
    places.moved(old, fresh, item(change.data.parent));
  }

  function changed(change) {
    const waiting = pending.get(change.id);
    if (waiting) {
      const whole = made(waiting.html);
      whole.querySelector("article").replaceWith(made(change.html));
      waiting.html = whole.outerHTML;
    }
    const old = item(change.id);
    if (old) reword(old, made(change.html));
  }

  // Other words in the same place: what only its author has, and where the keyboard is, stay.
  function reword(one, fresh) {
    const old = one.querySelector("article");
    const tools = old.querySelector("[data-tools]");
    if (tools) fresh.querySelector(".cs_acts").append(tools);
    const link = [...old.querySelectorAll("a")].indexOf(document.activeElement);
    old.replaceWith(fresh);
    if (link >= 0) fresh.querySelectorAll("a")[link]?.focus();
  }

  function gone(id) {
    pending.delete(id);
    for (const [key, change] of pending) if (change.data.parent === id) pending.delete(key);
    const old = item(id);
    if (!old) return;
    const note = document.createElement("p");
    note.className = "cs_comment cs_comment--gone";
    note.textContent = words.gone;
    note.tabIndex = -1;
    const had = old.contains(document.activeElement);
    if (old.matches("li")) {
      const stub = document.createElement("li");
      Object.assign(stub.dataset, old.dataset);
      delete stub.dataset.comment;
      stub.append(note);
      old.replaceWith(stub);
    } else {
      old.replaceChildren(note);
    }
    if (had) note.focus();
  }

  function ofThread(data) {
    thread.querySelector("[data-add]").dispatchEvent(new CustomEvent("condition", { detail: data }));
    for (const one of document.querySelectorAll("[data-condition-words]")) one.textContent = data.words;
    const summary = document.querySelector("[data-summary]");
    if (summary && "summary" in data) summary.innerHTML = data.summary;
  }

  thread.addEventListener("live:change", ({ detail: change }) => {
    if (change.data.count) thread.querySelector("[data-count]").textContent = change.data.count;
    if (change.kind === "thread") ofThread(change.data);
    else if (change.html === null) gone(change.id);
    else if (change.kind === "shown") came(change);
    else if (change.kind === "pinned") pinned(change);
    else changed(change);
    showBar();
  });
  thread.addEventListener("live:here", ({ detail }) => {
    here = detail.n;
    showState();
  });
  thread.addEventListener("live:state", ({ detail }) => {
    state = detail.state;
    showState();
  });
  thread.addEventListener("live:reset", () => {
    reload = true;
    showBar();
  });
  pauser.querySelector("button").addEventListener("click", () => {
    paused = !paused;
    thread.dispatchEvent(new Event(paused ? "live:pause" : "live:resume"));
    showState();
  });
  button.addEventListener("click", () => {
    const away = [...pending.values()].find((one) => !one.data.parent && !places.belongs(made(one.html)));
    if (reload || away) {
      const first = location.pathname + (order === "newest" ? "" : `?order=${order}`);
      location.assign(reload || order === "newest" ? first : pageOf(away));
      return;
    }
    const n = pending.size;
    const added = [...pending.values()].map(place).filter(Boolean);
    pending.clear();
    told = 0;
    showBar();
    added.forEach((one) => one.classList.add("is-fresh"));
    const first = order === "oldest" ? added[0] : added.findLast((one) => one.parentElement === list) ?? added[0];
    const article = first?.querySelector("article");
    if (article) {
      article.tabIndex = -1;
      article.focus({ preventScroll: true });
      article.scrollIntoView({ block: "nearest" });
    }
    say(count(n, words.addedOne, words.addedMany));
  });

  return {
    say,
    own: (id) => {
      // It may have come before the answer to whoever posted it.
      const change = pending.get(id);
      pending.delete(id);
      if (change) placeOwn(change);
      else if (!item(id)) mine.add(id);
      showBar();
      thread.dispatchEvent(new Event("live:resume"));
    },
  };
}
