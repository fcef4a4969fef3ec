"""What Zixly believes of a request: where it came from, and where it may be sent on to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_ui.shell.request_headers import (
    client_address,
    cookie_in,
    is_https,
    safe_path,
    visitor_network,
)


@pytest.mark.parametrize("path", ["/", "/clients", "/client?id=ckpi_001", "/x?a=1&b=%2F%2Fevil"])
def test_a_path_on_this_site_is_kept(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "clients",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/session/close",
        "/" + "x" * 3000,
        "/ünïcode",
    ],
)
def test_anything_else_leads_to_the_first_page(path: str) -> None:
    assert safe_path(path) == "/"


@given(st.text(max_size=60))
def test_no_text_leads_to_another_site(text: str) -> None:
    path = safe_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


def test_a_direct_peer_cannot_claim_another_address() -> None:
    forged = {"x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "https"}
    assert client_address("203.0.113.9", forged, "") == "203.0.113.9"
    assert not is_https("http", "203.0.113.9", forged, "")


def test_a_trusted_proxy_speaks_for_the_last_address_before_it() -> None:
    headers = {"x-forwarded-for": "1.1.1.1, 198.51.100.7, 10.0.0.2", "x-forwarded-proto": "https"}
    proxies = "10.0.0.2, 10.0.0.3"
    assert client_address("10.0.0.3", headers, proxies) == "198.51.100.7"
    assert is_https("http", "10.0.0.3", headers, proxies)


@pytest.mark.parametrize("peer", [None, "::1", "127.0.0.1", "::ffff:127.0.0.1"])
def test_this_machine_has_one_name(peer: str | None) -> None:
    assert client_address(peer, {}, "") == "127.0.0.1"


def test_only_our_cookie_is_read() -> None:
    assert cookie_in("a=1; zixly_session=abc-_9; b=2") == "abc-_9"
    assert cookie_in("zixly_session=") is None
    assert cookie_in("xzixly_session=abc") is None
    assert cookie_in("") is None


def test_a_visitor_is_an_ipv4_address_or_a_64() -> None:
    assert visitor_network("2001:db8:1:2::7") == visitor_network("2001:DB8:1:2:ffff::1%eth0")
    assert visitor_network("2001:db8:1:2::7") != visitor_network("2001:db8:1:3::7")
    assert visitor_network("::ffff:203.0.113.7") == visitor_network("203.0.113.7") == "203.0.113.7"
    assert visitor_network(None) == "127.0.0.1"
