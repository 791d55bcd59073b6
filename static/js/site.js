// On every page, and nothing here is needed: each page works without script.
const here = document.querySelector("script[data-design-system]");

// The design system's script is fetched only by a page that uses one of its components. initAll() would also start
// its analytics tagging, which has no place here, so that part is put to sleep first.
async function startDesignSystem() {
  if (!document.querySelector('[data-module^="ds-"]')) return;
  const { default: DS } = await import(here.dataset.designSystem);
  DS.base.tools.tracking.init = () => {};
  document.documentElement.classList.add("js-enabled");
  DS.initAll();
}

async function startCounters() {
  if (!document.querySelector('[data-module="cs-count"]')) return;
  (await import("./counter.js")).startCounters();
}

// Someone who sent a form with a fault lands on the list of what to put right.
function showErrors() {
  document.querySelector(".ds_error-summary")?.focus();
}

function closeMenuOnEscape() {
  const menu = document.querySelector(".cs_menu");
  menu?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

closeMenuOnEscape();
showErrors();
startCounters();
startDesignSystem();
