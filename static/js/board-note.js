// Adding a note without leaving the page. Whatever the server answers that is not for us, the plain form is sent
// instead; when it does not answer, the words stay with the name of the attempt: a second press makes one note.
import { startDrafts } from "./thread-draft.js";

const patience = 15000;

export function startNotes(stage, { own, again }) {
  const form = stage.querySelector("[data-note-form]");
  if (!form) return;
  const drafts = startDrafts(Boolean(document.querySelector("[data-shared]")));
  const text = form.elements.namedItem("text");
  const key = form.elements.namedItem("key");
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  let sending = false;
  drafts.keep(form);

  function tell(message, problem = false) {
    said.textContent = message;
    said.classList.toggle("cs_problem", problem);
    text.toggleAttribute("aria-invalid", problem);
  }

  function done(answer) {
    drafts.forget(key.value);
    text.value = "";
    key.value = answer.key;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    own(answer.id);
    const list = stage.querySelector("[data-mine]");
    if (list && answer.mine) {
      list.outerHTML = answer.mine;
      again();
    }
    tell(answer.says);
    text.focus();
  }

  async function send() {
    sending = true;
    button.setAttribute("aria-disabled", "true");
    tell(form.dataset.sending);
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(patience),
      });
      const json = response.headers.get("Content-Type")?.startsWith("application/json");
      const answer = json ? await response.json() : null;
      if (answer?.ok) done(answer);
      else if (answer?.errors) tell(answer.errors.map(({ message }) => message).join(" "), true);
      else if (response.status >= 500) tell(form.dataset.unsent, true);
      else {
        form.dataset.sent = "1";
        HTMLFormElement.prototype.submit.call(form);
      }
    } catch {
      tell(form.dataset.unsent, true);
    }
    sending = false;
    button.removeAttribute("aria-disabled");
  }

  form.addEventListener("submit", (event) => {
    if (!AbortSignal.timeout) {
      form.dataset.sent = "1";
      return;
    }
    event.preventDefault();
    if (!sending) send();
  });
}
