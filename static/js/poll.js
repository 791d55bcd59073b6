// A vote: the result as it changes, the dots that are left, and voting without leaving the page. A choice that is being
// made is never touched by what arrives.
const quiet = 4000; // between two sentences

function startPoll(stage) {
  const standing = stage.querySelector("[data-standing]");
  const spoken = stage.querySelector("[data-spoken]");
  let revealed = Boolean(standing.querySelector(".cs_result"));
  let saidAt = 0;

  standing.addEventListener("live:change", ({ detail: change }) => {
    if (change.html === null) return;
    standing.innerHTML = change.html;
    if (change.data.revealed === revealed || Date.now() - saidAt < quiet) {
      revealed = change.data.revealed;
      return;
    }
    revealed = change.data.revealed;
    saidAt = Date.now();
    spoken.textContent = revealed ? spoken.dataset.revealed : spoken.dataset.hidden;
  });

  const form = stage.querySelector("[data-ballot]");
  if (!form) return;
  const left = form.querySelector("[data-dots-left]");
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");

  function countDots() {
    if (form.dataset.kind !== "dots" || !left) return;
    const used = [...form.querySelectorAll("select")].reduce((sum, one) => sum + Number(one.value), 0);
    left.textContent = form.dataset.left.replace("{n}", Number(form.dataset.budget) - used);
  }

  form.addEventListener("change", countDots);
  countDots();
  form.addEventListener("submit", async (event) => {
    if (!AbortSignal.timeout) return;
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(15000),
      });
      const answer = await response.json();
      said.textContent = answer.ok ? answer.says : answer.errors.map(({ message }) => message).join(" ");
      said.classList.toggle("cs_problem", !answer.ok);
      form.querySelector("#ballot-problem")?.remove();
      if (answer.ok) button.textContent = button.dataset.change; // it was counted: the next press changes it
    } catch {
      said.textContent = form.dataset.unsent;
      said.classList.add("cs_problem");
    }
    button.removeAttribute("aria-disabled");
  });
}

const start = (root) => root.querySelectorAll("[data-poll-stage]").forEach(startPoll);
start(document);
document.addEventListener("room:stage", ({ detail }) => start(detail.element)); // this part has just been opened
if (document.querySelector("[data-poll-stage]")) import("./live.js");
