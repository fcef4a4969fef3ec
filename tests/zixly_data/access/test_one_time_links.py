"""Links that sign a person in: an invitation, a new password. Each works once and expires."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords
from zixly_data.access import one_time_links, passwords, sessions
from zixly_data.access.one_time_links import LinkState
from zixly_data.access.sessions import Account
from zixly_data.database.connection import Database
from zixly_data.errors import AlreadyExists, InvalidInput, LinkClosed, SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.operations import operator
from zixly_data.people import invitations, team
from zixly_data.tables.tenants import OrganisationDraft
from zixly_data.values import ids

HERE = "203.0.113.7"
PASSWORD, OTHER = "a pass phrase of mine", "another pass phrase"

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def hashes_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", known_passwords.hashed)


@pytest.fixture
def people(new_team: Callable[[], Team]) -> Team:
    return new_team()


@pytest.fixture
def expire(admin: sa.Engine) -> Callable[[str, str], None]:
    """Lets a link expire, by moving its record back."""

    def run_out(table: str, token: str) -> None:
        with admin.begin() as superuser:
            moved = superuser.execute(
                sa.text(
                    f"update {table} set expires_at = now() - interval '1 second'"
                    " where token_hash = sha256(convert_to(:token, 'UTF8'))"
                ),
                {"token": token},
            )
            assert moved.rowcount == 1

    return run_out


def invited(people: Team, role: Role = Role.EDITOR) -> tuple[str, str, str]:
    """The address, the invitation's id and its token."""
    email, row_id = f"new-{next(_numbers)}@{people.tenant_id}.example", ids.new_id("inv")
    return email, row_id, invitations.invite(people.admin, email, role, row_id=row_id)


def accept(token: str, password: str = PASSWORD) -> Account:
    return one_time_links.accept_invitation(token, "Nova Newcomer", password, HERE)


def signed_in(account: Account) -> Identity:
    """Sign in as the browser does: a ticket, a session, its person."""
    ticket = sessions.issue_ticket(account, HERE)
    return sessions.identify(sessions.redeem_ticket(ticket, HERE, "a browser"))


def emails(people: Team) -> set[str]:
    return set(team.members(people.admin)["email"])


def requested_token(email: str) -> str:
    reset = one_time_links.request_reset(email, HERE)
    assert reset is not None
    return reset.token


def all_rows(admin: sa.Engine, *tables: str) -> str:
    """Every column of every row, as text."""
    with admin.connect() as superuser:
        return " ".join(
            str(row[0])
            for table in tables
            for row in superuser.execute(sa.text(f"select t::text from {table} as t"))
        )


# ── invitations ─────────────────────────────────────────────────────────────────────────────────
def test_an_open_invitation_shows_email_role_and_team(people: Team) -> None:
    email, _, token = invited(people, Role.VIEWER)
    invitation = one_time_links.invitation(token)
    number = people.tenant_id.removeprefix("team-").lstrip("0")
    assert invitation == one_time_links.Invitation(
        LinkState.OPEN, email, "VIEWER", f"Team {number}"
    )
    assert one_time_links.invitation(token) == invitation, "looking at it does not use it"


@pytest.mark.parametrize("role", list(Role))
def test_accepting_an_invitation_gives_its_role(people: Team, role: Role) -> None:
    email, row_id, token = invited(people, role)
    person = signed_in(accept(token))
    assert (person.tenant_id, person.email, person.role) == (people.tenant_id, email, role)
    assert person.full_name == "Nova Newcomer"
    assert row_id not in set(invitations.pending(people.admin)["id"])

    credentials = sessions.credentials(email, HERE)
    assert credentials is not None
    assert passwords.matches(PASSWORD, credentials.password_hash)
    assert not passwords.matches(OTHER, credentials.password_hash)


def test_a_used_invitation_is_used(people: Team) -> None:
    email, _, token = invited(people)
    accept(token)
    assert one_time_links.invitation(token).state is LinkState.USED
    with pytest.raises(LinkClosed):
        accept(token, OTHER)
    credentials = sessions.credentials(email, HERE)
    assert credentials is not None
    assert passwords.matches(PASSWORD, credentials.password_hash), "the first password stands"


def test_an_expired_invitation_lets_nobody_in(
    people: Team, expire: Callable[[str, str], None]
) -> None:
    email, _, token = invited(people)
    expire("zixly.invitations", token)
    assert one_time_links.invitation(token).state is LinkState.EXPIRED
    with pytest.raises(LinkClosed):
        accept(token)
    assert email not in emails(people)


