// Taking words out by mouse or keyboard: select them in the box, press the button. Without this script
// the moderator types [removed] in their place; the server checks either.
for (const form of document.querySelectorAll("[data-redact]")) {
  const box = form.querySelector("textarea");
  const tools = form.querySelector("[data-tools]");
  const said = form.querySelector("[data-said]");
  const whole = box.defaultValue;
  tools.hidden = false;

  form.querySelector("[data-remove]").addEventListener("click", () => {
    let start = box.selectionStart;
    let end = box.selectionEnd;
    // A selection by double click takes the space after the word with it.
    while (end > start && /\s/.test(box.value[end - 1])) end -= 1;
    while (start < end && /\s/.test(box.value[start])) start += 1;
    if (start === end) {
      said.textContent = said.dataset.none;
      box.focus();
      return;
    }
    box.setRangeText(form.dataset.removed, start, end, "end");
    said.textContent = said.dataset.done;
    box.focus();
  });

  form.querySelector("[data-restore]").addEventListener("click", () => {
    box.value = whole;
    said.textContent = said.dataset.back;
    box.focus();
  });
}
