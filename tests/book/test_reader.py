"""What a reader does with the built pages, from the disk and without a network: open, search, switch, copy, print."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tools.book import chapters, code_cells, lessons, read
from tools.browser import visit
from tools.questions import questions

CHAPTER = "chapters/fully_connected_as_1x1.html"
QUESTIONS = "chapters/channel_convolution.html"
PHONE = 390
MISSED = """() => [...document.querySelectorAll("a[href], button, summary, input, pre")].filter(element =>
    !("reached" in element.dataset) && element.checkVisibility({visibilityProperty: true})
    && (element.tagName !== "PRE" || element.scrollWidth > element.clientWidth))
    .map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture
def chapter(browser, disk):
    with visit(browser, disk, CHAPTER) as seen:
        yield seen.tab
        assert seen.errors == []


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_a_solution_opens_and_closes(chapter, how):
    solution = chapter.locator(".solution.dropdown").first
    inside = solution.locator("section, p:not(.admonition-title)").first

    def press():
        if how == "mouse":
            solution.locator(".admonition-title").click()
        else:
            solution.locator(".toggle-button").press("Enter")

    expect(inside).to_be_hidden()
    press()
    expect(inside).to_be_visible()
    press()
    expect(inside).to_be_hidden()


def test_no_two_exercises_and_no_two_folds_of_figures_are_called_the_same(chapter):
    names = chapter.locator(".solution .toggle-button").evaluate_all("all => all.map(e => e.ariaLabel)")
    folds = chapter.locator("summary:has(.visually-hidden)").evaluate_all("all => all.map(e => e.textContent.trim())")
    assert all(name.startswith("Solution to Exercise") for name in names)
    assert all(name.startswith("Show the code") for name in folds)
    for given in (names, [fold for fold in folds if "of Fig. " in fold]):
        assert len(given) == len(set(given)) > 3
    assert "Toggle hidden content" not in chapter.content()


def test_what_is_printed_has_no_button_to_copy_it(chapter):
    assert chapter.locator(".cell_input button.copybtn").count() > 3
    assert chapter.locator(".output button.copybtn").count() == 0


@pytest.fixture
def question(browser, disk):
    with visit(browser, disk, QUESTIONS) as seen:
        seen.tab.evaluate("localStorage.clear()")
        yield seen.tab.locator("div.predict").first
        assert seen.errors == []


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_a_choice_is_judged_aloud_and_opens_the_answer(question, how):
    answer = question.locator("xpath=following-sibling::details[1]")
    inside = answer.locator(".output, p").first
    buttons = question.get_by_role("group").get_by_role("button")
    right = int(question.get_attribute("data-right"))
    wrong = 0 if right else 1

    def choose(place):
        buttons.nth(place).click() if how == "mouse" else buttons.nth(place).press("Enter")

    verdict = question.get_by_role("status")
    expect(inside).to_be_hidden()
    expect(verdict).to_be_empty()
    choose(wrong)
    expect(verdict).to_contain_text("Not quite: it is ")
    expect(buttons.nth(wrong)).to_have_attribute("aria-pressed", "true")
    expect(inside).to_be_visible()
    choose(right)
    expect(verdict).to_have_text("Right.")
    expect(buttons.nth(wrong)).to_have_attribute("aria-pressed", "false")


def test_all_answers_can_be_shown_and_stay_shown_on_the_next_page(question):
    tab = question.page
    switch, shut = tab.get_by_role("button", name="Answers"), tab.locator("details.answer:not([open])")
    expect(switch).to_have_text("Answers: ask me")
    expect(switch).not_to_have_attribute("aria-pressed", re.compile("true|false"))  # it would say the state twice
    assert shut.count() > 5
    switch.click()
    expect(switch).to_have_text("Answers: shown")
    expect(shut).to_have_count(0)
    tab.locator("a.right-next").click()
    tab.wait_for_url("**/chapters/too_many_feature_maps.html")
    expect(switch).to_have_text("Answers: shown")
    expect(shut).to_have_count(0)


def test_a_link_into_an_answer_opens_it(browser, disk):
    with visit(browser, disk, QUESTIONS + "#there-and-back") as seen:
        expect(seen.tab.locator("#there-and-back")).to_be_visible()


@pytest.mark.parametrize("how", ["mouse", "keyboard", "script"])
def test_a_menu_that_nobody_has_opened_is_not_there_and_opens_at_the_first_try(chapter, how):
    button = chapter.locator(".dropdown-download-buttons button").first
    entry = chapter.locator(".dropdown-download-buttons .dropdown-menu a").first
    assert not chapter.evaluate("Boolean(window.bootstrap)")
    if how == "mouse":
        button.click()
    elif how == "keyboard":
        button.press("Enter")
    else:
        button.evaluate("button => button.click()")  # nothing has come before it
    expect(entry).to_be_visible()
    expect(chapter.locator(".dropdown-download-buttons .dropdown-menu.show")).to_be_visible()  # its script has come
    chapter.mouse.move(0, 500)  # the theme shows the menu under the mouse, too
    chapter.keyboard.press("Escape")
    expect(entry).to_be_hidden()


