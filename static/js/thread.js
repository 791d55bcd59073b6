// A page of comments: what others say appears when asked for, and what is typed is not lost. Without this script
// the page does the same with forms and links.
import { startDrafts } from "./thread-draft.js";
import { startList } from "./thread-list.js";
import { startPosting } from "./thread-post.js";

const thread = document.querySelector("[data-thread]");
const shared = Boolean(document.querySelector("[data-shared]"));
const drafts = startDrafts(shared);
const list = thread ? startList(thread) : null;

for (const form of document.querySelectorAll("[data-composer]")) {
  drafts.keep(form);
  if (thread) startPosting(form, drafts, list);
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
