// A page of comments: what others say appears when asked for, and what is typed is not lost. Without this script
// the page does the same with forms and links.
import { startDrafts } from "./thread-draft.js";
import { startList } from "./thread-list.js";
import { startOpening } from "./thread-open.js";
import { startPosting } from "./thread-post.js";

const thread = document.querySelector("[data-thread]");
const shared = Boolean(document.querySelector("[data-shared]"));
const drafts = startDrafts(shared);
const list = thread ? startList(thread) : null;

for (const form of document.querySelectorAll("[data-composer]")) {
  drafts.keep(form);
  if (thread) startPosting(form, drafts, list);
}

const section = thread?.querySelector("[data-add]");
if (section?.querySelector("[data-opened]")) startOpening(section, list);

// Words that are selected in the sentence are those that a comment is about.
const sentence = document.querySelector("[data-sentence]");
const about = document.querySelector("[data-about]");
if (sentence && about) {
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().trim();
    if (!words || !sentence.contains(selection.anchorNode) || !sentence.contains(selection.focusNode)) return;
    about.open = true;
    about.querySelector("input").value = words;
  });
}

for (const form of document.querySelectorAll("[data-finish]")) {
  form.addEventListener("submit", () => {
    drafts.forgetAll();
    for (const field of document.querySelectorAll("textarea")) field.value = "";
  });
}

// Somebody else may be at this device now: a page that the browser held back is made anew.
addEventListener("pageshow", (event) => {
  if (event.persisted && (shared || document.querySelector("[data-voice]"))) location.reload();
});

if (thread) import("./live.js");