@pytest.mark.parametrize("page", [CHAPTER, "chapters/lib.html"])
def test_what_is_out_of_sight_comes_when_there_is_nothing_else_to_do(browser, disk, page):
    with visit(browser, disk, page) as seen:
        seen.tab.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
        seen.tab.wait_for_function(
            "[...document.querySelectorAll('article *')]"
            ".every(part => getComputedStyle(part).contentVisibility === 'visible')"
        )


def test_the_place_on_the_page_is_marked_in_its_contents(chapter):
    chapter.evaluate("scrollTo({top: 2500, behavior: 'instant'})")
    expect(chapter.locator(".bd-toc-nav a.active").first).to_be_visible()


PLACE = "chapters/resnet.html", "claims-checked"
MISSES = "id => Math.abs(document.getElementById(id).getBoundingClientRect().top - {place}) < 60"


@pytest.mark.parametrize("width", [1400, PHONE])
@pytest.mark.parametrize("how", ["address", "click"])
@pytest.mark.parametrize(
    "there", [PLACE, ("chapters/channel_convolution.html", "first-weights")], ids=["", "explorables"]
)
def test_a_link_to_a_place_far_down_a_page_leads_there(browser, disk, how, width, there):
    page, place = there
    with visit(browser, disk, page + (f"#{place}" if how == "address" else ""), width) as seen:
        if how == "click":
            seen.tab.evaluate("id => document.querySelector(`.bd-toc-nav a[href='#${id}']`).click()", place)
        seen.tab.wait_for_function(MISSES.format(place=64), arg=place)
        seen.tab.wait_for_timeout(500)
        assert seen.tab.evaluate(MISSES.format(place=64), place)  # and stays


@pytest.mark.parametrize("width", [1400, PHONE])
def test_code_out_of_sight_keeps_its_place_and_is_found(browser, disk, width):
    with visit(browser, disk, QUESTIONS, width) as seen:
        height = "document.querySelector('article').getBoundingClientRect().height"
        kept = seen.tab.evaluate(height)
        last = seen.tab.locator("article .highlight > pre.n:visible").last
        word = last.text_content().split()[-1]
        assert seen.tab.evaluate("word => find(word, false, true, true)", word)  # from the end: nobody has been there
        seen.tab.evaluate("document.documentElement.classList.add('whole')")
        assert abs(seen.tab.evaluate(height) / kept - 1) < (0.03 if width == PHONE else 0.002)


def test_a_page_is_dark_before_it_is_drawn(browser, disk):
    page = browser.new_page(color_scheme="dark")
    page.route("**/pages.js*", lambda route: route.abort())  # as if it had not come yet
    page.goto(disk + CHAPTER)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.close()


def test_where_the_browser_keeps_nothing_the_page_works_all_the_same(browser, disk):
    page, errors = browser.new_page(color_scheme="dark"), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        "{configurable: true, get() { throw new DOMException('denied', 'SecurityError'); }})"
    )
    page.goto(disk + "chapters/resnet.html")
    page.get_by_role("group").get_by_role("button").first.wait_for()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert errors == []
    page.close()


def test_on_paper_are_also_the_pictures_that_nobody_has_scrolled_to(browser, disk):
    page = browser.new_page()
    page.add_init_script("window.requestIdleCallback = () => 0;")  # in idle time they are all fetched
    page.goto(disk + QUESTIONS)
    missing = "[...document.images].filter(image => !image.complete || !image.naturalWidth).length"
    assert page.evaluate(missing) > 2
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(f"{missing} === 0")
    page.close()


def test_without_a_script_the_options_are_a_list_and_the_answer_a_fold(browser, disk):
    page = browser.new_page(java_script_enabled=False)
    page.goto(disk + QUESTIONS)
    assert page.locator("div.predict li").count() >= 14
    answer = page.locator("details.answer").first
    expect(answer.locator("p").first).to_be_hidden()
    answer.locator("summary").first.click()
    expect(answer.locator("p").first).to_be_visible()
    page.close()


def test_a_search_finds_the_chapters_that_speak_of_a_word(chapter):
    chapter.keyboard.press("Control+k")
    chapter.keyboard.type("bottleneck")
    chapter.keyboard.press("Enter")
    chapter.wait_for_url("**/search.html?q=bottleneck*")
    chapter.wait_for_selector("ul.search li a")
    found = [link.get_attribute("href") for link in chapter.locator("ul.search li a").all()]
    assert any("chapters/resnet.html" in link for link in found)
    chapter.locator("ul.search li a[href*='resnet.html']").first.click()
    chapter.wait_for_url("**/chapters/resnet.html*")
    assert "bottleneck" in chapter.locator("article").inner_text()


