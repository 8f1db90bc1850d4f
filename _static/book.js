// The theme lets the keyboard reach what scrolls sideways, but looks only when the window changes size. What a reader
// opens must be looked at too.
for (const event of ["click", "toggle"]) {
  document.addEventListener(event, () => setTimeout(() => window.dispatchEvent(new Event("resize"))), true);
}

// Paper is white: a dark page would be printed with pale words.
let shown;
window.addEventListener("beforeprint", () => {
  shown = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = shown;
});
