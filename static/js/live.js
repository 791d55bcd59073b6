// Keeps [data-live="thread.5"][data-live-seq="40"] up to date. What changes mean, the page's own script knows:
//   live:change  detail: {seq, kind, id, html, data}, each once and in order; html null: it is gone
//   live:here    detail: {n}, how many people are here
//   live:state   detail: {state, behind}: live, asking (sockets are blocked), paused, offline, closed (not for us)
//   live:reset   we were away too long: only loading the page anew shows everything
// Sent to the element they stop and start it: live:pause, live:resume.
import { Order } from "./live-order.js";

const second = 1000;
const firstAsk = 3 * second; // before a page whose socket does not open asks for itself
const askEvery = 10 * second; // where sockets are blocked
const assuredEvery = 25 * second; // without a heartbeat that names the stream, it is asked for
const answerWithin = 5 * second; // "are you there?"
const longestPause = 10 * second; // between two attempts to open a socket; longer when it never opened
const longestPauseBlocked = 60 * second;
const spread = 3 * second; // a server that restarts has everybody back within this, not at once

const later = (most) => Math.random() * most;
const here = (path) => new URL(path, document.baseURI);

class Follower {
  constructor(element) {
    this.element = element;
    this.key = element.dataset.live;
    this.order = new Order(Number(element.dataset.liveSeq) || 0);
    this.assured = Date.now();
    this.askAt = Infinity;
    this.busy = this.closed = this.failed = false;
    element.addEventListener("live:pause", () => this.pause(true));
    element.addEventListener("live:resume", () => this.pause(false));
  }

  say(name, detail) {
    this.element.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true, detail }));
  }

  show(changes) {
    for (const change of changes) this.say("change", change);
    this.element.dataset.liveSeq = this.order.last;
    this.tell();
  }

  // Tell the page the state of the line, when it changed.
  tell() {
    let state = line.open ? "live" : this.failed || !navigator.onLine ? "offline" : "asking";
    if (this.order.paused) state = "paused";
    if (this.closed) state = "closed";
    const behind = this.order.paused ? this.order.known - this.order.last : 0;
    if (state === this.state && behind === this.behind) return;
    [this.state, this.behind] = [state, behind];
    this.say("state", { state, behind });
  }

  pause(paused) {
    this.order.paused = paused;
    this.tell();
    if (!paused) this.ask();
  }

  hint(frame) {
    this.show(this.order.hint(frame));
    this.askSoon();
  }

  beat(last) {
    this.assured = Date.now();
    this.order.heard(last);
    this.askSoon();
    this.tell();
  }

  gap() {
    this.order.gap();
    this.askSoon();
  }

  // Everybody who looks at this may lack the same: the server says over how long to spread the asking.
  askSoon() {
    if (this.order.behind) setTimeout(() => this.order.behind && this.ask(), later(line.spread));
  }

  // Ask what happened since, until nothing is missing any more.
  async ask() {
    if (this.busy || this.closed || this.order.paused) return;
    this.busy = true;
    let before;
    try {
      do {
        before = this.order.last;
        await this.askOnce();
      } while (this.order.behind && this.order.last > before && !this.order.paused && !this.closed);
      this.failed = false;
    } catch {
      this.failed = true;
    }
    this.busy = false;
    this.assured = Date.now();
    if (!line.open || this.failed) this.askAt = Date.now() + askEvery * (0.9 + later(0.2));
    else if (this.order.behind) this.askAt = Date.now() + second;
    this.tell();
  }

  async askOnce() {
    const address = here("/live/catch-up/");
    address.search = new URLSearchParams({ s: this.key, after: this.order.asking() });
    const response = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout?.(askEvery) });
    if (response.status === 403 || response.status === 404) {
      this.closed = true;
      return;
    }
    if (!response.ok) throw new Error(response.status);
    const { lost, changes } = this.order.answer(await response.json());
    if (lost) this.say("reset", {});
    this.show(changes);
  }

  tick(now) {
    if (now >= this.askAt || now - this.assured > assuredEvery) {
      this.askAt = Infinity;
      this.ask();
    }
  }
}

