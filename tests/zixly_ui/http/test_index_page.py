"""The index page has our styles, asks at each load, and is the same for everybody."""

from __future__ import annotations

import http.client
from pathlib import Path

import pyarrow as pa
import pytest
import streamlit

from tests.support.servers.asgi import Reply, ask
from tests.support.servers.live_app import COLE, LiveApp
from zixly_ui.http import index_page
from zixly_ui.http.index_page import IndexPage
from zixly_ui.shell.assets import ASSETS
from zixly_ui.shell.request_headers import COOKIE

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


def request(path: str, *headers: tuple[str, str], method: str = "GET") -> Reply:
    return ask(IndexPage, path, *headers, method=method)


def test_our_styles_and_script_stand_before_the_element_of_the_app() -> None:
    answer = request("/")
    before, after = INDEX.split('<div id="root"></div>')
    assert answer.text.startswith(before)
    script = "".join(f'<script defer src="/{name}.js"></script>' for name in ("print", "paste"))
    assert answer.text.endswith(f'</style>\n    {script}\n    <div id="root"></div>{after}')
    for name in ("zixly.css", "print.css"):
        styles = (ASSETS / name).read_text("utf-8")
        assert styles in answer.text.removeprefix(before)
        assert "</" not in styles, "nothing in them ends the element"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_it_is_asked_for_at_each_load_and_sent_again_when_it_changed() -> None:
    answer = request("/clients")
    assert answer.headers["cache-control"] == "no-cache"
    tag = ("if-none-match", answer.headers["etag"])
    again = request("/clients", tag)
    assert (again.status, again.text) == (304, "")
    assert again.headers["cache-control"] == "no-cache"
    assert request("/clients", ("if-none-match", '"other"')).status == 200, "control"


def test_without_the_element_of_the_app_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_page, "ROOT", b"<main>")
    with pytest.raises(ValueError, match="root element"):
        index_page.content()


def test_head_has_the_headers_alone() -> None:
    whole, head = request("/"), request("/", method="HEAD")
    assert (head.headers, head.text) == (whole.headers, "")


@pytest.mark.parametrize("path", ["/clients/", "/static/js/x.js", "/link", "/_stcore/health"])
def test_other_addresses_are_for_the_app_behind(path: str) -> None:
    assert request(path).status == 0


def test_the_app_sends_it_compressed_and_the_same_to_everybody(live_app: LiveApp) -> None:
    contents = set()
    for cookie in ("", f"{COOKIE}={live_app.open_session(COLE)}"):
        for codec, encoding in (("gzip", "gzip"), ("brotli", "br"), (None, "identity")):
            status, headers, body = get(
                live_app, "/", {"Accept-Encoding": encoding, "Cookie": cookie}
            )
            assert status == 200
            assert headers.get("Content-Encoding", "identity") == encoding
            assert headers["Vary"] == "Accept-Encoding"
            assert "script-src" in headers["Content-Security-Policy"]
            if codec is not None:
                size = len(index_page.content())
                body = pa.Codec(codec).decompress(body, size, asbytes=True)
            contents.add(body)
    assert contents == {index_page.content()}


@pytest.mark.parametrize("path", ["/print.js", "/paste.js", "/session/submit.js", "/robots.txt"])
def test_our_own_files_are_not_sent_twice(live_app: LiveApp, path: str) -> None:
    for encoding in ("gzip", "identity"):
        asked = {"Accept-Encoding": encoding}
        status, headers, body = get(live_app, path, asked)
        assert (status, headers["Cache-Control"]) == (200, "max-age=3600")
        assert body
        again = get(live_app, path, {**asked, "If-None-Match": headers["ETag"]})
        assert (again[0], again[2]) == (304, b"")


def get(
    live_app: LiveApp, path: str, headers: dict[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("localhost", live_app.port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body
