"""What a page costs a reader with a phone on a slow line: ``make weight`` prints it for every page.

The line and the processor are slowed down as Lighthouse does it: 1.6 megabits a second, 150 ms to and fro, a processor
four times slower.
"""

import gzip
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, Response, ViewportSize
from playwright.sync_api import TimeoutError as TooLate

from tools.book import HTML
from tools.browser import PAGES, chromium, served

LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
PHONE: ViewportSize = {"width": 390, "height": 844}
NOTE_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        if (!entry.hadRecentInput) window.shifted += entry.value;
    })).observe({ type: "layout-shift", buffered: true });
"""
BLOCKING = """performance.getEntriesByType("resource")
    .filter((entry) => entry.renderBlockingStatus === "blocking").map((entry) => entry.name.split("/").pop())"""
FETCHED = "[...document.images].every((image) => image.complete && image.naturalWidth)"


@dataclass(frozen=True)
class Cost:
    """Of one page, opened for the first time and read to its end."""

    bytes: int  # compressed, without figures
    figures: int  # bytes of all figures
    requests: int  # without figures
    blocking: list[str]  # what must be there before anything is drawn, the page itself apart
    shift: float  # how far what is in sight has moved while the page came

    def __str__(self) -> str:
        blocking = " ".join(self.blocking)
        return f"{self.bytes / 1000:5.0f}  {self.figures / 1000:7.0f}  {self.requests:8}  {self.shift:5.3f}  {blocking}"


def cost(browser: Browser, address: str, page: str) -> Cost:
    """Open ``page`` of the book at ``address`` on a slow phone, then fetch also what is further down."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)  # as is_mobile, it would count no shift
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        with suppress(Error):  # a preloaded file has no body of its own
            compressed = response.url.endswith((".woff2", ".png"))
            sizes[response.url] = len(response.body() if compressed else gzip.compress(response.body()))

    tab.on("response", weigh)
    tab.add_init_script(NOTE_SHIFTS)
    tab.set_default_timeout(60_000)  # four times slower, and the machine may have other things to do
    try:
        tab.goto(address + page)
    except TooLate:  # met once in some hundreds of visits, and not explained: a visit is what is measured
        tab.goto(address + page)
    tab.wait_for_load_state("networkidle")
    shift, blocking = tab.evaluate("window.shifted"), tab.evaluate(BLOCKING)
    session.send("Network.emulateNetworkConditions", LINE | {"latency": 0, "downloadThroughput": -1})
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")  # all pictures are wanted then
    tab.wait_for_function(FETCHED)
    tab.wait_for_load_state("networkidle")
    context.close()
    figures = [size for url, size in sizes.items() if "/_images/" in url]
    return Cost(sum(sizes.values()) - sum(figures), sum(figures), len(sizes) - len(figures), blocking, shift)


def main() -> None:
    """Print the cost of every page."""
    with chromium() as browser, served(HTML) as address:
        print("   kB  figures  requests  shift  before anything is drawn")
        for page in PAGES:
            print(f"{cost(browser, address, page)}  ({page})", flush=True)


if __name__ == "__main__":
    main()
