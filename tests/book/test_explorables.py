"""The pictures that a reader can touch: their arithmetic against lib and PyTorch, and what readers do with them."""

import gzip
import json
import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from lib.convolution import conv2d
from tools.book import HTML, ROOT, chapters, read
from tools.browser import PAGES, visit
from tools.explorables import ELEMENT, bare, explorables
from tools.standalone import standalone

SCRIPT, STYLE = (ROOT / "_static" / name for name in ("explorables.js", "explorables.css"))
#: Every explorable: its name, its chapter, and its HTML as it is stored.
FOUND = {name: (path, html) for path in chapters() for name, (_, html) in explorables(read(path)).items()}
PHONE = 390


def compressed(text):
    return len(gzip.compress(text.encode(), 9))


# ------------------------------------------------------------------------------------------------------------ Bytes


def test_the_script_and_the_style_sheet_are_small_and_readable():
    script, style = (file.read_text(encoding="utf-8") for file in (SCRIPT, STYLE))
    assert compressed(script) <= 12_000
    assert compressed(style) <= 2_000
    assert "</script" not in script  # which would end the copy that a notebook carries
    assert "</style" not in style
    assert not re.search(r"\b(import|export|fetch|XMLHttpRequest|Worker|eval)\b\s*\(?", re.sub(r"//.*", "", script))
    assert max(map(len, script.splitlines())) <= 125


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_the_numbers_of_a_chapter_are_few(path):
    assert compressed("".join(bare(html) for _, html in explorables(read(path)).values())) <= 30_000


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_the_script_if_it_has_an_explorable_and_carries_no_copy(page):
    text = (HTML / page).read_text(encoding="utf-8")
    assert "explorable-code" not in text
    for file in (SCRIPT, STYLE):
        assert (f"_static/{file.name}" in text) == (ELEMENT in text)


# ------------------------------------------------------------------------------------------------------- Arithmetic


@pytest.fixture(scope="module")
def script(browser):
    """An empty page with the script; ``script(expression, argument)`` computes with it."""
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)
    yield lambda expression, argument: page.evaluate(f"given => {{const my = oneByOne; return {expression}}}", argument)
    page.close()


def many(cases):
    """A few lists of many cases, so that the browser is asked a few times for many answers."""

    def with_cases(test):
        return settings(max_examples=8, deadline=None)(given(cases=st.lists(cases, min_size=20, max_size=40))(test))

    return with_cases


@st.composite
def layers(draw):
    """Input, weight, stride, padding and dilation that fit one another."""
    k, stride, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    padding, channels = draw(st.integers(0, 3)), draw(st.integers(1, 4))
    least = max(1, dilation * (k - 1) + 1 - 2 * padding)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.normal(size=(channels, draw(st.integers(least, least + 4)), draw(st.integers(least, least + 4))))
    return x, rng.normal(size=(draw(st.integers(1, 3)), channels, k, k)), stride, padding, dilation


@many(layers())
def test_its_convolution_is_that_of_lib_and_of_pytorch(script, cases):
    given = [[x.tolist(), w.tolist(), {"stride": s, "padding": p, "dilation": d}] for x, w, s, p, d in cases]
    for out, (x, weight, *options) in zip(
        script("given.map(([x, w, o]) => my.conv2d(x, w, o))", given), cases, strict=True
    ):
        expected = conv2d(x, weight, None, *options)
        assert np.shape(out) == expected.shape
        np.testing.assert_allclose(out, expected, atol=1e-12)
        pytorchs = F.conv2d(torch.from_numpy(x), torch.from_numpy(weight), None, *options)
        np.testing.assert_allclose(out, pytorchs, atol=1e-12)


# --------------------------------------------------------------------------------------------------- What all can do


def show(browser, address, name, **options):
    """The page of an explorable. To be used with ``with``."""
    return visit(browser, address, f"chapters/{FOUND[name][0].stem}.html", **options)


