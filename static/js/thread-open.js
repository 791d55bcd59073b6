// A page that was loaded while nobody could write has no form. Once people can, it leads to one; nothing moves.
const longest = 24 * 60 * 60; // seconds; a clock in a browser is not to be trusted for longer

export function startOpening(section, list) {
  const condition = section.querySelector("[data-condition]");
  const way = section.querySelector("[data-opened]");
  const words = document.querySelector("[data-words]").dataset;
  let timer = 0;

  function openIn(seconds) {
    clearTimeout(timer);
    if (seconds && seconds < longest) timer = setTimeout(() => show({ condition: "open" }), seconds * 1000);
  }

  function show(now) {
    const open = now.condition === "open";
    const others = open === way.hidden;
    openIn(now.seconds);
    way.hidden = !open;
    condition.hidden = open;
    condition.textContent = open ? "" : now.words;
    if (others) list.say(open ? words.opened : now.words);
  }

  section.addEventListener("condition", ({ detail }) => show(detail));
  openIn(Number(condition.dataset.seconds));
}
