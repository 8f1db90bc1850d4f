// Joins the articles of all pages into the one that is open, for the PDF. The pages come in the order of the sidebar; each
// one's identifiers get its number in front, as no two may be the same, and links between pages become links within one.
async () => {
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
        article.id = `p${number}`;
        articles.push(article);
    }
    document.querySelector("#jb-print-docs-body").remove();
    document.querySelector("article.bd-article").replaceWith(...articles);
    document.body.classList.add("whole-book");
    await document.fonts.ready;
    await Promise.all([...document.images].map(image => image.decode()));
}
