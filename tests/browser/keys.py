"""Somebody who uses the keyboard alone: where the focus goes, and whether it can be seen there."""

from playwright.sync_api import Locator, Page, expect

# What has the focus now: whether it is something, on the screen, and drawn otherwise than without the focus.
# Boxes that a label draws are looked at through their label.
FOCUS = """
async () => {
  const one = document.activeElement;
  if (!one || one === document.body) return { lost: true };
  const label = one.labels?.[0];
  const look = () => [one, label, one.parentElement].filter(Boolean).flatMap((part) =>
    [null, "::before", "::after"].map((which) => {
      const style = getComputedStyle(part, which);
      return [style.outline, style.boxShadow, style.backgroundColor, style.border, style.color].join();
    })).join("|");
  const place = () => (one.offsetWidth || !label ? one : label).getBoundingClientRect();
  // A part of the page with a scrollbar of its own follows the focus some frames later.
  for (let frame = 0; frame < 30 && (place().bottom <= 0 || place().top >= innerHeight); frame += 1) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  const box = place();
  const focused = look();
  one.blur();
  const plain = look();
  one.focus({ preventScroll: true });
  return {
    lost: false,
    what: one.outerHTML.slice(0, 200),
    seen: focused !== plain,
    onScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
  };
}
"""


class Keys:
    """One window without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def is_seen(self) -> None:
        """The focus is somewhere, on the screen, and one can see where."""
        found = self.page.evaluate(FOCUS)
        assert not found["lost"], f"The focus is lost on {self.page.url}"
        assert found["onScreen"], f"The focus is off the screen: {found['what']}"
        assert found["seen"], f"The focus cannot be seen: {found['what']}"

    def to(self, wanted: Locator, *, watched: bool = True, stops: int = 120, key: str = "Tab") -> None:
        """Press Tab until this has the focus, or another key. `watched`: at every stop it must be seen."""
        expect(wanted).to_be_attached()
        for _step in range(stops):
            self.press(key)
            if watched:
                self.is_seen()
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"The keyboard never came to {wanted} on {self.page.url}")

    def follow(self, name: str) -> None:
        """Tab to the link of this name and take it."""
        self.to(self.page.get_by_role("link", name=name, exact=True).first)
        self.press("Enter")

    def push(self, name: str) -> None:
        """Tab to the button of this name and press it."""
        self.to(self.page.get_by_role("button", name=name, exact=True).first)
        self.press("Enter")
