// Joins the articles of all pages into the one that is open, for the PDF. The pages come in the order of the sidebar; each
// one's identifiers get its number in front, as no two may be the same, and links between pages become links within one.
// Before them stand a title page and the contents, whose page numbers tools/pdf.py puts in when it knows them.
async (edition) => {
    const entries = [...document.querySelectorAll("nav.bd-links a.reference.internal")];
    const pages = [...new Set(entries.map(entry => new URL(entry.href).pathname))];
    const place = address => {
        const page = pages.indexOf(address.pathname);
        if (page >= 0) return `#p${page}` + address.hash.replace("#", "-");
        return address.origin === location.origin ? "#p0" : address.href;
    };
    const articles = [];
    for (const [number, page] of pages.entries()) {
        const address = new URL(page, location);
        const text = await (await fetch(address)).text();
        const article = new DOMParser().parseFromString(text, "text/html").querySelector("article.bd-article");
        for (const e of article.querySelectorAll("[id]")) e.id = `p${number}-${encodeURIComponent(e.id)}`;
        for (const e of article.querySelectorAll("a[href]")) e.href = place(new URL(e.getAttribute("href"), address));
        for (const e of article.querySelectorAll("img")) {
            e.src = new URL(e.getAttribute("src"), address).href;
            e.loading = "eager"; // paper has no place that nobody has reached yet
        }
        for (const e of article.querySelectorAll("details")) e.open = true;
        for (const e of article.querySelectorAll("p")) {
            if (e.textContent.trimEnd().endsWith(":")) e.style.breakAfter = "avoid"; // what it announces is on its page
        }
        // A section begins where the one before ends, which may be a page before its heading.
        for (const heading of article.querySelectorAll("section > :is(h1, h2, h3, h4)")) {
            const section = heading.parentElement;
            heading.prepend(...section.querySelectorAll(":scope > span[id]:empty"));
            heading.id = section.id;
            section.removeAttribute("id");
        }
        article.id = `p${number}`;
        articles.push(article);
    }
    const make = (tag, name, ...parts) => {
        const element = document.createElement(tag);
        element.className = name;
        element.append(...parts);
        return element;
    };
    const words = heading => {
        const copy = heading.cloneNode(true);
        for (const e of copy.querySelectorAll(".headerlink")) e.remove();
        return copy.textContent.trim();
    };
    const entry = (heading, id, level) => {
        const link = make("a", "", words(heading));
        link.href = `#${id}`;
        return make("li", level, link, make("span", "page-number", "000"));
    };
    const IN_EACH = ["Claims, checked", "Your turn", "Summary", "Further reading", "For builders"];
    const list = make("ul", "printed-contents");
    for (const article of articles) {
        list.append(entry(article.querySelector("h1"), article.id, "chapter"));
        if (!entries.some(e => e.textContent.match(/^\s*\d/) && place(new URL(e.href)) === `#${article.id}`)) continue;
        const named = [...article.querySelectorAll("h2")].filter(h2 => !IN_EACH.includes(words(h2)));
        for (const h2 of named) list.append(entry(h2, h2.id, "section"));
    }
    const title = make("p", "title", "One by One");
    const front = make("article", "bd-article title-page", title, ...edition.map(line => make("p", "", line)));
    const contents = make("article", "bd-article", make("p", "title", "Contents"), list);
    document.querySelector("#jb-print-docs-body").remove();
    document.querySelector("article.bd-article").replaceWith(front, contents, ...articles);
    document.body.classList.add("whole-book");
    await document.fonts.ready;
    await Promise.all([...document.images].map(image => image.decode()));
}
