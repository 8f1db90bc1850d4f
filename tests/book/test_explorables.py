"""The pictures that a reader can touch: their arithmetic against lib and PyTorch, and what readers do with them."""

import base64
import gzip
import io
import json
import math
import re
from contextlib import contextmanager

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from playwright.sync_api import expect
from torch import nn

from lib.convolution import as_1x1, conv2d, pointwise, receptive_field
from lib.cost import conv2d_cost
from lib.filters import oriented
from lib.roofline import A100
from tools.book import HTML, ROOT, chapters, read
from tools.browser import PAGES, visit
from tools.explorables import ELEMENT, bare, explorables, lean
from tools.standalone import standalone

SCRIPT, STYLE = (ROOT / "_static" / name for name in ("explorables.js", "explorables.css"))
#: Every explorable: its name, its chapter, and its HTML as it is stored.
FOUND = {name: (path, html) for path in chapters() for name, (_, html) in explorables(read(path)).items()}
PHONE = 390
FINGER = {"viewport": {"width": PHONE, "height": 844}, "has_touch": True, "is_mobile": True}


def compressed(text):
    return len(gzip.compress(text.encode(), 9))


# ------------------------------------------------------------------------------------------------------------ Bytes


def test_the_script_and_the_style_sheet_are_small_and_readable():
    script, style = (file.read_text(encoding="utf-8") for file in (SCRIPT, STYLE))
    assert (HTML / "_static" / SCRIPT.name).read_text(encoding="utf-8") == lean(script)
    assert compressed(lean(script)) <= 12_000
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
    assert (f"_static/{SCRIPT.name}" in text) == (ELEMENT in text)


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


def compare(script, expression, cases, expected, given=None):
    """Each case's answer from the browser, in one go, against lib's; up to rounding."""
    answers = script(f"given.map(({expression[0]}) => {expression[1]})", cases if given is None else given)
    for answer, right in zip(answers, map(expected, cases), strict=True):
        np.testing.assert_allclose(answer, right, rtol=1e-11, atol=1e-11)


odd_layer = st.tuples(st.sampled_from([1, 3, 5]), st.integers(1, 3), st.integers(1, 3))


def rows_by_gradient(layers):
    """Which rows one output reads, by PyTorch: those whose change would change it."""
    rows = torch.zeros(1, 1, receptive_field(*map(list, zip(*layers, strict=True))), requires_grad=True)
    out = rows
    for k, stride, dilation in layers:
        out = F.conv1d(out, torch.ones(1, 1, k), stride=stride, dilation=dilation)
    out.sum().backward()
    return rows.grad[0, 0].nonzero().ravel().tolist()


@many(st.lists(odd_layer, min_size=1, max_size=4))
def test_its_receptive_field_is_that_of_lib_and_of_pytorchs_gradient(script, cases):
    named = [[{"kernel": k, "stride": s, "dilation": d} for k, s, d in layers] for layers in cases]
    sides = script("given.map(my.receptiveField)", named)
    assert sides == [receptive_field(*map(list, zip(*layers, strict=True))) for layers in cases]
    assert script("given.map(my.rowsSeen)", named) == [rows_by_gradient(layers) for layers in cases]


width = st.integers(1, 600)


@many(st.tuples(width, width, st.sampled_from([1, 3, 5, 7]), st.integers(1, 300)))
def test_its_costs_and_times_are_those_of_lib(script, cases):
    costs = [conv2d_cost((c, n, n), f, k, padding="same", bias=False) for c, f, k, n in cases]
    numbers = [{"parameters": c.parameters, "macs": c.macs, "bytes": c.bytes_moved()} for c in costs]
    assert script("given.map(one => my.conv2dCost(...one))", cases) == numbers
    machine = {"macs": A100.macs_a_second, "bytes": A100.bytes_a_second}
    times = script("given[0].map(c => my.seconds(given[1], c))", [numbers, machine])
    np.testing.assert_allclose(times, [A100.seconds(cost) for cost in costs], rtol=1e-12)


def work(maps, filters, kernel):
    return conv2d_cost((maps, 8, 8), filters, kernel, padding="same", bias=False).macs


@many(st.tuples(width, width, st.sampled_from([1, 3, 5, 7])))
def test_below_its_break_even_width_a_pair_saves_and_from_it_on_not(script, cases):
    for limit, (c, f, k) in zip(script("given.map(one => my.breakEven(...one))", cases), cases, strict=True):
        below, above = math.ceil(limit) - 1, math.floor(limit) + 1
        assert below == 0 or work(c, below, 1) + work(below, f, k) < work(c, f, k)
        assert work(c, above, 1) + work(above, f, k) > work(c, f, k)


