// The theme lets the keyboard reach what scrolls sideways, but looks only when the window changes size. What a reader
// opens, or scrolls to, must be looked at too.
for (const event of ["click", "toggle", "contentvisibilityautostatechange"]) {
  document.addEventListener(event, () => setTimeout(() => window.dispatchEvent(new Event("resize"))), true);
}

// The theme does not know of formulas.
const scrolls = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    for (const [name, value] of [["tabindex", 0], ["role", "group"], ["aria-label", "Formula"]]) {
      if (wide) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".formula").forEach((formula) => scrolls.observe(formula));
});

// What is out of sight is not laid out (book.css), and may take more or less room than is kept for it. Before a link
// leads to a place on the page, all is laid out, or it would miss. (A page that begins with such a link knows by itself.)
const layOutAll = (event) => {
  if (event.target.closest?.('a[href*="#"]')) document.documentElement.classList.add("whole");
};
document.addEventListener("click", layOutAll, true);

// When the page is there and the browser has nothing to do, the rest comes, a little at a time: all is laid out and
// pictures are fetched, for whoever scrolls fast, takes a photograph of the page, or loses the network.
const whenIdle = window.requestIdleCallback ?? ((step) => setTimeout(step, 50));
window.addEventListener("load", () => {
  const aside = [...document.querySelectorAll(".highlight > pre.n, dl.py > dd")];
  const pictures = [...document.querySelectorAll("img[loading=lazy]")];
  const step = () => {
    for (const part of aside.splice(0, 1)) part.style.contentVisibility = "visible";
    for (const picture of pictures.splice(0, 1)) picture.loading = "eager";
    if (aside.length + pictures.length) whenIdle(step);
    else window.dispatchEvent(new Event("resize")); // for the theme, as above
  };
  whenIdle(step);
});

// The outline marks the section in sight, but only once a tenth of it is: of a long one, never.
document.body.dataset.bsThreshold = "0,0.1,0.5,1";

// On paper nothing can be opened, nor scrolled to, and a dark page would be pale words on white.
const root = document.documentElement;
let closed, theme;
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  closed.forEach((details) => (details.open = true));
  document.querySelectorAll("img[loading=lazy]").forEach((image) => (image.loading = "eager"));
  theme = root.dataset.theme;
  root.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  closed.forEach((details) => (details.open = false));
  root.dataset.theme = theme;
});

// Titles have the apostrophes of print, and people type the plain one.
const query = new URLSearchParams(location.search);
if (query.get("q")?.includes("'")) {
  query.set("q", query.get("q").replaceAll("'", "’"));
  history.replaceState(null, "", `?${query}`);
}

// A page on the disk may not read another one, so that a search there can list the pages but not quote from them.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// What the theme's buttons do is the same for all, or is not said: which exercise, and which colours.
function nameButtons() {
  for (const button of document.querySelectorAll(".toggle-button")) {
    button.setAttribute("aria-label", button.parentElement.textContent.trim());
    button.firstElementChild.setAttribute("aria-hidden", "true");
  }
  document.querySelectorAll(".copybtn").forEach((button) => button.setAttribute("aria-label", "Copy the code"));
  const nameMode = () => {
    for (const button of document.querySelectorAll(".theme-switch-button")) {
      button.setAttribute("aria-label", `Colours: ${root.dataset.mode}`);
    }
  };
  nameMode();
  new MutationObserver(nameMode).observe(root, { attributeFilter: ["data-mode"] });
}

// Predictions. A question's options become buttons; a choice is judged, and opens the answer. One switch, kept from page to
// page, opens all answers of the book.
const KEPT = "one-by-one answers";

function ask(question, number) {
  const answer = question.nextElementSibling;
  const list = [...question.querySelectorAll("ul")].pop();
  const items = [...list.children];
  const group = document.createElement("div");
  group.className = "options";
  group.setAttribute("role", "group");
  const text = list.previousElementSibling;
  text.id ||= `question-${number}`;
  group.setAttribute("aria-labelledby", text.id);
  const verdict = document.createElement("p");
  verdict.className = "verdict";
  verdict.setAttribute("role", "status"); // which a screen reader speaks when it changes
  items.forEach((item, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...(item.querySelector("p") ?? item).childNodes);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
      const right = group.children[Number(question.dataset.right)];
      right.classList.add("right");
      verdict.textContent = button === right ? "Right." : `Not quite: it is ${right.textContent.trim()}.`;
      answer.open = true;
    });
    group.append(button);
  });
  list.replaceWith(group, verdict);
}

