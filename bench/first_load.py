"""What the first load of the overview takes in Chromium, and the second with the same profile.

Starts the real app on the demo. Each round has a new profile: the first load has nothing in its
cache, the second is another page in the same browser. Shifts of further pages are printed for a
desktop and a phone.

    PYTHONPATH=. python -m bench.first_load [rounds] [--details]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from playwright.sync_api import BrowserType, ViewportSize, sync_playwright

from tests.browser.conftest import CHROMIUM, DESK, PHONE
from tests.browser.page_loads import PageLoad, load
from tests.support.servers.live_app import COLE, LiveApp, running
from zixly_ui.shell.request_headers import COOKIE

PAGES = ("/", "/profitability", "/clients")
# Those of tests without what makes scripts slow there.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main(rounds: int, *, with_details: bool) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), date.today()) as app,
        sync_playwright() as playwright,
    ):
        secret = app.open_session(COLE)
        loads = [
            _in_new_profile(playwright.chromium, app, secret, ["/", "/"]) for _ in range(rounds)
        ]
        print("| Overview | on the wire | requests | largest paint | layout shift |")
        print("| --- | ---: | ---: | ---: | ---: |")
        print(_row("first load of the app's life", [loads[0][0]]))
        print(_row("first load", [first for first, _ in loads[1:]]))
        print(_row("second load", [second for _, second in loads[1:]]))
        if with_details:
            _print_addresses(*loads[-1])
        print("\n| Layout shift, second page of a browser | desktop | phone |")
        print("| --- | ---: | ---: |")
        shifts = {
            size["width"]: _in_new_profile(
                playwright.chromium, app, secret, ["/", *PAGES], size, with_details=with_details
            )[1:]
            for size in (DESK, PHONE)
        }
        for number, path in enumerate(PAGES):
            desk, phone = (measured[number].shift for measured in shifts.values())
            print(f"| {path} | {desk:.3f} | {phone:.3f} |")


def _in_new_profile(
    chromium: BrowserType,
    app: LiveApp,
    secret: str,
    paths: Sequence[str],
    size: ViewportSize = DESK,
    *,
    with_details: bool = False,
) -> list[PageLoad]:
    """Load the paths one after the other in a browser that has never been used."""
    loads = []
    with tempfile.TemporaryDirectory() as profile:
        browser = chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport=size
        )
        browser.add_cookies([{"name": COOKIE, "value": secret, "url": app.url}])
        for path in paths:
            page = browser.new_page()
            loads.append(load(page, app.url + path))
            page.close()
            if with_details:
                print(f"\n{path} at {size['width']}: {loads[-1].shift:.3f}")
                for moment, value, sources in loads[-1].shifts:
                    print(f"  {moment} ms {value:.4f}", *sources, sep="\n      ")
        browser.close()
    return loads


def _row(name: str, loads: Sequence[PageLoad]) -> str:
    size = statistics.median(measured.size for measured in loads)
    requests = statistics.median(measured.requests for measured in loads)
    paint = statistics.median(measured.paint for measured in loads)
    shift = statistics.median(measured.shift for measured in loads)
    return f"| {name} | {size / 1000:,.0f} KB | {requests:.0f} | {paint:,.0f} ms | {shift:.3f} |"


def _print_addresses(*loads: PageLoad) -> None:
    for measured in loads:
        print()
        print(f"{measured.frames:>10,}  frames")
        by_size = sorted(measured.size_by_address.items(), key=lambda item: -item[1])
        for address, size in by_size[:25]:
            print(f"{size:>10,}  {address}")


if __name__ == "__main__":
    main(
        next((int(word) for word in sys.argv[1:] if word.isdecimal()), 5),
        with_details="--details" in sys.argv,
    )
