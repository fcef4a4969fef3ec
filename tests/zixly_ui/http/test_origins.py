"""The rule of hosts and origins, on its own: how each is read, and which are equal."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from zixly_ui.http.origins import (
    Host,
    Origin,
    comes_from_elsewhere,
    is_same_origin,
    names_own_origin,
    origin_of_url,
    parse_host,
    parse_origin,
    requested_host,
)

PUBLIC = Origin("https", "books.example", 443)


def sent(*headers: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode("latin-1")) for name, value in headers])


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("localhost:8501", Host("localhost", 8501)),
        ("Books.Example.", Host("books.example", None)),
        ("app_1:8501", Host("app_1", 8501)),
        ("[::1]:8501", Host("::1", 8501)),
        ("[0:0:0:0:0:0:0:1]", Host("::1", None)),
        ("[2001:DB8::1]", Host("2001:db8::1", None)),
        ("books.example:00443", Host("books.example", 443)),
    ],
)
def test_a_host_has_one_spelling(text: str, host: Host) -> None:
    assert parse_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", ":8501", "a:", "a:0", "a:65536", "a:" + "9" * 5000, "a:+80", "a:²", "a b",
        "a@b", "user:pw@a", "a/b", "a?b", "a#b", "a\\b", "a,b", "a\n", "a\tb", "ä.example", "::1",
        "[::1", "::1]", "[]", "[::1%25lo]", "[localhost]", "http://a", "a:80:80", "a%2eb", "null*",
    ],
)  # fmt: skip
def test_what_is_no_host_is_none(text: str) -> None:
    assert parse_host(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "null", "", "https://", "https:books.example", "//books.example", "file://books.example",
        "https://books.example/", "https://books.example/x", "https://a@books.example",
        "https://books.example?", "https://books.example#", "https://books.example\\",
        "https://books.example, https://books.example", " https://books.example",
        "chrome-extension://abcdef", "wss://books.example", "https://books.example:",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_none(text: str) -> None:
    assert parse_origin("https://books.example") == PUBLIC, "positive control"
    assert parse_origin(text) is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://books.example", PUBLIC),
        ("https://Books.Example:443/zixly/", PUBLIC),
        ("http://localhost:8501", Origin("http", "localhost", 8501)),
        ("https://bücher.example", Origin("https", "xn--bcher-kva.example", 443)),
        ("http://[::1]:8501", Origin("http", "::1", 8501)),
        ("books.example", None),
        ("https://" + "x" * 64 + ".example", None),
    ],
)
def test_a_setting_names_an_origin(url: str, origin: Origin | None) -> None:
    assert origin_of_url(url) == origin


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("http://localhost:8501", "LOCALHOST.:8501", True),
        ("https://books.example", "books.example:443", True),
        ("https://books.example:443", "books.example", True),
        ("http://books.example", "books.example:80", True),
        ("http://[::1]:8501", "[0::1]:8501", True),
        ("http://localhost:9000", "localhost:8501", False),
        ("http://localhost", "localhost:8501", False),
        ("http://127.0.0.1:8501", "localhost:8501", False),
        ("https://books.example", "books.example:80", False),
        ("http://books.example.evil.example:8501", "books.example:8501", False),
        ("null", "null", False),
        ("http://a@localhost:8501", "localhost:8501", False),
    ],
)
def test_a_page_is_ours_if_its_host_and_port_are_the_requested_ones(
    origin: str, host: str, own: bool
) -> None:
    headers = sent(("host", host), ("origin", origin))
    assert names_own_origin(headers, None, is_https=False) is own


def test_with_a_public_address_its_origin_alone_is_ours() -> None:
    for origin, own in [
        ("https://books.example", True),
        ("https://BOOKS.example:443", True),
        ("http://books.example", False),
        ("https://books.example:8443", False),
        ("http://localhost:8501", False),
    ]:
        headers = sent(("host", "localhost:8501"), ("origin", origin))
        assert names_own_origin(headers, PUBLIC, is_https=True) is own, origin


def test_a_page_opened_by_http_is_not_ours_where_people_use_https() -> None:
    plain = sent(("host", "books.example"), ("origin", "http://books.example"))
    assert names_own_origin(plain, None, is_https=False), "positive control"
    assert not names_own_origin(plain, None, is_https=True)
    on_this_machine = sent(("host", "localhost:8501"), ("origin", "http://localhost:8501"))
    assert names_own_origin(on_this_machine, None, is_https=True)


def test_two_hosts_or_two_origins_are_none() -> None:
    host, origin = ("host", "a:1"), ("origin", "http://a:1")
    assert names_own_origin(sent(host, origin), None, is_https=False), "positive control"
    assert not names_own_origin(sent(host, origin, origin), None, is_https=False)
    assert not names_own_origin(sent(host, host, origin), None, is_https=False)
    assert requested_host(sent(host, host)) is None
    assert requested_host(sent()) is None


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ([("sec-fetch-site", "same-origin"), ("origin", "https://a")], True),
        ([("origin", "https://books.example:8443"), ("host", "books.example:8443")], True),
        ([("origin", "https://books.example"), ("host", "books.example:443")], True),
        ([("origin", "https://books.example"), ("host", "books.example:8443")], False),
        ([("sec-fetch-site", "none")], False),
        ([("sec-fetch-site", "same-site")], False),
        ([("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], False),
        ([("origin", "null"), ("host", "null")], False),
        ([("origin", ""), ("host", "")], False),
        ([("host", "")], False),
        ([], False),
    ],
)
def test_a_post_is_ours_only_when_the_browser_says_so(
    headers: list[tuple[str, str]], own: bool
) -> None:
    assert is_same_origin(sent(*headers)) is own


def test_a_program_that_says_nothing_is_not_another_site() -> None:
    assert not comes_from_elsewhere(sent(("host", "a")), None, is_https=False)
    assert not is_same_origin(sent(("host", "a"))), "and does not prove that it is ours"
