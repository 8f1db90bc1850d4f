// The theme lets the keyboard reach what scrolls sideways, but looks only when the window changes size. What a reader
// opens must be looked at too.
for (const event of ["click", "toggle"]) {
  document.addEventListener(event, () => setTimeout(() => window.dispatchEvent(new Event("resize"))), true);
}

// On paper nothing can be opened, and a dark page would be pale words on white.
const root = document.documentElement;
let closed, theme;
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((details) => (details.open = true));
  theme = root.dataset.theme;
  root.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  closed.forEach((details) => (details.open = false));
  root.dataset.theme = theme;
});

// A page on the disk may not read another one, so that a search there can list the pages but not quote from them.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
