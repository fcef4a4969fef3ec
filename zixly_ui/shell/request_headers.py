"""What a browser's request tells us: its session cookie, its address, its origin, its next page.

Used by the routes and the middleware (which see ASGI scopes) and by the pages (which see
`st.context`), so that both read a request in the same way. Nothing here trusts a header that the
person at the browser could have written, unless it came through a proxy named in the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import urlsplit

COOKIE = "zixly_session"
LINK_COOKIE = "zixly_link"
LOOPBACK = "127.0.0.1"


def cookie_in(header: str) -> str | None:
    """The session's secret in a Cookie header, or None."""
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel is not None and morsel.value else None


def client_address(peer: str | None, headers: Mapping[str, str], trusted_proxies: str) -> str:
    """The address a request came from, as one normalised text.

    A peer that is a trusted proxy speaks for the last address in X-Forwarded-For which is not
    itself a trusted proxy. A peer that is absent counts as this machine.
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


def is_https(
    scheme: str, peer: str | None, headers: Mapping[str, str], trusted_proxies: str
) -> bool:
    """Whether the browser reached us over https, directly or through a trusted proxy."""
    if scheme in ("https", "wss"):
        return True
    trusted = _addresses(trusted_proxies)
    forwarded = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
    return _normalised(peer or LOOPBACK) in trusted and forwarded == "https"


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a POST comes from one of our own pages.

    Current browsers say so in Sec-Fetch-Site, which no script can set and no proxy rewrites.
    Others send Origin, which must then name the host that was asked. Silence is no proof.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    parts = urlsplit(headers.get("origin", ""))
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host", "")


def safe_path(path: str) -> str:
    """`path` if it is a path on this site, with its query; otherwise the first page.

    A browser takes `//host`, `/\\host` and a path with tabs or line ends in it for other sites,
    so only one leading slash and printable ASCII pass.
    """
    plain = path.isascii() and path.isprintable() and " " not in path and "\\" not in path
    if not plain or not path.startswith("/") or path.startswith("//") or len(path) > 2000:
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
