"""Who may read the server's metrics: the operator's token, or a program on this machine."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp

from tests.support.servers.asgi import Reply, ask
from zixly_data.settings import Settings
from zixly_ui.http.metrics_access import OperatorRequired

PATH = "/_stcore/metrics"
TOKEN = "0123456789abcdef0123456789abcdef"
WITH_TOKEN = Settings(metrics_token=SecretStr(TOKEN))
LOOPBACK = ("host", "localhost:8501")


def metrics(
    *headers: tuple[str, str],
    settings: Settings | None = None,
    peer: str | None = "127.0.0.1",
    path: str = PATH,
) -> Reply:
    chosen = settings or Settings()

    def wrap(app: ASGIApp) -> ASGIApp:
        return OperatorRequired(app, chosen)

    return ask(wrap, path, *headers, peer=peer)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_opens_them_from_anywhere(scheme: str) -> None:
    for peer in ("203.0.113.9", "127.0.0.1", None):
        header = ("authorization", f"{scheme} {TOKEN}")
        assert metrics(header, settings=WITH_TOKEN, peer=peer).status == 0


@pytest.mark.parametrize(
    "given",
    [
        "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x", "Bearer ümläut", f"Bearer {TOKEN.upper()}",
    ],
)  # fmt: skip
def test_anything_else_opens_nothing_on_this_machine_either(given: str) -> None:
    answer = metrics(("authorization", given), LOOPBACK, settings=WITH_TOKEN)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in answer.text


def test_a_token_is_of_no_use_where_none_is_set() -> None:
    assert metrics(("authorization", f"Bearer {TOKEN}"), peer="203.0.113.9").status == 401
    assert metrics(("authorization", "Bearer "), peer="203.0.113.9").status == 401
    twice = ("authorization", f"Bearer {TOKEN}")
    assert metrics(twice, twice, settings=WITH_TOKEN).status == 401


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_a_program_on_this_machine_reads_them(peer: str, host: str) -> None:
    assert metrics(("host", host), peer=peer).status == 0
    assert metrics(("host", host), peer=peer, settings=WITH_TOKEN).status == 0


@pytest.mark.parametrize(
    ("headers", "peer"),
    [
        ([LOOPBACK], "203.0.113.9"),
        ([LOOPBACK], None),
        ([LOOPBACK], "unix"),
        ([("host", "zixly.example.com")], "127.0.0.1"),
        ([("host", "localhost.evil.example")], "127.0.0.1"),
        ([], "127.0.0.1"),
        *(
            ([LOOPBACK, (name, "127.0.0.1")], "127.0.0.1")
            for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host")
        ),
    ],
)
def test_what_may_come_through_a_proxy_does_not(
    headers: list[tuple[str, str]], peer: str | None
) -> None:
    assert metrics(LOOPBACK).status == 0, "positive control"
    assert metrics(*headers, peer=peer).status == 401
    cookie = ("cookie", "zixly_session=of-an-administrator")
    assert metrics(*headers, cookie, peer=peer).status == 401


def test_a_known_proxy_closes_the_way_without_a_token() -> None:
    behind = Settings(trusted_proxies="127.0.0.1")
    public = Settings(public_url="https://zixly.example.com")
    here = Settings(public_url="http://localhost:8501")
    assert metrics(LOOPBACK, settings=behind).status == 401
    assert metrics(LOOPBACK, settings=public).status == 401
    assert metrics(LOOPBACK, settings=here).status == 0, "positive control"


def test_other_addresses_are_not_its_concern() -> None:
    assert metrics(peer="203.0.113.9", path="/clients").status == 0
