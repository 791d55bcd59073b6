// Posting without leaving the page. Whatever the server answers that is not for us, the plain form is sent instead;
// when it does not answer, the words stay and so does the name of the attempt, so that a second press makes one comment.
const patience = 15000;

export function startPosting(form, drafts, list) {
  const words = document.querySelector("[data-words]").dataset;
  const text = form.elements.namedItem("text");
  const key = form.elements.namedItem("key");
  const note = form.querySelector("[data-draft]");
  const buttons = [...form.querySelectorAll("button")];
  const section = form.closest("[data-add]");
  const condition = section.querySelector("[data-condition]");
  let sending = false;

  function tell(message, problem = false) {
    note.textContent = message;
    note.hidden = !message;
    note.classList.toggle("cs_problem", problem);
    if (message) list.say(message);
  }

  function plain() {
    form.dataset.sent = "1";
    HTMLFormElement.prototype.submit.call(form);
  }

  function problems(errors) {
    const message = errors.map((one) => one.message).join(" ");
    tell(message, true);
    text.setAttribute("aria-invalid", "true");
    text.focus();
  }

  function done(answer) {
    drafts.forget(key.value);
    if (answer.onward) {
      form.dataset.sent = "1";
      text.value = "";
      location.assign(answer.onward);
      return;
    }
    text.value = "";
    key.value = answer.key;
    text.removeAttribute("aria-invalid");
    form.querySelector('[name="looked"]')?.remove();
    const about = form.elements.namedItem("about_words");
    if (about) about.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    if (answer.own) showOwn(answer.own);
    if (answer.shown) list.own(answer.id);
    tell(answer.says);
  }

  function showOwn(html) {
    const thread = form.closest("[data-thread]");
    let own = thread.querySelector("[data-own-list]");
    if (!own) {
      own = document.createElement("ol");
      own.className = "cs_comments";
      own.id = "own";
      own.dataset.ownList = "";
      own.setAttribute("aria-label", words.own);
      thread.querySelector("[data-list]").before(own);
    }
    own.insertAdjacentHTML("afterbegin", html);
  }

  async function send() {
    sending = true;
    buttons.forEach((one) => one.setAttribute("aria-disabled", "true"));
    tell(words.sending);
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(patience),
      });
      const answer = response.headers.get("Content-Type")?.startsWith("application/json")
        ? await response.json()
        : null;
      if (answer?.ok) done(answer);
      else if (answer?.errors) problems(answer.errors);
      else if (response.status >= 500) tell(words.unsent, true);
      else plain();
    } catch {
      tell(words.unsent, true); // no answer: it may have arrived, and sending it again makes no second one
    }
    sending = false;
    buttons.forEach((one) => one.removeAttribute("aria-disabled"));
  }

  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "preview" || !AbortSignal.timeout) {
      form.dataset.sent = "1";
      return;
    }
    event.preventDefault();
    if (sending || form.hasAttribute("data-stopped")) return;
    send();
  });

  // Closed, paused or open again: at once, and what is typed stays.
  let goesOn = 0;
  section.addEventListener("condition", ({ detail }) => {
    const open = detail.condition === "open";
    clearTimeout(goesOn);
    if (detail.seconds) {
      const event = new CustomEvent("condition", { detail: { condition: "open" } });
      goesOn = setTimeout(() => section.dispatchEvent(event), detail.seconds * 1000);
    }
    if (open && form.hasAttribute("data-stopped")) list.say(words.opened);
    form.toggleAttribute("data-stopped", !open);
    text.readOnly = !open;
    buttons.forEach((one) => (one.disabled = !open));
    condition.hidden = open;
    condition.textContent = open ? "" : `${detail.words} ${text.value.trim() ? words.kept : ""}`;
    if (!open) list.say(condition.textContent);
  });
}
