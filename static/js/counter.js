// How many characters are left, beside a text field. The design system has such a counter; this one speaks the
// language of the page (its words come from the template) and counts as the server does: one for each code point.
// Nothing is cut off while someone types.
const quiet = 1000;
const near = 0.75;

// As the server writes it. A browser that lacks the language of the page would write it as its owner's does: "2.000".
function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function start(field) {
  const input = field.querySelector("input, textarea");
  const message = field.querySelector("[data-count-message]");
  const spoken = field.querySelector("[data-count-spoken]");
  const most = Number(field.dataset.maxlength);
  const atRest = message.textContent;
  let timer = 0;

  function show() {
    const used = [...input.value].length;
    const left = most - used;
    const words = left < 0 ? field.dataset.over : field.dataset.left;
    // Whoever is far from the end is not made to think of it.
    message.textContent = used >= most * near ? words.replace("{n}", grouped(Math.abs(left))) : atRest;
    message.classList.toggle("ds_input__message--error", left < 0);
    input.classList.toggle("ds_input--error", left < 0 || "error" in field.dataset);
    clearTimeout(timer);
    // A screen reader first says what was typed, then hears the count, and only near the end.
    timer = setTimeout(() => {
      spoken.textContent = used >= most * near ? message.textContent : "";
    }, quiet);
  }

  input.addEventListener("input", show);
  if (input.value) show();
}

export function startCounters(root = document) {
  root.querySelectorAll('[data-module="cs-count"]').forEach(start);
}
