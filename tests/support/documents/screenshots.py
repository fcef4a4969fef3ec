"""Takes the pictures in `docs/screenshots`: every page, light, dark and at phone width.

make screenshots                       all of them
python -m tests.support.documents.screenshots overview   those with this beginning
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, enter
from tests.support.servers.live_app import COLE, ROOT, SARAH, SUPPORT, LiveApp, running

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "overview": (COLE, "/"),
    "clients": (COLE, "/clients"),
    "client": (COLE, "/client?id={client}"),
    "financials": (COLE, "/financials?period=last-12-months"),
    "overheads": (SUPPORT, "/overheads?period=last-12-months"),
    "lead-funnel": (COLE, "/lead-funnel?period=all"),
    "lead-funnel-activity": (COLE, "/lead-funnel?period=last-quarter&view=activity"),
    "pipeline": (COLE, "/pipeline"),
    "custom-kpis": (COLE, "/custom-kpis"),
    "scorecard": (COLE, "/scorecard"),
    "lead-stages": (COLE, "/lead-stages"),
    "enter-month-financials": (SUPPORT, "/enter-month"),
    "enter-month-overheads": (SUPPORT, "/enter-month?what=overheads"),
    "enter-month-leads": (SUPPORT, "/enter-month?what=leads"),
    "enter-month-metrics": (SUPPORT, "/enter-month?what=metrics"),
    "import": (SUPPORT, "/import"),
    "import-proposal": (SUPPORT, "/import"),
    "import-meanings": (SUPPORT, "/import"),
    "import-stages": (SUPPORT, "/import"),
    "profitability": (COLE, "/profitability?period=2024-Q1"),
    "exchange-rates": (SUPPORT, "/exchange-rates"),
    "what-changed": (COLE, "/bridge?period=last-quarter"),
    "contradictions": (COLE, "/contradictions"),
    "months": (COLE, "/months"),
    "organisation": (COLE, "/organisation"),
    "team": (COLE, "/team"),
    "audit": (COLE, "/audit?period=all"),
    "account": (COLE, "/account"),
    "no-permission": (SUPPORT, "/team"),
    "first-steps": (SARAH, "/"),
}
# Files that are uploaded on a page first.
FILES = {
    "import-proposal": b"Invoices of March\n\nContact,Invoice Date,Invoiced,Reference\n"
    b'Harbor Bridge Construction,1 Mar 2024,"$46,500.00",INV-0301\n'
    b'Harbor Bridge Construction,18 Mar 2024,"($500.00)",Credit for INV-0301\n'
    b'Harbour Bridge Constr.,28 Mar 2024,"$1,250.00",INV-0322\n'
    b"Northside Plumbing,31 Mar 2024,to come,INV-0325\n"
    b'Total,,"$47,250.00",\n',
    "import-meanings": b"Contact,Invoice Number,Invoice Date,Total,Type,Status\n"
    b"Harbor Bridge Construction,INV-0331,1 Mar 2024,46500.00,Sales invoice,Paid\n"
    b"Harbor Bridge Construction,CN-0004,18 Mar 2024,500.00,Sales credit note,Paid\n"
    b"Harbor Bridge Construction,INV-0332,28 Mar 2024,1250.00,Sales invoice,Awaiting payment\n"
    b"Harbor Bridge Construction,INV-0333,29 Mar 2024,9900.00,Sales invoice,Voided\n",
    "import-stages": b"Record ID,Deal Name,Deal Stage,Create Date,Close Date,Amount,"
    b"Associated Company\n"
    b"1,Website,Closed Won (Sales Pipeline),2024-01-05,2024-03-14,12000,Kea Group\n"
    b"2,CRM,Contract Sent (Sales Pipeline),2024-02-01,2024-04-30,5000,Moa Foods;Moa Holdings\n",
}
# Name, colour scheme, width and height.
LOOKS = (("light", "light", 1280, 900), ("dark", "dark", 1280, 900), ("phone", "light", 390, 844))


def main(titles: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), date.today()) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for look in LOOKS:
            _take_all(app, browser, look, titles)


def _take_all(
    app: LiveApp, browser: Browser, look: tuple[str, str, int, int], titles: list[str]
) -> None:
    name, scheme, width, height = look
    for person in (COLE, SUPPORT, SARAH):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        if person == COLE and _is_wanted("sign-in", titles):
            page.goto(app.url)
            page.get_by_role("button", name="Sign in").wait_for()
            _take(page, f"sign-in-{name}")
        page.goto(app.url)
        enter(page, person, app.password(person))
        page.get_by_role("button", name="Sign out").wait_for(state="attached")
        for title, (viewer, path) in PAGES.items():
            if viewer == person and _is_wanted(title, titles):
                page.goto(app.url + path.format(client=app.client_id("HBC-2024-001")))
                if title in FILES:
                    _give(page, f"{title}.csv", FILES[title])
                _take(page, f"{title}-{name}")
        context.close()


def _give(page: Page, name: str, content: bytes) -> None:
    """Uploads a file on the page, and waits for the result."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_text("Columns: recognised").wait_for()


def _is_wanted(title: str, titles: list[str]) -> bool:
    return not titles or any(title.startswith(beginning) for beginning in titles)


def _take(page: Page, name: str) -> None:
    """The whole page: Streamlit scrolls inside, so the window grows to its contents."""
    _settle(page)
    size = page.viewport_size or {"width": 1280, "height": 900}
    tall = page.evaluate("""() => {
        const main = document.querySelector('[data-testid=stMain]');
        return main ? main.scrollHeight : 0 }""")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
    _settle(page)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def _settle(page: Page) -> None:
    """Wait until nothing is loading and no placeholder is left."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')"
    )
    page.wait_for_timeout(1000)


if __name__ == "__main__":
    main(sys.argv[1:])
