// Choosing words by mouse or keyboard. The server counts code points; a browser's selection counts UTF-16
// units inside a text node, so offsets are turned into code points here and nowhere else. Every piece of the
// text carries in data-s where it starts. Without this script the form takes the numbers of words.

const bench = document.querySelector("[data-workbench]");
const text = bench?.querySelector("[data-text]");
if (text) start(bench, text);

function start(form, text) {
  const field = (name) => form.elements.namedItem(name);
  const chosen = form.querySelector("[data-chosen]");
  const pieces = [...text.querySelectorAll("[data-s]")];
  const words = wordsOf(pieces);
  const whole = text.textContent;
  const points = [...whole];
  let anchor = 0; // first word of a choice made by keys, as an index into words
  let focus = -1; // last word of it

  // Choosing ---------------------------------------------------------------------------------------

  function choose(from, to) {
    field("start").value = from;
    field("end").value = to;
    const touched = words.filter((word) => word.start < to && word.end > from);
    field("first").value = touched.length ? touched[0].number : "";
    field("last").value = touched.length ? touched[touched.length - 1].number : "";
    paint(from, to);
    chosen.textContent = `${chosen.dataset.chose} “${points.slice(from, to).join("")}”`;
  }

  function clear() {
    for (const name of ["start", "end", "first", "last"]) field(name).value = "";
    paint(0, 0);
    chosen.textContent = "";
    focus = -1;
  }

  function paint(from, to) {
    const exact = typeof Highlight === "function" && CSS.highlights;
    for (const piece of pieces) {
      const at = Number(piece.dataset.s);
      const covered = at >= from && at + [...piece.textContent].length <= to;
      piece.classList.toggle("wb-piece--chosen", !exact && covered);
    }
    if (!exact) return;
    CSS.highlights.delete("wb-chosen");
    if (to > from) CSS.highlights.set("wb-chosen", new Highlight(rangeOf(from, to)));
  }

  function rangeOf(from, to) {
    const range = document.createRange();
    range.setStart(...place(from, false));
    range.setEnd(...place(to, true));
    return range;
  }

  // The text node and UTF-16 offset of a code point.
  function place(at, isEnd) {
    const holds = (piece) => {
      const first = Number(piece.dataset.s);
      const last = first + [...piece.textContent].length;
      return isEnd ? first < at && at <= last : first <= at && at < last;
    };
    const piece = pieces.find(holds) ?? pieces[isEnd ? pieces.length - 1 : 0];
    const inside = [...piece.textContent].slice(0, at - Number(piece.dataset.s)).join("").length;
    return [piece.firstChild, inside];
  }

  // With the mouse ---------------------------------------------------------------------------------

  function pointOf(node, offset) {
    if (node.nodeType === Node.TEXT_NODE) {
      const piece = node.parentElement.closest("[data-s]");
      return Number(piece.dataset.s) + [...node.data.slice(0, offset)].length;
    }
    const next = node.childNodes[offset];
    if (node === text) return next ? Number(next.dataset.s) : points.length;
    return Number(node.dataset.s) + (offset ? [...node.textContent].length : 0);
  }

  function readSelection(byPointer) {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const all = document.createRange();
    all.selectNodeContents(text);
    if (!range.intersectsNode(text)) return;
    if (range.compareBoundaryPoints(Range.START_TO_START, all) < 0) range.setStart(text, 0);
    if (range.compareBoundaryPoints(Range.END_TO_END, all) > 0) range.setEnd(text, text.childNodes.length);
    const from = pointOf(range.startContainer, range.startOffset);
    const to = pointOf(range.endContainer, range.endOffset);
    const first = words.findIndex((word) => word.end > from);
    const last = words.findLastIndex((word) => word.start < to);
    if (first < 0 || last < first) return;
    anchor = first;
    focus = last;
    choose(words[first].start, words[last].end); // whole words, so that their numbers say the same
    if (byPointer) {
      selection.removeAllRanges();
      selection.addRange(rangeOf(words[first].start, words[last].end));
    }
  }

  document.addEventListener("pointerup", (event) => {
    // The selection stands only after the event; a click elsewhere must not take it for a new one.
    if (text.contains(event.target) || !form.contains(event.target)) setTimeout(() => readSelection(true));
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && document.activeElement !== text) readSelection(false);
  });

  // With the keys ----------------------------------------------------------------------------------

  function goTo(index, extend) {
    focus = Math.max(0, Math.min(words.length - 1, index));
    if (!extend) anchor = focus;
    document.getSelection().removeAllRanges();
    choose(words[Math.min(anchor, focus)].start, words[Math.max(anchor, focus)].end);
    pieces.find((piece) => Number(piece.dataset.n) === words[focus].number).scrollIntoView({ block: "nearest" });
  }

  const moves = {
    ArrowRight: () => focus + 1,
    ArrowLeft: () => (focus < 0 ? 0 : focus - 1),
    Home: () => 0,
    End: () => words.length - 1,
  };
  const stances = { f: "for", a: "against", b: "mixed", n: "none" };
  let typed = "";
  let typedAt = 0;

  function topicByNumber(digit) {
    const now = performance.now();
    const longer = typed + digit;
    typed = now - typedAt < 1500 && topic(longer) ? longer : digit;
    typedAt = now;
    const found = topic(typed);
    if (found) pick(found);
  }

  function topic(number) {
    return [...form.querySelectorAll("[data-topic]")].find(
      (item) => item.dataset.topic.replace(/^\D+/, "") === number,
    );
  }

  function pick(item) {
    const radio = item.querySelector("input");
    radio.checked = true;
    item.scrollIntoView({ block: "nearest" });
    say(item.querySelector("label").textContent.trim());
  }

  function say(what) {
    const words = field("start").value
      ? `${chosen.dataset.chose} “${points.slice(Number(field("start").value), Number(field("end").value)).join("")}”. `
      : "";
    chosen.textContent = words + what;
  }

  function apply() {
    if (!field("first").value) say(chosen.dataset.needWords);
    else if (!field("theme").value) say(chosen.dataset.needTopic);
    else form.requestSubmit();
  }

  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (moves[key] && words.length) goTo(moves[key](), event.shiftKey);
    else if (/^\d$/.test(key)) topicByNumber(key);
    else if (stances[key]) {
      const radio = [...field("stance")].find((one) => one.value === stances[key]);
      radio.checked = true;
      say(radio.closest("label").textContent.trim());
    } else if (key === "Enter") apply();
    else if (key === "Escape") clear();
    else return;
    event.preventDefault();
  });

  // By number, the same as without script ----------------------------------------------------------

  for (const name of ["first", "last"]) {
    field(name).addEventListener("input", () => {
      field("start").value = field("end").value = "";
      const first = words[Number(field("first").value) - 1];
      const last = words[Number(field("last").value || field("first").value) - 1];
      paint(first && last ? first.start : 0, first && last ? last.end : 0);
    });
  }
  const numbers = form.querySelector("[data-numbers]");
  numbers.hidden = false;
  numbers.querySelector("input").addEventListener("change", (event) => {
    form.classList.toggle("wb--numbered", event.target.checked);
  });

  // Finding a topic --------------------------------------------------------------------------------

  const find = form.querySelector("[data-find]");
  const box = find.querySelector("input");
  find.hidden = false;
  const items = [...form.querySelectorAll("[data-topic]")];
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter takes the first that is left; it does not send the form
    const first = items.find((item) => !item.hidden);
    if (first) pick(first);
  });

  if (field("start").value && field("end").value) {
    choose(Number(field("start").value), Number(field("end").value));
    anchor = words.findIndex((word) => word.end > Number(field("start").value));
    focus = words.findLastIndex((word) => word.start < Number(field("end").value));
    if (new URLSearchParams(location.search).has("start")) text.focus({ preventScroll: true });
  }
}

// Start, end and number of every word. A word that a coding cuts in two stands in several pieces.
function wordsOf(pieces) {
  const found = [];
  for (const piece of pieces) {
    if (!piece.dataset.n) continue;
    const number = Number(piece.dataset.n);
    const at = Number(piece.dataset.s);
    const end = at + [...piece.textContent].length;
    const last = found[found.length - 1];
    if (last && last.number === number) last.end = end;
    else found.push({ number, start: at, end });
  }
  return found;
}
