// Where a comment stands: above the list when it is pinned, in the list, or under another. The page says its order and
// whether it is the first and the last of its pages; each comment says its number, its pin and its support.
export function startPlaces(thread) {
  const list = thread.querySelector("[data-list]");
  const { order } = thread.dataset;
  const isFirst = "first" in thread.dataset;
  const isLast = "last" in thread.dataset;

  // Numbers by which the server orders as well: the smaller stands before.
  function rank(one, into) {
    const [seq, pinned, supported] = ["seq", "pinned", "supported"].map((name) => Number(one.dataset[name] ?? 0));
    if (into.matches("[data-pins]")) return [-pinned];
    if (into !== list) return [pinned ? 0 : 1, pinned, seq];
    if (order === "supported") return [-supported, -seq];
    return [order === "oldest" ? seq : -seq];
  }

  function isBefore(one, other, into) {
    const others = rank(other, into);
    const part = rank(one, into).map((number, at) => number - others[at]).find((difference) => difference);
    return part < 0;
  }

  function insert(into, one) {
    const behind = [...into.children].find((each) => each !== one && isBefore(one, each, into));
    into.insertBefore(one, behind ?? null);
  }

  // Between the first and the last that are here, or beyond them where no other page begins.
  function belongs(one) {
    if ("pinned" in one.dataset) return isFirst;
    const rows = [...list.children].filter((each) => each !== one);
    if (!rows.length) return isFirst && isLast;
    return (isFirst || isBefore(rows[0], one, list)) && (isLast || isBefore(one, rows.at(-1), list));
  }

  function pins() {
    const found = thread.querySelector("[data-pins]");
    if (found) return found;
    const made = document.createElement("ol");
    made.className = "cs_comments cs_comments--pinned";
    made.dataset.pins = "";
    made.setAttribute("aria-label", document.querySelector("[data-words]").dataset.pinned);
    list.before(made);
    return made;
  }

  function replies(parent) {
    const found = parent.querySelector("[data-replies]");
    if (found) return found;
    const made = document.createElement("ol");
    made.className = "cs_comments";
    made.dataset.replies = "";
    parent.querySelector("article").after(made);
    return made;
  }

  function put(one, parent) {
    const from = one.parentElement;
    if (parent) insert(replies(parent), one);
    else insert("pinned" in one.dataset ? pins() : list, one);
    tidy(from);
  }

  function tidy(from) {
    if (from?.matches("[data-pins]") && !from.children.length) from.remove();
  }

  // A pin came or went. On a page in the middle nothing is above the list, and what is read there stays.
  function moved(one, fresh, parent) {
    for (const name of ["pinned", "supported"]) {
      if (name in fresh.dataset) one.dataset[name] = fresh.dataset[name];
      else delete one.dataset[name];
    }
    if (!parent && one.parentElement === list && "pinned" in one.dataset && !isFirst) return;
    const focused = one.contains(document.activeElement) ? document.activeElement : null;
    if (parent || belongs(one)) put(one, parent);
    else leave(one);
    if (focused) (focused.isConnected ? focused : thread.querySelector("#list")).focus({ preventScroll: true });
  }

  function leave(one) {
    const from = one.parentElement;
    one.remove();
    tidy(from);
  }

  return { belongs, put, moved };
}