@st.composite
def recolourings(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return rng.random((3, draw(st.integers(1, 5)), draw(st.integers(1, 5)))), rng.normal(
        size=(draw(st.integers(1, 4)), 3)
    )


@many(recolourings())
def test_its_recolouring_is_libs_pointwise(script, cases):
    given = [[x.tolist(), matrix.tolist()] for x, matrix in cases]
    compare(script, ("[x, w]", "my.pointwise(x, w)"), cases, lambda case: pointwise(case[0], as_1x1(case[1])), given)


@many(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_its_inverse_is_numpys_or_there_is_none(script, cases):
    for answer, matrix in zip(script("given.map(my.inverse)", cases), cases, strict=True):
        assert (answer is None) == (np.linalg.matrix_rank(matrix) < 3)
        if answer:
            np.testing.assert_allclose(answer, np.linalg.inv(matrix), atol=1e-12)


@many(st.floats(-10, 10))
def test_its_filter_is_libs_oriented(script, cases):
    compare(script, ("angle", "my.oriented(angle)"), cases, oriented)


@settings(max_examples=10, deadline=None)
@given(layer=layers(), seed=st.integers(0, 99))
def test_its_network_is_pytorchs(script, layer, seed):
    x, *_ = layer
    torch.manual_seed(seed)
    first = nn.Conv2d(len(x), 3, 1).double()
    second = nn.Conv2d(3, 2, min(2, *x.shape[1:])).double()
    given = [{"weight": c.weight.tolist(), "bias": c.bias.tolist()} for c in (first, second)]
    with torch.no_grad():
        expected = nn.Sequential(first, nn.ReLU(), second)(torch.from_numpy(x)[None])[0]
    np.testing.assert_allclose(script("my.network(given[0], given[1])", [given, x.tolist()]), expected, atol=1e-12)


# --------------------------------------------------------------------------------------------------- What all can do


@contextmanager
def show(browser, address, name, **options):
    """The page of an explorable, with every answer open."""
    with visit(browser, address, f"chapters/{FOUND[name][0].stem}.html", **options) as seen:
        open_all(seen.tab)
        seen.tab.locator(f"one-explorable[name={name}][ready]").wait_for()
        yield seen


def open_all(page):
    page.evaluate("document.querySelectorAll('details.answer').forEach(answer => (answer.open = true))")


def element(seen, name):
    return seen.tab.locator(f"one-explorable[name={name}]")


def said(part):
    return part.locator(".status").inner_text()


# Two further states of each: buttons to press, keys, and what gets the focus.
STATES = {
    "explore-cost": (["at:maps kept by the 1×1", "key:End"], ["at:kernel behind it", "key:Home", "key:ArrowRight"]),
    "explore-recolour": (["Undo it"], ["grey"]),
    "explore-runs": (["18 layers"], ["26 layers", "Step", "Step"]),
    "explore-sight": (["Add a layer"], ["at:dilation of layer 1", "key:3"]),
    "explore-sliding": (["at:row", "key:End"], ["at:The window: move it with the arrows", "key:ArrowRight"]),
    "explore-steering": (["Step", "Step"], ["at:Angle", "key:End"]),
    "explore-stepper": (["Step", "Step"], ["3×3", "Step", "key:End"]),
}


def test_every_explorable_is_here():
    assert set(STATES) == set(FOUND)


def bring(part, actions):
    for action in actions:
        if action.startswith("key:"):
            part.page.keyboard.press(action.removeprefix("key:"))
        elif action.startswith("at:"):
            part.get_by_label(action.removeprefix("at:"), exact=True).focus()
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


OUTSIDE = """e => [...e.querySelectorAll(".live *")].filter(c => c.getBoundingClientRect().right > innerWidth)
    .map(c => c.outerHTML.slice(0, 100))"""
SIZES = """e => [...e.querySelectorAll("button")].filter(b => b.checkVisibility({visibilityProperty: true}))
    .map(b => [b.offsetWidth, b.offsetHeight])"""
by_chapter = pytest.mark.parametrize("stem", sorted({path.stem for path, _ in FOUND.values()}))


def of(stem):
    """The explorables of a chapter."""
    return [name for name, (path, _) in FOUND.items() if path.stem == stem]


@contextmanager
def show_chapter(browser, address, stem, **options):
    """A chapter with every answer open and every explorable drawn."""
    with visit(browser, address, f"chapters/{stem}.html", **options) as seen:
        open_all(seen.tab)
        for name in of(stem):
            element(seen, name).locator("> .live").wait_for()
        yield seen


@by_chapter
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_readable_and_fits_and_paper_has_the_still(browser, disk, stem, scheme):
    with show_chapter(browser, disk, stem, scheme=scheme) as seen:
        assert_readable(seen)
        for state in (0, 1):
            for name in of(stem):
                bring(element(seen, name), STATES[name][state])
            for width in (1400, PHONE):
                seen.tab.set_viewport_size({"width": width, "height": 900})
                assert_readable(seen)
                for name in of(stem):
                    assert element(seen, name).evaluate(OUTSIDE) == []
                    assert np.min(element(seen, name).evaluate(SIZES), initial=99) >= 44
        assert (seen.errors, seen.leaving) == ([], [])
        for media, live in (("print", False), ("screen", True)):
            seen.tab.emulate_media(media=media)
            for name in of(stem):
                assert element(seen, name).locator("> .live").is_visible() == live
                assert element(seen, name).locator("> .still").is_visible() != live


@by_chapter
def test_without_a_script_it_is_a_still_picture(browser, disk, stem):
    page = browser.new_page(java_script_enabled=False)
    page.goto(disk + f"chapters/{stem}.html")
    open_all(page)
    for name in of(stem):
        still = page.locator(f"one-explorable[name={name}] > .still")
        expect(still).to_be_visible()
        assert still.locator("svg, table").first.bounding_box()["height"] > 50
    page.close()


@by_chapter
def test_what_it_shows_is_spoken_and_can_be_linked(browser, disk, stem):
    links = {}
    with show_chapter(browser, disk, stem) as seen:
        for name in of(stem):
            part = element(seen, name)
            first, before = said(part), seen.tab.url
            expect(part.get_by_role("status")).to_have_attribute("aria-live", "polite")
            bring(part, STATES[name][1])
            expect(part.get_by_role("status")).not_to_have_text(first)
            seen.tab.wait_for_function(f"location.hash.startsWith('#{name}?')")
            seen.tab.wait_for_timeout(500)  # the address follows a little later
            links[name] = (seen.tab.url, said(part))
            assert (name == of(stem)[0]) == ("#" not in before)  # nothing stands there before something is done
        for name, (link, words) in links.items():
            seen.tab.goto("about:blank")
            seen.tab.goto(link)
            expect(element(seen, name).locator(".status")).to_have_text(words)
            expect(element(seen, name)).to_be_in_viewport()


RUN = """html => {
    const place = document.body.appendChild(document.createElement("div"));
    place.innerHTML = html;
    for (const old of place.querySelectorAll("script")) {
        const script = document.createElement("script");
        for (const {name, value} of old.attributes) script.setAttribute(name, value);
        script.textContent = old.textContent;
        old.replaceWith(script);
    }
}"""


@by_chapter
def test_it_is_the_same_from_a_server_and_in_a_copy_that_stands_alone(browser, online, stem):
    with show_chapter(browser, online, stem) as served:
        words = {name: said(element(served, name)) for name in of(stem)}
        assert served.leaving == []
    # As a notebook shows an output: put in as HTML, its scripts then run. Twice, since each output carries the script.
    outputs = explorables(standalone(read(FOUND[of(stem)[0]][0])))
    for name in of(stem):
        page, errors = browser.new_page(), []
        page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        page.goto("about:blank")
        for _ in range(2):
            page.evaluate(RUN, outputs[name][1])
        page.locator("one-explorable[ready]").nth(1).wait_for()
        assert page.locator(".status").all_inner_texts() == [words[name]] * 2
        bring(page.locator("one-explorable").nth(1), STATES[name][0])
        assert page.locator(".status").first.inner_text() == words[name]
        assert page.locator(".status").nth(1).inner_text() != words[name]
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
    page = browser.new_page(**FINGER)
    page.goto(disk + "chapters/channel_convolution.html")
    part = page.locator("[name=explore-stepper]")
    part.get_by_role("button", name="Step", exact=True).tap()
    assert "Step 2 of" in said(part)
    part.get_by_role("grid", name="Map 1 in").get_by_role("gridcell").first.tap()
    part.get_by_role("button", name="one more").tap()
    assert "pixel of map 1, row 1, column 1 is now" in said(part)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.close()


# ------------------------------------------------------------------------------------------------------- The others


def opened(name):
    """A fixture: the explorable on its page, from the disk."""

    @pytest.fixture
    def explorable(browser, disk):
        with show(browser, disk, name) as seen:
            yield element(seen, name)
            assert (seen.errors, seen.leaving) == ([], [])

    return explorable


cost = opened("explore-cost")
recolour = opened("explore-recolour")
runs = opened("explore-runs")
sight = opened("explore-sight")
sliding = opened("explore-sliding")
steering = opened("explore-steering")


def rounded(number):
    return minus(f"{number:.{1 if abs(number) < 10 else 0}f}")


def spoken_price(maps, kept, filters, kernel, side):
    alone, first, then = (
        conv2d_cost((c, side, side), f, k, padding="same", bias=False)
        for c, f, k in ((maps, filters, kernel), (maps, kept, 1), (kept, filters, kernel))
    )
    share = 100 * (first.macs + then.macs) / alone.macs
    limit = kernel**2 * maps * filters / (maps + kernel**2 * filters)
    roofs = [rounded(cost.intensity()) for cost in (first, alone)]
    time = 100 * A100.seconds(first, then) / A100.seconds(alone)
    name, most = f"{kernel}×{kernel}", math.ceil(limit) - 1
    much = f"{rounded(share)} % of" if share < 100 else f"{share / 100:.1f} times"
    return (
        f"The pair does {much} the work of the {name} "
        f"alone, in {rounded(time)} % of its time. It saves work with up to {most} map{'' if most == 1 else 's'} kept. "
        f"The 1×1 makes {roofs[0]} MACs a byte, the {name} alone {roofs[1]}; "
        f"below {rounded(A100.bend())} a layer waits for the memory."
    )


def test_every_price_is_spoken_as_lib_computes_it(cost):
    start, keys = numbers("explore-cost")["start"], cost.page.keyboard
    assert said(cost) == spoken_price(**start)
    for label, name, key, value in (
        ("maps kept by the 1×1", "kept", "ArrowRight", start["kept"] + 1),
        ("maps kept by the 1×1", "kept", "End", 512),
        ("pixels", "side", "Home", 7),
        ("kernel behind it", "kernel", "Home", 1),
        ("maps out", "filters", "ArrowLeft", start["filters"] - 1),
        ("maps in", "maps", "Home", 1),
    ):
        bring(cost, [f"at:{label}"])
        keys.press(key)
        start = start | {name: value}
        assert said(cost) == spoken_price(**start)


PIXELS = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.height, canvas.width, [...data]];
}"""


def painted(part, label):
    """The maps of a canvas, in bytes."""
    height, width, data = part.get_by_label(label, exact=True).evaluate(PIXELS)
    return np.reshape(data, (height, width, 4))[:, :, :3].transpose(2, 0, 1)


def assert_within_a_level(seen, expected):
    assert np.abs(seen - np.clip(np.asarray(expected) * 255, 0, 255)).max() <= 1


def nine_numbers(matrix):
    rows = zip(("red", "green", "blue"), np.round(matrix, 2) + 0.0, strict=True)
    return "; ".join(f"{colour} {', '.join(minus(f'{number:g}') for number in row)}" for colour, row in rows)


def test_a_matrix_recolours_as_lib_does_and_says_whether_it_can_be_undone(recolour):
    photograph = painted(recolour, "The photograph") / 255
    assert photograph.std() > 0.1
    for name, matrix in numbers("explore-recolour")["matrices"].items():
        bring(recolour, [name])
        out = pointwise(photograph, as_1x1(matrix))
        assert_within_a_level(painted(recolour, "Recoloured"), out)
        assert said(recolour) == f"{name}: {nine_numbers(matrix)}."
        bring(recolour, ["Undo it"])
        if np.linalg.matrix_rank(matrix, tol=1e-3) == 3:
            assert_within_a_level(painted(recolour, "Undone"), photograph)
            nine = nine_numbers(np.linalg.inv(matrix))
            assert said(recolour).endswith(f"Undone: another 1×1 brings the colours back: {nine}.")
        else:
            assert "Undone: nothing brings the colours back" in said(recolour)
            expect(recolour.get_by_label("Undone")).to_be_hidden()
        bring(recolour, ["Undo it"])
    box = recolour.get_by_role("spinbutton", name="red out, from green in")
    bring(recolour, ["swap"])
    box.focus()
    recolour.page.keyboard.press("ArrowUp")
    assert said(recolour) == "Your own: red 0, 0.1, 1; green 0, 1, 0; blue 1, 0, 0."
    assert_within_a_level(
        painted(recolour, "Recoloured"), pointwise(photograph, as_1x1([[0, 0.1, 1], [0, 1, 0], [1, 0, 0]]))
    )


def test_the_steered_map_is_the_filtered_one(steering):
    held = numbers("explore-steering")
    still = steering.locator(".still image").get_attribute("href")
    grey = np.asarray(Image.open(io.BytesIO(base64.b64decode(still.partition(",")[2]))).convert("L")) / 255
    pair = conv2d(grey[None], np.stack([oriented(0), oriented(np.pi / 2)])[:, None])
    largest = np.abs(pair).max()
    keys = steering.page.keyboard
    bring(steering, ["at:Angle"])
    for key, degrees in (("Home", 0), ("ArrowRight", held["step"]), ("End", 360)):
        keys.press(key)
        angle = np.radians(degrees)
        cos, sin = (minus(f"{round(f(angle), 2) + 0.0:.2f}") for f in (np.cos, np.sin))
        assert said(steering) == f"{degrees}°: {cos} times the map at 0°, and {sin} times the map at 90°."
        filtered = conv2d(grey[None], oriented(angle)[None, None])
        relief = np.broadcast_to(0.5 + filtered / (2 * largest), (3, *filtered.shape[1:]))
        assert np.abs(painted(steering, "Steered") - 255 * relief).max() <= 3  # browsers may decode a level apart


def test_layers_are_added_changed_and_removed_by_keyboard(sight):
    held, keys = numbers("explore-sight"), sight.page.keyboard
    layers = held["layers"]

    def heard():
        side = receptive_field(*map(list, zip(*layers, strict=True)))
        read = len(rows_by_gradient(layers))
        pixels = f"{side**2} pixels" if read == side else f"{read**2} of their {side**2} pixels"
        more = f" That is more than the {held['side']}×{held['side']} drawn here." if side > held["side"] else ""
        count = f"{len(layers)} layer{'s' if len(layers) > 1 else ''}"
        return f"{count}: one number of the output sees {side}×{side}, {pixels}.{more}"

    def adds():
        sides = [receptive_field(*map(list, zip(*layers[:n], strict=True))) if n else 1 for n in range(len(layers) + 1)]
        return [f"{n + 1}: +{size}" for n, size in enumerate(np.diff(sides))]

    assert said(sight) == heard()
    assert sight.locator(".layer > span").all_inner_texts() == adds()
    sight.get_by_role("button", name="Add a layer").focus()
    keys.press("Enter")
    layers.append([3, 1, 1])
    assert said(sight) == heard()
    expect(sight.get_by_label(f"kernel of layer {len(layers)}")).to_be_focused()
    keys.press("7")
    layers[-1][0] = 7
    assert said(sight) == heard()
    for label, place, value in (
        ("dilation of layer 1", 2, 3),
        ("stride of layer 1", 1, 2),
        ("stride of layer 3", 1, 2),
    ):
        sight.get_by_label(label).focus()
        keys.press(str(value))
        layers[int(label[-1]) - 1][place] = value
        assert said(sight) == heard()
        assert sight.locator(".layer > span").all_inner_texts() == adds()
    for _ in range(len(layers)):
        sight.get_by_role("button", name="remove layer 1").focus()
        keys.press("Enter")
        layers.pop(0)
        if layers:
            assert said(sight) == heard()
    assert said(sight) == "0 layers: one number of the output sees 1×1, 1 pixels."


def test_every_run_is_spoken_as_it_is_stored(runs):
    held, keys = numbers("explore-runs"), runs.page.keyboard
    assert said(runs).startswith("26 layers, run 1 of 8")
    for d, depth in enumerate(held["depths"]):
        bring(runs, [f"{depth} layers", "key:Home"])
        for r in range(8):
            ends = [
                f"{kind} {held['losses'][kind][d][r][-1]:.2f}, and reads {held['right'][kind][d][r]} %"
                for kind in ("residual", "plain")
            ]
            assert said(runs) == (
                f"{depth} layers, run {r + 1} of 8. Loss after 8 passes: {'; '.join(ends)} of its training digits."
            )
            keys.press("ArrowRight")


@pytest.mark.parametrize(("depth", "apart"), [(10, 3), (26, 2)])
def test_the_two_kinds_lie_apart_from_the_pass_on_that_the_chapter_names(depth, apart):
    held = numbers("explore-runs")
    d = held["depths"].index(depth)
    residual, plain = (np.array(held["losses"][kind][d]) for kind in ("residual", "plain"))
    below = residual.max(0) < plain.min(0)
    assert below.tolist() == [n + 1 >= apart for n in range(8)]


def test_the_piece_alone_scores_what_the_one_pass_holds(sliding):
    held, keys = numbers("explore-sliding"), sliding.page.keyboard
    canvas = torch.tensor(held["canvas"]).double()[None, None] / 16
    for number, layer in enumerate(held["layers"]):
        weight, bias = (torch.tensor(layer[name]).double() / 1000 for name in ("weight", "bias"))
        canvas = F.conv2d(canvas.relu() if number else canvas, weight, bias)
    scores = canvas[0].numpy()
    names = [*map(str, range(10)), "none"]

    def assert_at(row, column):
        there = scores[:, row - 1, column - 1]
        best = there.argmax()
        assert said(sliding) == (
            f"Row {row}, column {column}. The piece alone scores highest for {names[best]}, "
            f"{rounded(there[best])}. 11 of its 11 scores are those of the one pass."
        )
        assert sliding.get_by_role("cell").all_inner_texts() == [rounded(score) for score in [*there, *there]]
        expect(sliding.get_by_text(f"one pass: the map of {names[best]}, white is high")).to_be_visible()

    row, column = held["start"]
    assert_at(row, column)
    assert [names[scores[:, row - 1 + low, column - 1].argmax()] for low in (0, 2)] == ["0", "9"]  # as the chapter says
    bring(sliding, ["at:The window: move it with the arrows"])
    for key, step in (("ArrowDown", (1, 0)), ("ArrowRight", (0, 1)), ("ArrowRight", (0, 1)), ("ArrowUp", (-1, 0))):
        keys.press(key)
        row, column = row + step[0], column + step[1]
        assert_at(row, column)
    bring(sliding, ["at:column", "key:End"])
    assert_at(row, scores.shape[2])
    picture = sliding.get_by_label("The canvas")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    assert_at(12 - 4 + 1, 16 - 4 + 1)


LAID_OUT = "[...document.querySelectorAll('pre.n')].every((code) => code.style.contentVisibility === 'visible')"


def test_a_finger_drags_the_window_sideways_and_scrolls_the_page_upwards(browser, disk):
    page = browser.new_page(**FINGER)
    page.goto(disk + "chapters/fully_connected_as_1x1.html")
    part = page.locator("[name=explore-sliding]")
    part.locator("> .live").wait_for()
    place = part.get_by_label("The window: move it with the arrows")
    place.scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def drag(across, along):
        box = place.bounding_box()
        x, y = box["x"] + 20, box["y"] + 20
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 11):
            points = [{"x": x + across * k / 10, "y": y + along * k / 10}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.wait_for_function(LAID_OUT)  # or what is above would still grow, and the page scroll with it
    first, top = said(part), page.evaluate("scrollY")
    drag(60, 0)
    expect(part.get_by_role("status")).not_to_have_text(first)
    assert page.evaluate("scrollY") == top
    assert int(re.search(r"column (\d+)", said(part))[1]) > int(re.search(r"column (\d+)", first)[1])
    drag(0, -120)
    page.wait_for_function(f"scrollY > {top} + 50")
    page.close()


LINKS = {
    "a step between two": ("explore-stepper", "kernel=1&step=2.4", "Step 2 of 32"),
    "a pixel beyond the editor's": ("explore-stepper", "kernel=1&step=1&pixels=99999999999", "× 9 +"),
    "a matrix beyond the boxes'": ("explore-recolour", "matrix=1e308,0,0,0,1,0,0,0,1", "hues turned by 60°"),
    "a run between two": ("explore-runs", "layers=18&run=2.4", "18 layers, run 2 of 8"),
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_link_holds_no_more_than_a_reader_could_enter(browser, disk, link):
    name, state, words = link
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{disk}chapters/{FOUND[name][0].stem}.html#{name}?{state}")
    expect(page.locator(f"[name={name}] .status")).to_contain_text(words)
    assert errors == []
    page.close()
