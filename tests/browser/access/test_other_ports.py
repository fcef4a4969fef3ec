"""Pages of other origins in a person's browser, and the public address behind a proxy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, drawn, enter, patient_page
from tests.support.servers import reverse_proxy
from tests.support.servers.live_app import COLE, LiveApp, free_port

pytestmark = pytest.mark.browser

# Whether a page can open a window of Zixly.
OPEN_WINDOW = """url => new Promise(answer => {
    const window = new WebSocket(url, ["streamlit"])
    window.onopen = () => answer("opened")
    window.onerror = () => answer("refused")
})"""


class _Page(BaseHTTPRequestHandler):
    """A page of the attacker."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>A page on another port</p>")

    def log_message(self, *_: object) -> None:
        """Write nothing to the terminal."""


@pytest.fixture
def other_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.mark.nightly
def test_a_page_on_another_port_cannot_open_a_window_as_the_person(
    visit: Visit, live_app: LiveApp, other_port: int
) -> None:
    """Without a browser: tests/zixly_ui/http/test_hosts.py."""
    page = visit(COLE)
    stream = f"ws://localhost:{live_app.port}/_stcore/stream"
    assert page.evaluate(OPEN_WINDOW, stream) == "opened", "positive control"
    page.goto(f"http://localhost:{other_port}/")
    assert [c for c in page.context.cookies(live_app.url) if c["name"] == "zixly_session"]
    assert page.evaluate(OPEN_WINDOW, stream) == "refused"


@pytest.mark.nightly
def test_with_a_public_address_people_sign_in_through_the_proxy(
    browser: Browser, live_app: LiveApp, tmp_path: Path
) -> None:
    port = free_port()
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(60_000)
    page = patient_page(context)
    with (
        reverse_proxy.running(tmp_path, port) as url,
        live_app.another(port=port, PUBLIC_URL=url, TRUSTED_PROXIES="127.0.0.1") as app,
    ):
        response = page.goto(f"{app.url}/clients?status=ACTIVE")
        assert response is not None
        assert response.status == 421
        page.get_by_role("link", name="Go to Zixly").click()
        expect(page).to_have_url(f"{url}/")
        page.goto(f"{url}/clients?status=ACTIVE")
        enter(page, COLE, app.password(COLE))
        expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
        expect(page).to_have_url(f"{url}/clients?status=ACTIVE")
        drawn(page)
    context.close()


@pytest.mark.nightly
def test_an_unknown_address_is_a_page_in_our_words(page: Page, live_app: LiveApp) -> None:
    response = page.goto(f"{live_app.url}/cliens")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is no page at this address.")
    page.get_by_role("link", name="Go to Zixly").click()
    expect(page.get_by_label("Email")).to_be_visible()
