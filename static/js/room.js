// The three live pages of a workshop: what happens now, the part that is open, the clock of the facilitator. What
// somebody is typing is never taken away: when its part closes, it moves to a box of its own. Without this script the
// pages do the same with forms and "Look again".
import { follow } from "./live.js";

const minute = 60_000;
const consoleEvery = 15_000;
const gather = 1_200; // several things at once are one look
const aSentence = 1_500; // what is said stands at least this long

const room = document.querySelector("[data-room]");
const now = document.querySelector("[data-now]");
const stage = document.querySelector("[data-stage]");
const says = document.querySelector("[data-says]");
const line = document.querySelector("[data-line]");

const parts = (root) => [...root.querySelectorAll("[data-part]")];

// The tokens of forms are other ones each time.
const plain = (part) => part.innerHTML.replace(/value="[A-Za-z0-9]{64}"/g, "").replace(/\s+/g, " ");
const changed = (field) => (field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
const inUse = (part) =>
  (part !== document.activeElement && part.contains(document.activeElement)) ||
  [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(changed);

// One sentence after the other: what replaces another at once takes it from whoever listens.
const toSay = [];
function say(words) {
  const sentence = words.replace(/\s+/g, " ").trim();
  if (!sentence || toSay.includes(sentence)) return;
  toSay.push(sentence);
  if (toSay.length === 1) sayFirst();
}

function sayFirst() {
  says.textContent = toSay[0];
  setTimeout(() => {
    toSay.shift();
    if (toSay.length) sayFirst();
  }, aSentence);
}

// What is alike is left alone, so that no focus moves and no screen reader starts anew; so is what somebody is at.
function swap(found, inside = document) {
  for (const old of parts(inside)) {
    const fresh = parts(found).find((one) => one.dataset.part === old.dataset.part);
    if (!fresh || plain(fresh) === plain(old) || inUse(old)) continue;
    old.innerHTML = fresh.innerHTML;
    const told = "tell" in old.dataset && old.querySelector("[data-told]");
    if (told) say(told.innerText);
  }
}

async function fetchPage() {
  const answer = await fetch(location.pathname, { cache: "no-store", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

const fields = () => [...stage.querySelectorAll("textarea, input[type=text], input:not([type])")];
const typed = () => fields().filter((field) => field.value.trim() && field.value !== field.defaultValue);

function keep() {
  const box = document.querySelector("[data-kept]");
  const words = typed().map((field) => field.value);
  if (!box || !words.length) return;
  const field = box.querySelector("textarea");
  field.value = [field.value, ...words].filter((text) => text.trim()).join("\n\n");
  box.hidden = false;
  if (stage.contains(document.activeElement)) field.focus();
}

function openStage(found) {
  const fresh = found.querySelector("[data-stage]");
  if (!fresh || fresh.dataset.stage === stage.dataset.stage) return;
  keep();
  stage.innerHTML = fresh.innerHTML;
  stage.dataset.stage = fresh.dataset.stage;
  stage.querySelectorAll("[data-live]").forEach(follow);
  document.dispatchEvent(new CustomEvent("room:stage", { detail: { element: stage } }));
}

// One look at a time; who asks meanwhile is answered by one more.
let looking = false;
let again = false;

async function look(inside = document) {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  try {
    const found = await fetchPage();
    openStage(found);
    swap(found, inside);
  } catch {
    // The line is down: the next change or the next minute looks again.
  }
  looking = false;
  if (again) {
    again = false;
    look();
  }
}

let soon = 0;
function lookSoon() {
  clearTimeout(soon);
  soon = setTimeout(look, gather);
}

now.addEventListener("live:change", ({ detail }) => {
  if (!detail.html) return;
  const found = document.createElement("template");
  found.innerHTML = detail.html;
  swap(found.content, now);
  const another = String(detail.data.stage) !== stage.dataset.stage;
  if (detail.kind !== "groups") say(now.querySelector("[data-part=now]").textContent);
  if (another || detail.kind === "ended") look();
  else lookSoon();
});

now.addEventListener("live:state", ({ detail }) => {
  if (line) line.textContent = line.dataset[`${detail.state}Words`] ?? line.dataset.liveWords;
});

room.addEventListener("live:reset", lookSoon);
document.querySelector("[data-console]")?.addEventListener("live:change", lookSoon);
document.addEventListener("room:look", ({ detail }) => (detail?.now ? look() : lookSoon()));

// A part that is shown by looking again says so; what is typed in it stays.
stage.addEventListener("live:change", ({ target }) => {
  if (!("refresh" in target.dataset)) return;
  say(target.dataset.refresh);
  lookSoon();
});

// Only the facilitator's clock ticks (KC-13).
function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const left = Math.round((new Date(clock.dataset.ends) - Date.now()) / 1000);
  const whole = Math.abs(left);
  clock.textContent = `${left < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

document.querySelectorAll("[data-noscript]").forEach((element) => (element.hidden = true));
const isConsole = room.dataset.room === "facilitator";
if (isConsole) setInterval(tick, 1000);
setInterval(() => document.hidden || look(), isConsole ? consoleEvery : minute);
// Somebody else may be at this device now: a page that the browser held back is made anew.
addEventListener("pageshow", (event) => event.persisted && location.reload());