function offerAllAnswers(answers) {
  const place = document.querySelector(".article-header-buttons");
  if (!place) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm answers-switch";
  const show = (all) => {
    button.textContent = all ? "Answers: shown" : "Answers: ask me";
    answers.forEach((answer) => (answer.open = all));
  };
  let all = localStorage.getItem(KEPT) === "shown";
  button.title = "Show all answers of the book, or be asked first";
  button.addEventListener("click", () => {
    all = !all;
    localStorage.setItem(KEPT, all ? "shown" : "ask");
    show(all);
  });
  // Other pages that are open follow, and one that was opened before the choice was written down.
  window.addEventListener("storage", (event) => {
    if (event.key === KEPT) show((all = event.newValue === "shown"));
  });
  show(all);
  place.prepend(button);
}

// The page of questions: of what stands under its headings, only what has all the words typed stays in sight.
function offerFinding(finder) {
  const questions = [...document.querySelectorAll("section:has(> .asked)")];
  const plain = (text) => text.toLowerCase().replaceAll("×", "x").replaceAll("’", "'");
  const texts = questions.map((question) => plain(question.textContent));
  const [words, found] = [finder.querySelector("input"), finder.querySelector("span")];
  const SILENT = "a an and are as at be by can do does for from has have how i if in is it of on or should so than that the there to vs was what when where which who why will with";
  const empty = new Set(SILENT.split(" "));
  words.addEventListener("keydown", (event) => event.key === "Enter" && words.blur()); // the keyboard of a phone goes
  words.addEventListener("input", () => {
    // Without the words that say nothing, and those with most of the rest.
    const wanted = plain(words.value).split(/[\s?,.]+/).filter((word) => word && !empty.has(word));
    const met = texts.map((text) => wanted.filter((word) => text.includes(word.replace(/(?<=...)s$/, ""))).length);
    const most = Math.max(...met);
    questions.forEach((question, k) => (question.hidden = met[k] < most || (wanted.length > 0 && !most)));
    if (matchMedia("(hover: none)").matches) finder.scrollIntoView(); // or the keyboard would hide what is found
    const groups = new Set(questions.map((question) => question.parentElement));
    for (const group of groups) group.hidden = ![...group.children].some((part) => part.matches("section:not([hidden])"));
    const left = questions.filter((question) => !question.hidden).length;
    const some = most < wanted.length ? `, with ${most} of ${wanted.length} words` : "";
    found.textContent = wanted.length ? `${left} of ${questions.length} questions${left ? some : ""}` : "";
  });
}

const targeted = () => location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));

// What is drawn late moves the place to which an address leads. Until the reader does something, the page stays with it.
function stayWithTarget() {
  const target = targeted();
  if (!target) return;
  const grown = new ResizeObserver(() => target.scrollIntoView({ behavior: "instant" }));
  const stop = () => grown.disconnect();
  grown.observe(document.querySelector("article"));
  for (const sign of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(sign, stop, { once: true });
  setTimeout(stop, 5000);
}

// A link may lead into an answer.
function openTarget() {
  const target = targeted();
  const answer = target && target.closest("details.answer:not([open])");
  if (answer) {
    answer.open = true;
    target.scrollIntoView();
  }
}

window.addEventListener("hashchange", openTarget);
document.addEventListener("DOMContentLoaded", () => {
  nameButtons();
  document.querySelectorAll("div.predict").forEach(ask);
  const answers = document.querySelectorAll("details.answer");
  if (answers.length) offerAllAnswers(answers);
  const finder = document.querySelector(".finder");
  if (finder) offerFinding(finder);
  openTarget();
  stayWithTarget();
});
