// Dragging cards: with a mouse by the whole card, with a finger by its grip, so that the page still scrolls. The word
// "Move" on each card does the same by keyboard. What is dropped is sent; where it then stands, the server says.
const far = 6; // pixels before a press becomes a drag
const patience = 15000;

export function startDrag(stage, { say, words }) {
  const board = stage.querySelector("[data-board]");
  let drag = null;

  function grip(one) {
    if (one.querySelector(":scope > .cs_grip")) return;
    const handle = document.createElement("span");
    handle.className = "cs_grip";
    handle.setAttribute("aria-hidden", "true");
    one.append(handle);
  }

  const gripAll = () => board.querySelectorAll(".cs_note").forEach(grip);
  gripAll();
  new MutationObserver(gripAll).observe(board, { childList: true, subtree: true });

  board.addEventListener("pointerdown", (event) => {
    const one = event.target.closest(".cs_note");
    const byGrip = event.target.closest(".cs_grip");
    if (!one || event.button || event.target.closest("a,button") || (event.pointerType !== "mouse" && !byGrip)) return;
    drag = { one, id: event.pointerId, x: event.clientX, y: event.clientY, on: false, to: null };
  });

  board.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.on) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < far) return;
      drag.on = true;
      board.setPointerCapture(drag.id);
      drag.one.classList.add("is-dragged");
      document.getSelection()?.removeAllRanges();
    }
    event.preventDefault();
    aim(event.clientX, event.clientY);
  });

  // What is under the pointer: the middle of another card groups with it, its edges and empty places take it in.
  function aim(x, y) {
    clear();
    const under = document.elementFromPoint(x, y);
    const other = under?.closest(".cs_note");
    const list = under?.closest("[data-group],[data-column]") ?? under?.closest(".cs_board__column")?.querySelector("[data-column]");
    drag.to = null;
    if (!list || !board.contains(list)) return;
    if (other && other !== drag.one) {
      const box = other.getBoundingClientRect();
      const part = (y - box.top) / box.height;
      if (part > 0.3 && part < 0.7 && !other.closest("[data-group]")) {
        other.classList.add("is-target");
        drag.to = { group: other };
        return;
      }
      const before = part <= 0.5 ? previous(other) : other;
      other.classList.add(part <= 0.5 ? "is-before" : "is-after");
      drag.to = { list, after: before };
    } else if (!other) {
      list.classList.add("is-target");
      drag.to = { list, after: last(list) };
    }
  }

  function previous(other) {
    let found = other.previousElementSibling;
    while (found === drag.one) found = found.previousElementSibling;
    return found;
  }

  const last = (list) => [...list.children].filter((one) => one !== drag.one).at(-1) ?? null;

  function clear() {
    for (const name of ["is-target", "is-before", "is-after"]) {
      board.querySelectorAll(`.${name}`).forEach((one) => one.classList.remove(name));
    }
  }

  function stop() {
    clear();
    drag?.one.classList.remove("is-dragged");
    const done = drag;
    drag = null;
    return done;
  }

  const name = (one) => (one ? `${one.id[0] === "k" ? "card" : "group"}.${one.id.slice(1)}` : "top");

  board.addEventListener("pointerup", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { one, on, to } = stop();
    if (!on || !to) return;
    const fields = new URLSearchParams({ as: stage.dataset.role });
    if (to.group) {
      fields.set("do", "group");
      fields.set("other", to.group.id.slice(1));
    } else {
      const where = to.list.dataset.group ? `g${to.list.dataset.group}` : to.list.dataset.column;
      fields.set("do", "move");
      fields.set("place", `${where}:${name(to.after)}`);
    }
    send(one, fields);
  });
  board.addEventListener("pointercancel", stop);
  addEventListener("keydown", (event) => event.key === "Escape" && drag && stop());

  async function send(one, fields) {
    const link = one.querySelector("a[href]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!link || !token) return;
    fields.set("csrfmiddlewaretoken", token);
    one.classList.add("is-sent");
    let problem = "";
    try {
      const response = await fetch(link.href, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout?.(patience),
      });
      const answer = await response.json();
      if (!answer.ok) problem = answer.errors.map(({ message }) => message).join(" ");
    } catch {
      problem = words.stuck;
    }
    one.classList.remove("is-sent");
    tell(problem || words.moved, Boolean(problem));
  }

  function tell(message, problem) {
    const line = stage.querySelector("[data-moving]") ?? stage.querySelector("[data-new]").insertAdjacentElement("beforebegin", Object.assign(document.createElement("p"), { className: "cs_small" }));
    line.dataset.moving = "";
    line.textContent = problem ? message : "";
    line.classList.toggle("cs_problem", problem);
    say(message);
  }
}
