// Shows how far a file of answers has come. Without script, "Look again" does the same.
const EVERY = 3000;

async function look() {
  const here = document.querySelector("[data-progress]");
  let there;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    there = page.querySelector("[data-progress]");
  } catch {
    there = here; // the line is down: the next look may get through
  }
  if (!here || !there) return;
  if (here.dataset.progress !== there.dataset.progress) {
    location.reload();
    return;
  }
  const counts = here.querySelector(".cs-counts");
  const fresh = there.querySelector(".cs-counts");
  if (counts && fresh && counts !== fresh) counts.replaceWith(fresh);
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
