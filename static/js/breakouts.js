// Small groups: how many are in each as it changes, and one press without leaving the page, so that what somebody is
// typing stays where it is. Without this script the forms do the same. Names of people are in no event.
import "./live.js";

const patience = 15000;
const inRoom = () => Boolean(document.querySelector("[data-room]"));
const look = (now) => document.dispatchEvent(new CustomEvent("room:look", { detail: { now } }));

function told({ target, detail: change }) {
  if (!("groups" in target.dataset)) return;
  const moved = target.querySelector("[data-moved]");
  if (moved) {
    moved.hidden = false;
    return;
  }
  for (const [group, words] of Object.entries(change.data.counts ?? {})) {
    document.querySelectorAll(`[data-count="${Number(group)}"]`).forEach((one) => (one.textContent = words));
  }
  // Numbers are enough for people and for the wall; who runs it sees who sits where.
  if (change.kind !== "taken" || target.dataset.role === "facilitator") look(false);
}

function problem(form, words) {
  const place = form.querySelector("[data-problem]");
  place.textContent = words;
  place.hidden = !words;
}

async function press(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const says = document.querySelector("[data-says]");
  const part = form.closest("[data-part]");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(patience),
    });
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return sendPlain(form, button);
    const answer = await response.json();
    const words = answer.ok ? "" : answer.errors.map(({ message }) => message).join(" ");
    problem(form, words);
    says.textContent = words || answer.says;
    if (!answer.ok) return look(true);
    form.reset();
    part.focus({ preventScroll: true }); // what had the focus may go
    look(true);
  } catch {
    problem(form, form.dataset.unsent);
    says.textContent = form.dataset.unsent;
  }
}

// The plain form again, with the button that was pressed.
function sendPlain(form, button) {
  if (button?.name) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", button.name, button.value];
    form.append(field);
  }
  HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("live:change", told);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("place" in form.dataset) || !inRoom() || !AbortSignal.timeout) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  press(form, event.submitter).finally(() => form.removeAttribute("aria-busy"));
});