// The one socket of the page.
const line = {
  followers: [],
  socket: null,
  open: false,
  everOpen: false,
  attempts: 0,
  openAt: 0,
  heardAt: 0,
  askedAt: 0,
  spread: 0,

  of(key) {
    return this.followers.filter((follower) => follower.key === key && !follower.closed);
  },

  connect() {
    const seen = new Map();
    for (const { key, order, closed } of this.followers) {
      if (!closed) seen.set(key, Math.min(order.last, seen.get(key) ?? Infinity));
    }
    this.openAt = Infinity;
    if (!seen.size) return;
    const address = here("/ws/live/");
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const streams = [...seen].map(([key, last]) => `${key}:${last}`).join(",");
    address.search = `s=${streams}&l=${document.documentElement.lang}`;
    try {
      this.socket = new WebSocket(address);
    } catch {
      this.lost(null, 0);
      return;
    }
    const socket = this.socket;
    socket.onmessage = ({ data }) => socket === this.socket && this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.lost(socket, code);
  },

  hear(frame) {
    this.heardAt = Date.now();
    this.spread = "spread" in frame ? frame.spread * second : this.spread;
    if (frame.hello) this.opened();
    if (frame.stream) this.of(frame.stream).forEach((follower) => follower.hint(frame));
    const each = (numbers, work) => {
      for (const [key, n] of Object.entries(numbers ?? {})) this.of(key).forEach((one) => work(one, n));
    };
    each(frame.beat, (follower, last) => follower.beat(last));
    each(frame.here, (follower, n) => follower.say("here", { n }));
    if (frame.gap) this.of(frame.gap).forEach((follower) => follower.gap());
  },

  opened() {
    this.open = this.everOpen = true;
    this.attempts = 0;
    for (const follower of this.followers) {
      follower.askAt = Infinity;
      follower.failed = false;
      follower.assured = Date.now();
      follower.tell();
    }
  },

  // Try again soon: at once after a restart, but spread out; then ever more slowly.
  lost(socket, code) {
    if (socket !== this.socket) return;
    this.socket = null;
    this.open = false;
    const most = this.everOpen ? longestPause : longestPauseBlocked;
    const pause = Math.min(most, (second / 2) * 2 ** this.attempts++) * (0.5 + later(0.5));
    this.openAt = Date.now() + (code === 1012 ? later(spread) : code === 4429 ? longestPauseBlocked : pause);
    const soon = Date.now() + firstAsk + later(spread);
    for (const follower of this.followers) {
      // One of the streams is not for us any more: asking tells which.
      follower.askAt = Math.min(follower.askAt, code === 4403 ? Date.now() : soon);
      follower.tell();
    }
  },

  drop() {
    const socket = this.socket;
    this.lost(socket, 0);
    socket?.close();
  },

  // Back from sleep, from a tunnel, from another tab.
  wake() {
    const now = Date.now();
    if (!this.open) {
      this.openAt = Math.min(this.openAt, now + later(second));
      this.followers.forEach((follower) => follower.ask());
    } else if (now - this.askedAt > askEvery) {
      this.askedAt = now;
      this.socket.send("?");
    }
  },

  // What left the page, as a part of a workshop that is over, is asked for no more.
  clear() {
    this.followers = this.followers.filter(({ element }) => element.isConnected);
  },

  tick() {
    const now = Date.now();
    this.clear();
    const deaf = this.askedAt > this.heardAt && now - this.askedAt > answerWithin;
    if (this.open && (deaf || now - this.heardAt > assuredEvery)) this.drop();
    if (!this.socket && now >= this.openAt) this.connect();
    if (navigator.onLine) this.followers.forEach((follower) => follower.tick(now));
  },
};

// Follow an element that came into the page later. Those that were there from the start are followed already.
export function follow(element) {
  if (line.followers.some((follower) => follower.element === element)) return;
  const follower = new Follower(element);
  follower.askAt = Date.now() + firstAsk + later(spread);
  line.clear();
  line.followers.push(follower);
  if (line.socket) line.drop();
  line.openAt = 0;
}

document.querySelectorAll("[data-live]").forEach(follow);
line.tick();
setInterval(() => line.tick(), second);
addEventListener("online", () => line.wake());
addEventListener("offline", () => line.followers.forEach((follower) => follower.tell()));
addEventListener("pagehide", () => line.drop());
addEventListener("pageshow", (event) => event.persisted && line.wake());
document.addEventListener("visibilitychange", () => document.hidden || line.wake());
