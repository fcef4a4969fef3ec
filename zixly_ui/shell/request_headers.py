"""Facts read from a request: session cookie, client address, scheme and next page.

Used by the routes and the middleware (on ASGI scopes) and by the pages (on `st.context`), so that
both read a request in the same way. A header that the person at the browser could have written is
trusted only if it came through a proxy named in the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import urlsplit

from zixly_data.access.throttling import network

COOKIE = "zixly_session"
LINK_COOKIE = "zixly_link"
LOOPBACK = "127.0.0.1"


def cookie_in(header: str) -> str | None:
    """Return the session's secret from a Cookie header, or None."""
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None and morsel.value else None


def client_address(peer: str | None, headers: Mapping[str, str], trusted_proxies: str) -> str:
    """Return the address a request came from, normalised.

    If the peer is a trusted proxy, this is the last address in X-Forwarded-For that is not itself a
    trusted proxy. A missing peer counts as this machine.
    """
    trusted = _addresses(trusted_proxies)
    address = _normalised(peer or LOOPBACK)
    if address not in trusted:
        return address
    for hop in reversed(_addresses(headers.get("x-forwarded-for", ""))):
        address = hop
        if hop not in trusted:
            break
    return address


def is_trusted(peer: str | None, trusted_proxies: str) -> bool:
    """Return whether the peer is one of the proxies named in the settings."""
    return _normalised(peer or LOOPBACK) in _addresses(trusted_proxies)


def visitor_network(address: str | None) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 of an IPv6 address.

    A provider gives each customer a /64 at least, so one machine has 2^64 addresses.
    """
    return network(address or LOOPBACK, 64)


def is_https(
    scheme: str, peer: str | None, headers: Mapping[str, str], trusted_proxies: str
) -> bool:
    """Return whether the browser used https, directly or through a trusted proxy."""
    if scheme in ("https", "wss"):
        return True
    trusted = _addresses(trusted_proxies)
    forwarded = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
    return _normalised(peer or LOOPBACK) in trusted and forwarded == "https"


def safe_path(path: str) -> str:
    """Return `path` with its query if it lies on this site; otherwise the path of the first page.

    Browsers treat `//host`, `/\\host` and paths with tabs or line ends as other sites, so only one
    leading slash and printable ASCII pass.
    """
    is_printable = path.isascii() and path.isprintable() and " " not in path and "\\" not in path
    if not is_printable or not path.startswith("/") or path.startswith("//") or len(path) > 2000:
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path.startswith("/session/"):
        return "/"
    return path


def _addresses(text: str) -> list[str]:
    return [_normalised(address) for address in text.split(",") if address.strip()]


def _normalised(address: str) -> str:
    text = address.strip()
    try:
        parsed = ip_address(text)
    except ValueError:
        return text[:64]
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    return LOOPBACK if parsed.is_loopback else str(parsed)
