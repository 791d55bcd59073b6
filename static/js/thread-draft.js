// What is typed is kept in this browser until the server has said that it has it; never on a shared device or in a
// class. A draft keeps the name of its attempt, so that sending it again after a crash makes no second comment.
const prefix = "comment-draft:";
const week = 7 * 24 * 60 * 60 * 1000;
const pause = 300;

function store() {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser lets no page keep anything
  }
}

function read(kept, name) {
  try {
    return JSON.parse(kept.getItem(name));
  } catch {
    return null;
  }
}

export function startDrafts(shared) {
  const kept = store();

  function names() {
    return kept ? Object.keys(kept).filter((name) => name.startsWith(prefix)) : [];
  }

  function forgetAll() {
    for (const name of names()) kept.removeItem(name);
  }

  function forget(key) {
    for (const name of names()) {
      if (read(kept, name)?.key === key) kept.removeItem(name);
    }
  }

  // The server says by a cookie which attempt it took from a plain form.
  function acknowledged() {
    const found = document.cookie.split("; ").find((one) => one.startsWith("posted="));
    if (!found) return;
    forget(decodeURIComponent(found.slice("posted=".length)));
    document.cookie = "posted=; path=/comments/; max-age=0; samesite=lax";
  }

  function keep(form) {
    if (!kept || shared) return;
    const text = form.elements.namedItem("text");
    const key = form.elements.namedItem("key");
    const name = prefix + new URL(form.action).pathname;
    const note = form.querySelector("[data-draft]");
    const draft = read(kept, name);
    const stands = form.dataset.stands ?? ""; // what is being changed: a draft of other words is none any more
    if (draft && text.value === stands && (draft.stands ?? "") === stands && Date.now() - draft.at < week) {
      text.value = draft.text;
      key.value = draft.key;
      note.textContent = note.dataset.restored;
      note.hidden = false;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      if (!text.value.trim() || text.value === stands) {
        kept.removeItem(name);
        return;
      }
      try {
        kept.setItem(name, JSON.stringify({ text: text.value, key: key.value, stands, at: Date.now() }));
      } catch {
        note.hidden = true; // full: then nothing is promised
      }
    };
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    });
    addEventListener("pagehide", () => form.dataset.sent || save());
  }

  acknowledged();
  if (shared) forgetAll();
  return { keep, forget, forgetAll };
}