def test_a_withdrawn_invitation_lets_nobody_in(people: Team) -> None:
    email, row_id, token = invited(people)
    invitations.withdraw(people.admin, row_id)
    assert one_time_links.invitation(token).state is LinkState.WITHDRAWN
    with pytest.raises(LinkClosed):
        accept(token)
    assert email not in emails(people)


def test_sending_an_invitation_again_replaces_the_link_and_extends_it(
    people: Team, expire: Callable[[str, str], None]
) -> None:
    email, row_id, first = invited(people)
    expire("zixly.invitations", first)
    to, second = invitations.send_again(people.admin, row_id)
    assert to == email
    assert one_time_links.invitation(first).state is LinkState.UNKNOWN
    with pytest.raises(LinkClosed):
        accept(first)
    assert signed_in(accept(second)).email == email


@pytest.mark.parametrize("token", ["", "invented", "x" * 5000, "' or 1=1 --", "%", "🐨"])
def test_an_invented_link_opens_nothing(database: Database, token: str) -> None:
    assert one_time_links.invitation(token).state is LinkState.UNKNOWN
    assert one_time_links.reset_link(token).state is LinkState.UNKNOWN
    assert one_time_links.set_up_link(token) is LinkState.UNKNOWN
    with pytest.raises(LinkClosed):
        accept(token)
    with pytest.raises(LinkClosed):
        one_time_links.reset_password(token, PASSWORD, HERE)


def test_a_link_of_one_kind_opens_no_other(people: Team) -> None:
    _, _, invitation = invited(people)
    reset = requested_token(people.viewer.email)
    assert one_time_links.reset_link(invitation).state is LinkState.UNKNOWN
    assert one_time_links.invitation(reset).state is LinkState.UNKNOWN
    assert one_time_links.set_up_link(reset) is LinkState.UNKNOWN


def test_if_two_people_use_an_invitation_at_once_one_succeeds(people: Team) -> None:
    email, _, token = invited(people)
    together = Barrier(4)

    def try_it(number: int) -> bool:
        hashed_before = f"{PASSWORD} {number}"
        together.wait(timeout=60)
        try:
            accept(token, hashed_before)
        except LinkClosed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, range(4))) == [False, False, False, True]
    assert sum(member_email == email for member_email in team.members(people.admin)["email"]) == 1


def test_an_address_of_another_organisation_s_member_stays_theirs(
    people: Team, new_team: Callable[[], Team]
) -> None:
    elsewhere = new_team()
    token = invitations.invite(
        people.admin, elsewhere.viewer.email.upper(), Role.ADMIN, row_id=ids.new_id("inv")
    )
    with pytest.raises(AlreadyExists) as refusal:
        accept(token)
    assert refusal.value.field == "email"
    assert one_time_links.invitation(token).state is LinkState.OPEN, "nothing was used up"
    assert sessions.identify(elsewhere.viewer.secret).role is Role.VIEWER
    assert len(emails(people)) == 3


@pytest.mark.parametrize(
    ("name", "password"),
    [("Nova", "too short"), ("Nova", "passwordpassword"), ("", PASSWORD), ("x" * 201, PASSWORD)],
)
def test_a_refused_name_or_password_does_not_use_the_link_up(
    people: Team, name: str, password: str
) -> None:
    email, _, token = invited(people)
    with pytest.raises(InvalidInput):
        one_time_links.accept_invitation(token, name, password, HERE)
    assert one_time_links.invitation(token).state is LinkState.OPEN
    assert signed_in(accept(token)).email == email, "positive control"


def test_a_persons_own_address_is_refused_as_password(people: Team) -> None:
    email, _, token = invited(people)
    with pytest.raises(InvalidInput) as refusal:
        accept(token, email)
    assert "email address" in str(refusal.value)


# ── forgotten passwords ─────────────────────────────────────────────────────────────────────────
def test_a_new_password_replaces_the_old_one_and_ends_every_session(
    people: Team, database: Database
) -> None:
    viewer = people.viewer
    operator.set_password(database.logins.admin_url, viewer.email, OTHER)
    elsewhere = operator.open_session(database.logins.admin_url, viewer.email)
    assert sessions.identify(elsewhere.secret).email == viewer.email

    token = requested_token(viewer.email.upper())
    assert one_time_links.reset_link(token) == one_time_links.ResetLink(
        LinkState.OPEN, viewer.email
    )
    person = signed_in(one_time_links.reset_password(token, PASSWORD, HERE))

    assert person.user_id == viewer.user_id
    credentials = sessions.credentials(viewer.email, HERE)
    assert credentials is not None
    assert passwords.matches(PASSWORD, credentials.password_hash)
    assert not passwords.matches(OTHER, credentials.password_hash)
    with pytest.raises(SessionEnded):
        sessions.identify(elsewhere.secret)


