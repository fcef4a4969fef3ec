"""A clock that jumps by an hour and by a year, forwards and back.

A jump of the clock back by a year is the same, for what is stored, as times that lie a year ahead:
so the tests move the stored times. PostgreSQL's clock decides about all of them; a context is bound
to its transaction and knows no clock. A jump must neither let anything live longer than promised by
more than a day, nor lock anybody out for longer than without the jump.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import statements
from zixly_data.access import second_factor, sessions
from zixly_data.errors import SessionEnded
from zixly_data.identity import Role
from zixly_data.people import invitations
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.nightly

HOUR, YEAR = "1 hour", "1 year"
# (the stored times are moved by this, whether a session or a link of before still works)
JUMPS = {
    "none": ("0 hours", True),
    "back by an hour": (HOUR, True),
    "back by a year": (YEAR, False),
    "forwards by an hour": (f"-{HOUR}", True),
    "forwards by a year": (f"-{YEAR}", False),
}
all_jumps = pytest.mark.parametrize(("moved", "works"), JUMPS.values(), ids=JUMPS)


def move(admin: sa.Engine, table: str, moved: str, tenant: str, *columns: str) -> None:
    changes = ", ".join(f"{column} = {column} + interval '{moved}'" for column in columns)
    with admin.begin() as everyone:
        everyone.execute(sa.text("set local session_replication_role = replica"))
        everyone.execute(
            sa.text(f"update {table} set {changes} where tenant_id = :tenant"), {"tenant": tenant}
        )


@all_jumps
def test_a_session_lives_no_longer(
    new_team: Callable[[], Team], admin: sa.Engine, moved: str, works: bool
) -> None:
    team = new_team()
    statements.run(
        admin,
        "update zixly.sessions set idle_limit = '12 hours', expires_at = now() + interval '14 days'"
        " where tenant_id = :tenant",
        tenant=team.tenant_id,
    )
    columns = ("created_at", "last_seen_at", "expires_at")
    move(admin, "zixly.sessions", moved, team.tenant_id, *columns)
    if works:
        assert sessions.identify(team.admin.secret).user_id == team.admin.user_id
    else:
        with pytest.raises(SessionEnded):
            sessions.identify(team.admin.secret)


@all_jumps
def test_an_invitation_works_no_longer_and_its_list_agrees(
    new_team: Callable[[], Team], admin: sa.Engine, moved: str, works: bool
) -> None:
    team = new_team()
    email = f"{secrets.token_hex(4)}@clock.example"
    token = invitations.invite(team.admin, email, Role.VIEWER, row_id=new_id("inv"))
    move(admin, "zixly.invitations", moved, team.tenant_id, "created_at", "expires_at")
    state = "OPEN" if works else "EXPIRED"
    query = "select state from app_auth.invitation(:token)"
    assert statements.run(admin, query, token=token) == [(state,)]
    assert invitations.pending(team.admin)["state"].tolist() == [state]


@all_jumps
def test_a_ticket_of_thirty_seconds_survives_no_jump(
    new_team: Callable[[], Team], admin: sa.Engine, moved: str, works: bool
) -> None:
    team, ticket = new_team(), secrets.token_urlsafe(32)
    statements.run(
        admin, "select app_auth.issue_ticket(:tenant, :person, :ticket, 'clock')",
        tenant=team.tenant_id, person=team.admin.user_id, ticket=ticket,
    )  # fmt: skip
    move(admin, "app_private.sign_in_tickets", moved, team.tenant_id, "expires_at")
    redeem = (
        "select app_auth.redeem_ticket(:ticket, :secret, 'clock', '', interval '1 hour',"
        " interval '1 day')"
    )
    secret = secrets.token_urlsafe(32)
    if moved == JUMPS["none"][0]:
        statements.run(admin, redeem, ticket=ticket, secret=secret)
        assert sessions.identify(secret)
    else:
        with pytest.raises(sa.exc.DBAPIError, match="not valid"):
            statements.run(admin, redeem, ticket=ticket, secret=secret)


@all_jumps
def test_nobody_is_locked_out_until_the_clock_catches_up(
    admin: sa.Engine, moved: str, works: bool
) -> None:
    email, address = f"{secrets.token_hex(4)}@clock.example", f"clock-{secrets.token_hex(4)}"
    for _ in range(60):
        statements.run(
            admin, "select app_auth.record_failure(:email, :address)", email=email, address=address
        )
    attempt = "select * from app_auth.credentials(:email, :address)"
    with pytest.raises(sa.exc.DBAPIError, match="too many failed"):
        statements.run(admin, attempt, email=email, address=address)
    statements.run(
        admin,
        f"update app_private.sign_in_failures set at = at + interval '{moved}'"
        " where address = :address",
        address=address,
    )
    if moved == JUMPS["none"][0]:
        with pytest.raises(sa.exc.DBAPIError, match="too many failed"):
            statements.run(admin, attempt, email=email, address=address)
    else:
        statements.run(admin, attempt, email=email, address=address)


def test_a_code_of_another_hour_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).now()
    assert second_factor._matching_step(secret, code) is not None
    now = time.time()
    for jump in (-31_536_000, -3_600, 3_600, 31_536_000):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        assert second_factor._matching_step(secret, code) is None
