"""The middleware of hosts and origins: which requests it lets through, and its words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.types import ASGIApp

from tests.support.servers.asgi import Reply, ask
from zixly_data.errors import NotPrepared
from zixly_data.settings import Settings
from zixly_ui.http.hosts import HostsAndOrigins

HOST = ("host", "localhost:8501")
OWN = ("origin", "http://localhost:8501")
OTHER_PORT = ("origin", "http://localhost:9000")
COOKIE = ("cookie", "a=1; zixly_session=secret")
PUBLIC = Settings(public_url="https://books.example/")
PUBLIC_HOST, PUBLIC_ORIGIN = ("host", "books.example"), ("origin", "https://books.example")
CLOSED = 1008
PAGE = ("accept", "text/html,*/*")


def http(
    path: str, *headers: tuple[str, str], settings: Settings | None = None, method: str = "GET"
) -> Reply:
    return ask(_middleware(settings), path, *headers, method=method)


def websocket(*headers: tuple[str, str], settings: Settings | None = None) -> Reply:
    return ask(_middleware(settings), "/_stcore/stream", *headers, kind="websocket")


def _middleware(settings: Settings | None) -> Callable[[ASGIApp], ASGIApp]:
    chosen = settings or Settings()

    def wrap(app: ASGIApp) -> ASGIApp:
        return HostsAndOrigins(app, chosen)

    return wrap


def test_a_websocket_from_another_port_is_refused() -> None:
    assert websocket(HOST, OWN, COOKIE).status == 0, "positive control"
    assert websocket(HOST, OTHER_PORT, COOKIE).status == CLOSED
    assert websocket(HOST, OTHER_PORT).status == CLOSED, "signed out, too"


def test_a_websocket_without_an_origin_is_a_program_without_a_cookie() -> None:
    assert websocket(HOST).status == 0
    assert websocket(HOST, ("cookie", "theme=dark")).status == 0
    assert websocket(HOST, COOKIE).status == CLOSED
    assert websocket(HOST, ("cookie", "zixly_link=invitation.x")).status == CLOSED
    assert websocket(HOST, ("cookie", "a=1"), COOKIE).status == CLOSED, "in a second header"
    assert websocket(HOST, COOKIE, ("origin", "")).status == CLOSED


def test_streamlit_sees_equal_texts_where_the_rule_found_equal_addresses() -> None:
    answer = websocket(("host", "books.example:443"), PUBLIC_ORIGIN)
    assert answer.scope is not None
    assert (b"host", b"books.example") in answer.scope["headers"]
    assert (b"host", b"books.example:443") not in answer.scope["headers"]
    untouched = websocket(HOST, OWN)
    assert untouched.scope is not None
    assert (b"host", b"localhost:8501") in untouched.scope["headers"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8501", "books.example:8501", "a.books.example"]
)
def test_with_a_public_address_another_host_is_refused_in_words(host: str) -> None:
    assert http("/", PUBLIC_HOST, settings=PUBLIC).status == 0, "positive control"
    assert http("/", ("host", "Books.Example.:443"), settings=PUBLIC).status == 0
    answer = http("/clients", ("host", host), settings=PUBLIC)
    assert answer.status == 421
    assert answer.json()["detail"].startswith("This Zixly is at https://books.example.")
    assert "proxy" in answer.json()["detail"]
    page = http("/clients", ("host", host), PAGE, settings=PUBLIC).text
    assert '<a href="https://books.example">' in page
    assert websocket(("host", host), PUBLIC_ORIGIN, settings=PUBLIC).status == CLOSED


def test_without_a_public_address_every_host_is_served() -> None:
    assert http("/", ("host", "zixly.lan")).status == 0


@pytest.mark.parametrize("path", ["/healthz", "/_stcore/health", "/_stcore/metrics"])
def test_monitors_ask_by_any_name(path: str) -> None:
    for headers in ([("host", "127.0.0.1:8501")], [("host", "app:8501")], []):
        assert http(path, *headers, settings=PUBLIC).status == 0
    assert http(f"{path}x", HOST, settings=PUBLIC).status == 421
    assert ask(_middleware(PUBLIC), path, HOST, kind="websocket").status == CLOSED


@pytest.mark.parametrize("headers", [[], [HOST, HOST], [("host", "")], [("host", "a@b")]])
def test_a_request_that_names_no_host_is_refused(headers: list[tuple[str, str]]) -> None:
    assert http("/", *headers).status == 400
    assert http("/", *headers, settings=PUBLIC).status == 400
    assert websocket(*headers).status == CLOSED


def test_another_site_changes_nothing() -> None:
    path = "/_stcore/upload_file/window/file"
    for method in ("PUT", "DELETE", "POST", "PATCH", "get"):
        assert http(path, HOST, OWN, COOKIE, method=method).status == 0, "positive control"
        answer = http(path, HOST, OTHER_PORT, COOKIE, method=method)
        assert answer.status == 403
        assert answer.json()["detail"].startswith("This request came from another website.")
        same_site = ("sec-fetch-site", "same-site")
        assert http(path, HOST, same_site, COOKIE, method=method).status == 403
    assert http(path, HOST, OTHER_PORT, COOKIE).status == 0, "reading is the browser's to refuse"


def test_with_https_known_a_page_opened_by_http_opens_nothing() -> None:
    host, plain = ("host", "books.example"), ("origin", "http://books.example")
    assert websocket(host, plain).status == 0, "positive control"
    assert websocket(host, plain, settings=Settings(cookie_secure=True)).status == CLOSED
    trusting = Settings(trusted_proxies="127.0.0.1")
    https = ("x-forwarded-proto", "https")
    assert websocket(host, plain, https, settings=trusting).status == CLOSED
    assert websocket(host, PUBLIC_ORIGIN, https, settings=trusting).status == 0


def test_a_forwarded_host_is_not_believed() -> None:
    trusting = Settings(public_url="https://books.example", trusted_proxies="127.0.0.1")
    forwarded = ("x-forwarded-host", "books.example")
    assert http("/", HOST, forwarded, settings=trusting).status == 421
    assert http("/", PUBLIC_HOST, ("x-forwarded-host", "evil"), settings=trusting).status == 0


def test_a_public_address_that_is_none_does_not_switch_the_rule_off() -> None:
    with pytest.raises(NotPrepared, match="PUBLIC_URL"):
        http("/", HOST, settings=Settings.model_construct(public_url="books.example"))
