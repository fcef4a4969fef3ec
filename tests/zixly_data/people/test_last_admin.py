"""An organisation always keeps an active administrator, whoever does what to whom, and every step
that changed somebody is on the trail with who, before and after."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support.depth import examples
from zixly_data.access import sessions
from zixly_data.errors import AccessDenied, LastAdmin, NotFound, SessionEnded, ZixlyError
from zixly_data.identity import Identity, Role
from zixly_data.people import archive, team

PEOPLE = 4
ACTIONS = ("VIEWER", "EDITOR", "ADMIN", "deactivate", "reactivate", "delete")
Step = tuple[int, str, int]
Entry = tuple[str, str, tuple[str, str] | None, tuple[str, str] | None]

_numbers = itertools.count(1)


@dataclass
class Person:
    """What the model knows of somebody; `identity` is their latest session."""

    identity: Identity
    role: str
    status: str = "ACTIVE"

    @property
    def state(self) -> tuple[str, str]:
        return (self.role, self.status)


@dataclass
class Company:
    """A fresh organisation of four, two of them administrators, and what should be on its trail."""

    tenant_id: str
    people: list[Person]
    expected: list[Entry] = field(default_factory=list)

    def active_admins(self) -> list[Person]:
        return [person for person in self.people if person.state == ("ADMIN", "ACTIVE")]


def found_company(admin: sa.Engine) -> Company:
    tenant_id = f"company-{next(_numbers):05}"
    roles = {
        f"{number}@{tenant_id}.example": role
        for number, role in enumerate(("ADMIN", "ADMIN", "EDITOR", "VIEWER"))
    }
    with admin.begin() as operator:
        operator.execute(
            sa.text("select app_operator.create_tenant(:id, :id, null, 'UTC', 'AUD')"),
            {"id": tenant_id},
        )
        operator.execute(
            sa.text("select app_operator.add_user(:id, :email, 'Somebody', :role, null)"),
            [{"id": tenant_id, "email": email, "role": role} for email, role in roles.items()],
        )
        secrets = {email: _open_session(operator, email) for email in roles}
    return Company(
        tenant_id,
        [Person(sessions.identify(secrets[person_id]), role) for person_id, role in roles.items()],
    )


def sign_in(admin: sa.Engine, email: str) -> Identity:
    with admin.begin() as operator:
        secret = _open_session(operator, email)
    return sessions.identify(secret)


def _open_session(operator: sa.Connection, email: str) -> str:
    secret = f"{email} {next(_numbers)}"
    operator.execute(
        sa.text("select app_operator.open_session(:email, :secret)"),
        {"email": email, "secret": secret},
    )
    return secret


def take(actor: Identity, action: str, target: Identity, folder: Path) -> None:
    """What the page and the command line call."""
    if action == "deactivate":
        team.deactivate(actor, target.user_id)
    elif action == "reactivate":
        team.reactivate(actor, target.user_id)
    elif action == "delete":
        team.delete(actor, target.user_id, target.email, folder)
    else:
        team.change_role(actor, target.user_id, Role(action))


def after(state: tuple[str, str], action: str) -> tuple[str, str] | None:
    role, status = state
    if action == "delete":
        return None
    if action in ("deactivate", "reactivate"):
        return (role, "INACTIVE" if action == "deactivate" else "ACTIVE")
    return (action, status)


def refusal(company: Company, step: Step) -> type[ZixlyError] | None:
    """How the rules say a step ends: with this error, or well."""
    actor, target = company.people[step[0]], company.people[step[2]]
    if actor.status != "ACTIVE":
        return SessionEnded
    if actor.role != "ADMIN":
        return AccessDenied if target.status != "DELETED" else ZixlyError
    if target.status == "DELETED":
        return NotFound
    stays = after(target.state, step[1]) == ("ADMIN", "ACTIVE")
    if not stays and company.active_admins() == [target]:
        return LastAdmin
    return None


def take_and_check(admin: sa.Engine, company: Company, step: Step, folder: Path) -> None:
    actor, target = company.people[step[0]], company.people[step[2]]
    expected = refusal(company, step)
    if expected is not None:
        with pytest.raises(expected):
            take(actor.identity, step[1], target.identity, folder)
        return
    take(actor.identity, step[1], target.identity, folder)
    before, now = target.state, after(target.state, step[1])
    if now != before:
        company.expected.append((actor.identity.user_id, target.identity.user_id, before, now))
    if now is None:
        target.status = "DELETED"
        archived = archive.read(next(folder.rglob(f"{target.identity.user_id}.jsonl.gz")))
        assert archived[0]["row_id"] == target.identity.user_id
        return
    came_back = (target.status, now[1]) == ("INACTIVE", "ACTIVE")
    target.role, target.status = now
    if came_back:
        with pytest.raises(SessionEnded):
            sessions.identify(target.identity.secret)
        target.identity = sign_in(admin, target.identity.email)


def on_the_trail(admin: sa.Engine, tenant_id: str) -> list[Entry]:
    """Every change of a user that somebody made, oldest first, and by whom it was made."""
    query = sa.text("""
        select user_id, user_email, row_id, before, after from zixly.audit_log
        where tenant_id = :tenant and table_name = 'users' and action in ('UPDATE', 'DELETE')
        order by at, id
    """)
    with admin.connect() as everyone:
        rows = everyone.execute(query, {"tenant": tenant_id}).all()
    assert all(row.user_email for row in rows), "an entry does not say who"
    return [(row.user_id, row.row_id, _state(row.before), _state(row.after)) for row in rows]


def _state(row: dict[str, str] | None) -> tuple[str, str] | None:
    return (row["role"], row["status"]) if row else None


def at_once(*deeds: Callable[[], None]) -> list[Exception | None]:
    """How each of the deeds ended, all begun in the same moment."""
    together = threading.Barrier(len(deeds))

    def do(deed: Callable[[], None]) -> Exception | None:
        together.wait()
        try:
            deed()
        except Exception as error:
            return error
        return None

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


people = st.integers(0, PEOPLE - 1)


@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(people, st.sampled_from(ACTIONS), people), max_size=10))
def test_random_sequences_leave_an_admin_and_a_complete_trail(
    admin: sa.Engine, tmp_path: Path, steps: list[Step]
) -> None:
    company = found_company(admin)
    for step in steps:
        take_and_check(admin, company, step, tmp_path)
        assert company.active_admins()

    with admin.connect() as everyone:
        really = everyone.execute(
            sa.text("select id, role, status from zixly.users where tenant_id = :tenant"),
            {"tenant": company.tenant_id},
        ).all()
    assert {tuple(row) for row in really} == {
        (person.identity.user_id, *person.state)
        for person in company.people
        if person.status != "DELETED"
    }
    assert on_the_trail(admin, company.tenant_id) == company.expected


@pytest.mark.parametrize("action", ["VIEWER", "deactivate", "delete"])
def test_of_two_admins_who_do_it_to_each_other_at_once_one_stays(
    admin: sa.Engine, tmp_path: Path, action: str
) -> None:
    for _ in range(5):
        company = found_company(admin)
        first, second = (person.identity for person in company.people[:2])
        outcomes = at_once(
            partial(take, first, action, second, tmp_path),
            partial(take, second, action, first, tmp_path),
        )

        assert outcomes.count(None) == 1, outcomes
        (refused,) = (outcome for outcome in outcomes if outcome is not None)
        assert isinstance(refused, LastAdmin | AccessDenied | NotFound), refused
        with admin.connect() as everyone:
            left = everyone.execute(
                sa.text("""
                    select count(*) from zixly.users
                    where tenant_id = :tenant and role = 'ADMIN' and status = 'ACTIVE'
                """),
                {"tenant": company.tenant_id},
            ).scalar_one()
        assert left == 1
        assert len(on_the_trail(admin, company.tenant_id)) == 1


def test_an_administrator_who_goes_is_named_on_the_trail(
    admin: sa.Engine, new_team: Callable[[], Team], tmp_path: Path
) -> None:
    ours = new_team()
    team.change_role(ours.admin, ours.editor.user_id, Role.ADMIN)
    team.delete(ours.admin, ours.admin.user_id, ours.admin.email, tmp_path)
    assert on_the_trail(admin, ours.tenant_id)[-1] == (
        ours.admin.user_id, ours.admin.user_id, ("ADMIN", "ACTIVE"), None,
    )  # fmt: skip
