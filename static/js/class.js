// Keeps the two numbers of a class fresh while its page is looked at. Without it a link does the same.
const EVERY = 10_000;

const box = document.querySelector("[data-counts]");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(box.dataset.counts, { credentials: "same-origin", cache: "no-store" });
    if (answer.ok) box.innerHTML = await answer.text();
  } catch {
    // The line is down: the numbers say when they were counted, and the next look may succeed.
  }
}

if (box) {
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