def test_words_typed_on_the_page_of_questions_leave_those_that_have_them_all(browser, disk):
    with visit(browser, disk, "chapters/questions.html") as seen:
        tab, every = seen.tab, seen.tab.locator("section:has(> .asked)")
        total = every.count()
        assert total == len(questions())
        tab.get_by_label("Find a question").fill("1x1 STRIDE")
        left = every.locator("visible=true")
        expect(tab.locator(".finder [role=status]")).to_have_text(f"{left.count()} of {total} questions")
        assert 0 < left.count() < total
        for question in left.all():
            words = question.inner_text().lower()
            assert "1×1" in words
            assert "stride" in words
        tab.get_by_label("Find a question").fill("Why does a ResNet stride zzzz?")
        expect(tab.locator(".finder [role=status]")).to_contain_text("with 2 of 3 words")
        assert "stride" in left.first.inner_text().lower()
        assert "resnet" in left.first.inner_text().lower()
        tab.get_by_label("Find a question").fill("zzzz yyyy")
        expect(tab.locator(".finder [role=status]")).to_have_text(f"0 of {total} questions")
        expect(tab.locator("article h2").locator("visible=true")).to_have_count(0)
        tab.get_by_label("Find a question").fill("")
        expect(every.locator("visible=true")).to_have_count(total)
        assert seen.errors == []


def test_the_search_finds_each_question_among_the_first_three(browser, disk):
    with visit(browser, disk, "search.html") as seen:
        lost = []
        for question in questions():
            seen.tab.goto(f"{disk}search.html?{urlencode({'q': question.ask})}")
            first = seen.tab.locator("ul.search li a").first
            first.wait_for()
            places = seen.tab.locator("ul.search li > a").evaluate_all("links => links.slice(0, 3).map(a => a.href)")
            if not any("chapters/questions.html#" in place for place in places):
                lost.append((question.ask, places))
        assert lost == []


def test_the_chosen_theme_stays_from_page_to_page(chapter):
    page, button = chapter.locator("html"), chapter.locator("button.theme-switch-button:visible").first
    for mode in ("dark", "light", "auto", "dark"):  # a reader whose screen is light meets them in this order
        button.click()
        expect(page).to_have_attribute("data-mode", mode)  # or the next click might come first
        expect(button).to_have_accessible_name(f"Colours: {mode}")
    expect(page).to_have_attribute("data-theme", "dark")
    chapter.locator("a.left-prev").click()
    chapter.wait_for_url("**/chapters/resnet.html")
    assert chapter.evaluate("document.documentElement.dataset.theme") == "dark"  # at once, and not after a flash


def test_a_copied_cell_is_the_cell(chapter):
    stem = CHAPTER.removeprefix("chapters/").removesuffix(".html")
    code = code_cells(next(read(path) for path in chapters() if path.stem == stem))
    place = next(k for k, cell in enumerate(code) if not cell.metadata.get("tags"))  # the first that is in sight
    chapter.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = chapter.locator(".cell_input .highlight").nth(place)
    block.hover()
    block.locator("button.copybtn").click()
    assert chapter.evaluate("navigator.clipboard.readText()").rstrip("\n") == code[place].source


def test_the_keyboard_reaches_everything(chapter):
    chapter.evaluate("document.activeElement.blur()")
    chapter.keyboard.press("Tab")
    assert chapter.evaluate("document.activeElement.innerText") == "Skip to main content"
    reached = "e => { const a = document.activeElement; a.dataset.reached = 1; return a === document.body }"
    for _ in range(1000):
        if chapter.evaluate(reached):
            break
        chapter.keyboard.press("Tab")
    assert chapter.locator("[data-reached]").count() > 100
    assert chapter.evaluate(MISSED) == []


def test_a_phone_has_a_menu_and_whole_figures(browser, disk):
    with visit(browser, disk, CHAPTER, PHONE) as seen:
        menu = seen.tab.locator(".bd-sidebar-primary")
        assert not menu.is_visible()
        seen.tab.locator("button.primary-toggle:visible").click()
        menu.locator("a[href*='glossary.html']").click()
        seen.tab.wait_for_url("**/chapters/glossary.html")
    with visit(browser, disk, CHAPTER, PHONE) as seen:
        figures = "[...document.querySelectorAll('article figure:not(details *) img')]"
        wide = seen.tab.evaluate(f"{figures}.map(i => i.getBoundingClientRect().width)")
        assert min(wide) > 0.94 * PHONE
        assert max(wide) <= PHONE


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_on_a_phone_no_line_of_code_is_cut(browser, disk, path):
    with visit(browser, disk, f"chapters/{path.stem}.html", PHONE) as seen:
        assert seen.tab.locator(".cell_input pre:visible").count() > 3
        cut = "[...document.querySelectorAll('.highlight pre')].filter(e => e.scrollWidth > e.clientWidth)"
        assert seen.tab.evaluate(f"{cut}.filter(e => e.checkVisibility()).map(e => e.textContent)") == []
