"""The rule of hosts and origins: which requests come from one of our own pages.

The middleware `hosts` applies it to every request, and the routes that accept a form ask it for
proof. A host is a name and a port. An origin is a scheme and a host; without a port it has the
port of its scheme. Names are compared as browsers resolve them: without case and without a final
dot, IPv6 addresses in one spelling. Every other text is not an address and equals none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]+))?"
)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#@\\]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Host:
    """A name in lower case, and its port if it was written."""

    name: str
    port: int | None

    def is_loopback(self) -> bool:
        """Return whether the name always means this machine."""
        if self.name == "localhost":
            return True
        try:
            return ip_address(self.name).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Origin:
    """The scheme, name and port of a page's address."""

    scheme: str
    name: str
    port: int

    def is_at(self, host: Host) -> bool:
        """Return whether the host is the one of this origin."""
        return (host.name, host.port or _PORTS[self.scheme]) == (self.name, self.port)


def parse_host(text: str) -> Host | None:
    """Return the host that a Host header names, or None."""
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    # A port of more digits is not converted: int refuses thousands of them with an error.
    port = int(match["port"][:6]) if match["port"] else None
    if port is not None and not 0 < port < 65_536:
        return None
    if match["ipv6"]:
        try:
            return Host(str(IPv6Address(match["ipv6"])), port)
        except ValueError:
            return None
    name = match["name"].lower().removesuffix(".")
    return Host(name, port) if name else None


def parse_origin(text: str) -> Origin | None:
    """Return the origin that an Origin header names, or None; `null` names none."""
    match = _ORIGIN.fullmatch(text)
    host = parse_host(match["host"]) if match else None
    if match is None or host is None:
        return None
    scheme = match["scheme"].lower()
    return Origin(scheme, host.name, host.port or _PORTS[scheme])


def origin_of_url(url: str) -> Origin | None:
    """Return the origin of an address, which may have a path and a name in any script, or None."""
    parts = urlsplit(url)
    try:
        name = parts.netloc.encode("idna").decode()
    except UnicodeError:
        return None
    return parse_origin(f"{parts.scheme}://{name}")


def requested_host(headers: Headers) -> Host | None:
    """Return the host of a request that names exactly one."""
    hosts = headers.getlist("host")
    return parse_host(hosts[0]) if len(hosts) == 1 else None


def names_own_origin(headers: Headers, own: Origin | None, *, is_https: bool) -> bool:
    """Return whether the request's only Origin is `own`, or the requested host if that is None.

    A page opened by http is not one of ours where people use https, except on this machine.
    """
    origins = headers.getlist("origin")
    origin = parse_origin(origins[0]) if len(origins) == 1 else None
    if origin is None:
        return False
    if own is not None:
        return origin == own
    host = requested_host(headers)
    if host is None or not origin.is_at(host):
        return False
    return origin.scheme == "https" or not is_https or host.is_loopback()


def comes_from_elsewhere(headers: Headers, own: Origin | None, *, is_https: bool) -> bool:
    """Return whether the request says that another site's page sent it.

    Current browsers send Sec-Fetch-Site, which no script can set and no proxy rewrites. Other
    browsers send Origin. Programs send neither.
    """
    sites = headers.getlist("sec-fetch-site")
    if sites:
        return sites != ["same-origin"]
    return "origin" in headers and not names_own_origin(headers, own, is_https=is_https)


def is_same_origin(headers: Headers) -> bool:
    """Return whether a POST proves that it comes from one of our own pages.

    With neither Sec-Fetch-Site nor Origin the answer is False.
    """
    is_stated = "sec-fetch-site" in headers or "origin" in headers
    return is_stated and not comes_from_elsewhere(headers, None, is_https=False)