def element(seen, name):
    return seen.tab.locator(f"one-explorable[name={name}]")


def said(part):
    return part.locator(".status").inner_text()


# Two further states of each, as buttons to press or keys.
STATES = {"explore-stepper": (["Step", "Step"], ["3×3", "Step", "key:End"])}
every = pytest.mark.parametrize("name", FOUND)


def test_every_explorable_is_here():
    assert set(STATES) == set(FOUND)


def bring(part, actions):
    for action in actions:
        if action.startswith("key:"):
            part.page.keyboard.press(action.removeprefix("key:"))
        else:
            part.get_by_role("button", name=action, exact=True).first.click()


def assert_readable(seen):
    """Axe finds nothing grave in the explorables, and nothing as pale as its paper, which it only calls incomplete."""
    found = Axe().run(seen.tab, {"include": [["one-explorable"]]}, {"preload": False}).response
    grave = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
    assert {rule["id"]: rule["nodes"][0]["html"] for rule in grave} == {}
    for rule in found["incomplete"]:
        for node in rule["nodes"] if rule["id"] == "color-contrast" else ():
            for check in node["any"]:
                assert check["data"].get("messageKey") != "equalRatio", node["html"]


@every
@pytest.mark.parametrize("width", [1400, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_readable_and_fits(browser, disk, name, width, scheme):
    with show(browser, disk, name, width=width, scheme=scheme) as seen:
        part = element(seen, name)
        for actions in ([], *STATES[name]):
            bring(part, actions)
            assert_readable(seen)
            wide = "e => [...e.querySelectorAll('.live *')].every(c => c.getBoundingClientRect().right <= innerWidth)"
            assert part.evaluate(wide)
            small = "b => Math.min(b.offsetWidth, b.offsetHeight)"
            assert all(b.evaluate(small) >= 44 for b in part.locator("button:visible").all())
        assert (seen.errors, seen.leaving) == ([], [])


@every
def test_what_it_shows_is_spoken_and_can_be_linked(browser, disk, name):
    with show(browser, disk, name) as seen:
        part = element(seen, name)
        first = said(part)
        assert "#" not in seen.tab.url  # nothing was done yet
        expect(part.get_by_role("status")).to_have_attribute("aria-live", "polite")
        bring(part, STATES[name][1])
        expect(part.get_by_role("status")).not_to_have_text(first)
        seen.tab.wait_for_function(f"location.hash.startsWith('#{name}?')")
        link, words = seen.tab.url, said(part)
    page = browser.new_page()
    page.goto(link)
    expect(page.locator(f"one-explorable[name={name}] .status")).to_have_text(words)
    expect(page.locator(f"one-explorable[name={name}]")).to_be_in_viewport()
    page.close()


@every
def test_without_a_script_and_on_paper_it_is_a_still_picture(browser, disk, name):
    page = browser.new_page(java_script_enabled=False)
    page.goto(disk + f"chapters/{FOUND[name][0].stem}.html")
    part = page.locator(f"one-explorable[name={name}]")
    expect(part.locator(".still")).to_be_visible()
    picture = part.locator(".still svg, .still table").first
    assert picture.bounding_box()["height"] > 50
    page.close()
    with show(browser, disk, name) as seen:
        part = element(seen, name)
        expect(part.locator(".still")).to_be_hidden()
        expect(part.locator(".live")).to_be_visible()
        seen.tab.emulate_media(media="print")
        expect(part.locator(".still")).to_be_visible()
        expect(part.locator(".live")).to_be_hidden()


@every
def test_it_is_the_same_from_a_server_and_in_a_copy_that_stands_alone(browser, online, disk, name, tmp_path):
    with show(browser, online, name) as served, show(browser, disk, name) as here:
        assert said(element(served, name)) == said(element(here, name))
        words = said(element(here, name))
    # As a notebook shows an output: put in as HTML, its scripts then run. Twice, since each output carries the script.
    outputs = [
        output.data["text/html"]
        for cell in standalone(read(FOUND[name][0])).cells
        for output in cell.get("outputs", [])
        if f'name="{name}"' in output.get("data", {}).get("text/html", "")
    ]
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("about:blank")
    run = """html => {
        const place = document.body.appendChild(document.createElement("div"));
        place.innerHTML = html;
        for (const old of place.querySelectorAll("script")) {
            const script = document.createElement("script");
            for (const {name, value} of old.attributes) script.setAttribute(name, value);
            script.textContent = old.textContent;
            old.replaceWith(script);
        }
    }"""
    for _ in range(2):
        page.evaluate(run, outputs[0])
    assert page.locator(".status").all_inner_texts() == [words, words]
    bring(page.locator("one-explorable").nth(1), STATES[name][0])
    assert page.locator(".status").first.inner_text() == words
    assert page.locator(".status").nth(1).inner_text() != words
    assert errors == []
    assert "#" not in page.url
    page.close()


# ----------------------------------------------------------------------------------------------------------- Stepper


def numbers(name):
    """The numbers that the page of an explorable stores."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', FOUND[name][1])[1])


def minus(number):
    return f"{number}".replace("-", "−")


def spoken_step(x, weight, step):
    """What the stepper should say at one step, from lib's convolution."""
    y = conv2d(x, weight)
    filters, k = len(weight), weight.shape[2]
    (row, column), o = divmod(step // filters, y.shape[2]), step % filters
    seen = x[:, row : row + k, column : column + k]
    if k == 1:
        pairs = zip(weight[o].ravel(), seen.ravel(), strict=True)
        how = " + ".join(f"{minus(w)} × {minus(p) if p >= 0 else f'({minus(p)})'}" for w, p in pairs)
    else:
        a, *others = (weight[o] * seen).sum((1, 2))
        how = f"{k * k} products from each map, added: {minus(a)}"
        how += "".join(f" {'−' if b < 0 else '+'} {abs(b)}" for b in others)
    at = f"Filter {o + 1}, at row {row + 1}, column {column + 1} of all {len(x)} maps at once"
    return f"Step {step + 1} of {y.size}. {at}: {how} = {minus(y[o, row, column])}."


@pytest.fixture
def stepper(browser, disk):
    with show(browser, disk, "explore-stepper") as seen:
        yield element(seen, "explore-stepper")
        assert seen.errors == []


def test_a_walk_with_the_keyboard_says_at_each_step_what_lib_computes(stepper):
    held = numbers("explore-stepper")
    x, keys = np.array(held["input"]), stepper.page.keyboard
    for layer, weight in zip(("1×1", "3×3"), held["weights"], strict=True):
        weight = np.array(weight)
        size = conv2d(x, weight).size
        button = stepper.get_by_role("button", name=layer)
        button.focus()
        keys.press("Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        heard = [said(stepper)]
        for _ in range(size):  # once more than there are steps: the last one stays
            keys.press("ArrowRight")
            heard.append(said(stepper))
        assert heard == [spoken_step(x, weight, step) for step in (*range(size), size - 1)]
        keys.press("Home")
        assert said(stepper) == heard[0]
        keys.press("End")
        assert said(stepper) == heard[-1]
        keys.press("ArrowLeft")
        assert said(stepper) == heard[-3]
        slider = stepper.get_by_role("slider", name="Step")
        slider.focus()
        keys.press("Home")
        keys.press("ArrowRight")
        assert said(stepper) == heard[1]
        expect(slider).to_have_attribute("aria-valuetext", "step 2")


def test_the_maps_fill_with_what_lib_computes(stepper):
    held = numbers("explore-stepper")
    for layer, weight in zip(("1×1", "3×3"), held["weights"], strict=True):
        bring(stepper, [layer, "key:End"])
        y = conv2d(np.array(held["input"]), np.array(weight))
        for o, expected in enumerate(y):
            cells = stepper.get_by_role("table", name=f"Map {o + 1} out").get_by_role("cell").all_inner_texts()
            assert [int(cell.replace("−", "-")) for cell in cells] == expected.ravel().tolist()
        bring(stepper, ["key:Home"])
        cells = stepper.get_by_role("table", name="Map 1 out").get_by_role("cell").all_inner_texts()
        assert cells[1:] == ["·"] * (y[0].size - 1)


def test_a_changed_pixel_and_a_changed_weight_change_the_sum(stepper):
    held, keys = numbers("explore-stepper"), stepper.page.keyboard
    x, weight = np.array(held["input"]), np.array(held["weights"][0])
    stepper.get_by_role("grid", name="Map 2 in").get_by_role("gridcell").first.focus()
    keys.press("ArrowRight")
    keys.press("7")
    x[1, 0, 1] = 7
    assert said(stepper) == "pixel of map 2, row 1, column 2 is now 7. " + spoken_step(x, weight, 0)
    keys.press("+")
    x[1, 0, 1] = 8
    bring(stepper, ["Step", "Step"])
    assert said(stepper) == spoken_step(x, weight, 2)
    stepper.get_by_role("grid", name="The matrix").get_by_role("gridcell").nth(1).click()
    stepper.get_by_role("button", name="one less").click()
    stepper.get_by_role("button", name="one less").click()
    weight[0, 1] -= 2
    name = "weight of filter 1 for map 2"
    assert said(stepper) == f"{name} is now {weight[0, 1, 0, 0]}. ".replace("-", "−") + spoken_step(x, weight, 2)
    box = stepper.get_by_role("spinbutton", name=name)
    box.fill("-99")  # no less than −9
    weight[0, 1] = -9
    assert spoken_step(x, weight, 2) in said(stepper)
    stepper.page.wait_for_function("decodeURIComponent(location.hash).includes('-9')")
    again, words = browser_of(stepper).new_page(), spoken_step(x, weight, 2)
    again.goto(stepper.page.url)
    expect(again.locator("[name=explore-stepper] .status")).to_have_text(words)
    again.close()
    bring(stepper, ["Start again"])
    assert said(stepper) == spoken_step(np.array(held["input"]), np.array(held["weights"][0]), 0)


def browser_of(part):
    return part.page.context.browser


def test_play_goes_on_by_itself_silently_and_stops_when_asked(stepper):
    first, status = said(stepper), stepper.get_by_role("status")
    stepper.page.wait_for_timeout(1500)
    assert said(stepper) == first
    bring(stepper, ["Play"])
    expect(status).to_have_attribute("aria-live", "off")
    expect(status).to_contain_text("Step 2 of", timeout=3000)
    bring(stepper, ["Pause"])
    expect(status).to_have_attribute("aria-live", "polite")
    stopped = said(stepper)
    stepper.page.wait_for_timeout(1500)
    assert said(stepper) == stopped


def test_under_reduced_motion_nothing_plays(stepper):
    stepper.page.emulate_media(reduced_motion="reduce")
    expect(stepper.get_by_role("button", name="Play")).to_be_hidden()
    bring(stepper, ["Step"])
    assert "Step 2 of" in said(stepper)


def test_a_finger_steps_and_changes_a_number(browser, disk):
    phone = {"viewport": {"width": PHONE, "height": 844}, "has_touch": True, "is_mobile": True}
    page = browser.new_page(**phone)
    page.goto(disk + "chapters/channel_convolution.html")
    part = page.locator("[name=explore-stepper]")
    part.get_by_role("button", name="Step", exact=True).tap()
    assert "Step 2 of" in said(part)
    part.get_by_role("grid", name="Map 1 in").get_by_role("gridcell").first.tap()
    part.get_by_role("button", name="one more").tap()
    assert "pixel of map 1, row 1, column 1 is now" in said(part)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.close()