def test_one_use_ends_every_link_for_a_new_password(people: Team) -> None:
    first, second = requested_token(people.viewer.email), requested_token(people.viewer.email)
    one_time_links.reset_password(second, PASSWORD, HERE)
    for token in (first, second):
        assert one_time_links.reset_link(token).state is LinkState.USED
        with pytest.raises(LinkClosed):
            one_time_links.reset_password(token, OTHER, HERE)


def test_an_expired_link_sets_no_password(people: Team, expire: Callable[[str, str], None]) -> None:
    token = requested_token(people.viewer.email)
    expire("zixly.password_resets", token)
    assert one_time_links.reset_link(token).state is LinkState.EXPIRED
    with pytest.raises(LinkClosed):
        one_time_links.reset_password(token, PASSWORD, HERE)
    assert sessions.identify(people.viewer.secret).email == people.viewer.email


def test_a_link_from_an_administrator_works_too(people: Team) -> None:
    token = team.reset_link(people.admin, people.viewer.user_id)
    assert one_time_links.reset_link(token) == one_time_links.ResetLink(
        LinkState.OPEN, people.viewer.email
    )
    assert (
        signed_in(one_time_links.reset_password(token, PASSWORD, HERE)).email == people.viewer.email
    )


def test_a_person_deactivated_in_the_meantime_gets_no_link(people: Team) -> None:
    token = requested_token(people.viewer.email)
    team.deactivate(people.admin, people.viewer.user_id)
    assert one_time_links.reset_link(token).state is LinkState.EXPIRED
    with pytest.raises(LinkClosed):
        one_time_links.reset_password(token, PASSWORD, HERE)
    assert one_time_links.request_reset(people.viewer.email, HERE) is None

    team.reactivate(people.admin, people.viewer.user_id)
    assert one_time_links.request_reset(people.viewer.email, HERE) is not None, "positive control"


def test_strangers_get_no_link(database: Database) -> None:
    assert one_time_links.request_reset("nobody@zixly.com.au", HERE) is None
    assert one_time_links.request_reset("", HERE) is None


def test_a_mailbox_cannot_be_flooded(people: Team) -> None:
    tokens = [one_time_links.request_reset(people.viewer.email, HERE) for _ in range(5)]
    assert [token is not None for token in tokens] == [True, True, True, False, False]
    assert one_time_links.request_reset(people.editor.email, HERE) is not None, (
        "nobody else is kept waiting"
    )


def test_if_two_people_use_a_password_link_at_once_one_succeeds(people: Team) -> None:
    token = requested_token(people.viewer.email)
    together = Barrier(4)

    def try_it(number: int) -> bool:
        together.wait(timeout=60)
        try:
            one_time_links.reset_password(token, f"{PASSWORD} {number}", HERE)
        except LinkClosed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, range(4))) == [False, False, False, True]


# ── what is kept ────────────────────────────────────────────────────────────────────────────────
def test_no_token_and_no_password_is_kept_in_clear(people: Team, admin: sa.Engine) -> None:
    _, _, invitation = invited(people)
    reset = requested_token(people.editor.email)
    account = accept(invitation)
    stored = all_rows(
        admin, "zixly.invitations", "zixly.password_resets", "zixly.users", "zixly.audit_log"
    )
    for secret in (invitation, reset, PASSWORD):
        assert secret not in stored
    assert account.user_id in stored, "positive control"
    with admin.connect() as superuser:
        hashes = superuser.execute(
            sa.text(
                "select encode(sha256(convert_to(:token, 'UTF8')), 'hex') in"
                " (select encode(token_hash, 'hex') from zixly.invitations)"
            ),
            {"token": invitation},
        )
        assert hashes.scalar_one()


def test_no_representation_shows_a_token(people: Team) -> None:
    founding = one_time_links.OrganisationSetup(
        OrganisationDraft("A"), "a@b.example", "Ada", PASSWORD
    )
    reset = one_time_links.request_reset(people.viewer.email, HERE)
    assert reset is not None
    assert reset.token not in repr(reset)
    assert PASSWORD not in repr(founding)
    assert replace(founding, full_name="Eve").password == PASSWORD
