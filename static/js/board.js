// A board of a workshop. What others add waits behind a button for people in the room, so that nothing jumps under a
// reader; moved and changed cards are put in their place at once. Without this script forms and links do all of it.
import { startDrag } from "./board-drag.js";
import { startNotes } from "./board-note.js";

const quiet = 2500; // before something is said: one sentence for a burst
const apart = 8000; // between two sentences

function startBoard(stage) {
  const board = stage.querySelector("[data-board]");
  const words = stage.querySelector("[data-board-words]").dataset;
  const bar = stage.querySelector("[data-new]");
  const button = bar.querySelector("button");
  const spoken = stage.querySelector("[data-spoken]");
  const waits = stage.dataset.role === "participant";
  const pending = new Map(); // id -> change, in the order in which they came
  const mine = new Set();
  let reload = false;
  let news = 0;
  let timer = 0;
  let spokenAt = 0;

  const fill = (text, n) => text.replace("{n}", n);
  const many = (n) => fill(n === 1 ? words.saidOne : words.saidMany, n);
  const card = (id) => document.getElementById(`k${id}`);
  const group = (id) => document.getElementById(`g${id}`);
  const rank = (one) => Number(one.dataset.rank);

  function say(text) {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = text), 50);
    spokenAt = Date.now();
  }

  function sayNew() {
    news += 1;
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      if (news) say(many(news));
      news = 0;
    }, Math.max(quiet, spokenAt + apart - Date.now()));
  }

  function showBar() {
    bar.hidden = !pending.size && !reload;
    button.textContent = reload ? words.reload : many(pending.size);
  }

  function made(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  // Where its rank puts it, among those that are there.
  function insert(list, one) {
    const behind = [...list.children].find(
      (other) => other !== one && (rank(other) - rank(one) || order(other, one)) > 0,
    );
    if (one.parentElement !== list || one.nextElementSibling !== (behind ?? null)) list.insertBefore(one, behind ?? null);
  }

  // As the server orders what has the same rank: groups first, then by number.
  function order(one, other) {
    const [a, b] = [one, other].map(({ id }) => [id[0] === "k" ? 1 : 0, Number(id.slice(1))]);
    return a[0] - b[0] || a[1] - b[1];
  }

  function listOf(data) {
    if (!data.cluster) return board.querySelector(`[data-column="${data.column}"]`);
    return (group(data.cluster) ?? stub(data)).querySelector("[data-group]");
  }

  // A card may come before the group that it is in.
  function stub(data) {
    const one = made(`<li class="cs_group" id="g${Number(data.cluster)}" data-rank="0"><div class="cs_group__head"><h4></h4></div><ol class="cs_notes" data-group></ol></li>`);
    one.querySelector("h4").textContent = words.aGroup;
    board.querySelector(`[data-column="${data.column}"]`).append(one);
    return one;
  }

  function yours(one) {
    const own = stage.querySelectorAll("[data-own]");
    const keys = new Set([...own].map((each) => each.dataset.own));
    for (const key of one.dataset.notes.split(" ")) {
      if (!keys.has(key) && !mine.has(Number(key))) continue;
      if (one.querySelector(".ds_tag")) return;
      one.classList.add("cs_note--mine");
      const tag = document.createElement("span");
      tag.className = "ds_tag";
      tag.textContent = words.yours;
      one.prepend(tag);
      const said = stage.querySelector(`[data-own="${key}"] .cs_small`);
      if (said) said.textContent = words.shown;
    }
  }

  // Put it in its place; who had the keyboard on it keeps it there.
  function place(change) {
    const fresh = made(change.html);
    const old = card(change.id);
    const had = old?.contains(document.activeElement);
    old?.remove();
    insert(listOf(change.data), fresh);
    yours(fresh);
    if (had) fresh.querySelector("a").focus({ preventScroll: true });
    return fresh;
  }

  function ofGroup(change) {
    const old = group(change.id);
    if (change.html === null) {
      old?.remove();
      return;
    }
    const fresh = made(change.html);
    if (old) {
      const list = old.querySelector("[data-group]");
      const had = old.contains(document.activeElement) && !list.contains(document.activeElement);
      fresh.querySelector("[data-group]").replaceWith(list);
      list.dataset.group = change.id;
      old.remove();
      if (had) setTimeout(() => fresh.querySelector("a").focus({ preventScroll: true }));
    }
    insert(board.querySelector(`[data-column="${change.data.column}"]`), fresh);
  }

  function spread(ranks) {
    for (const [id, value] of Object.entries(ranks)) {
      const one = document.getElementById(id);
      if (one) one.dataset.rank = value;
    }
    for (const list of board.querySelectorAll("[data-column],[data-group]")) {
      for (const one of [...list.children].sort((a, b) => rank(a) - rank(b) || order(a, b))) list.append(one);
    }
  }

  function isMine(html) {
    const keys = made(html).dataset.notes.split(" ").map(Number);
    const own = new Set([...stage.querySelectorAll("[data-own]")].map((each) => Number(each.dataset.own)));
    return keys.some((key) => mine.has(key) || own.has(key));
  }

  function ofCard(change) {
    if (change.html === null) {
      pending.delete(change.id);
      card(change.id)?.remove();
    } else if (card(change.id) || !waits || isMine(change.html)) {
      const isNew = !card(change.id);
      place(change).classList.toggle("is-fresh", isNew);
      if (isNew && !waits) sayNew();
    } else {
      if (!pending.has(change.id)) sayNew();
      pending.set(change.id, change);
    }
  }

  board.addEventListener("live:change", ({ detail: change }) => {
    if (change.kind === "order") spread(change.data.ranks);
    else if (change.kind === "group") ofGroup(change);
    else ofCard(change);
    showBar();
  });
  board.addEventListener("live:reset", () => {
    reload = true;
    showBar();
  });
  button.addEventListener("click", () => {
    if (reload) return location.reload();
    const added = [...pending.values()].map(place);
    pending.clear();
    showBar();
    for (const one of added) one.classList.add("is-fresh");
    const first = added[0];
    if (first) {
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: "nearest" });
    }
  });

  board.querySelectorAll("[data-notes]").forEach(yours);
  if (stage.dataset.role !== "projector") startDrag(stage, { say, words });
  startNotes(stage, {
    say,
    own: (id) => mine.add(id),
    again: () => board.querySelectorAll("[data-notes]").forEach(yours),
  });
}

const start = (root) => root.querySelectorAll("[data-board-stage]").forEach(startBoard);
start(document);
document.addEventListener("room:stage", ({ detail }) => start(detail.element)); // this part has just been opened
if (document.querySelector("[data-board-stage]")) import("./live.js");
