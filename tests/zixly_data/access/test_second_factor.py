"""Two-step sign-in: codes that work once, recovery codes, and an organisation that requires it.

Vera the viewer of a fresh team signs in with a browser; her administrator works beside her.
"""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.package_modules import data_modules
from tests.support.second_factors import HERE, Clock, Phone, account_of, browser_session, enrol
from zixly_data.access import account, second_factor, sessions
from zixly_data.database.connection import Database
from zixly_data.errors import (
    AccessDenied,
    InvalidInput,
    NotFound,
    SecondFactorNeeded,
    SessionEnded,
    SignInRefused,
    TooManyAttempts,
)
from zixly_data.identity import Identity
from zixly_data.people import team, tenants

ELSEWHERE = "198.51.100.9"
# RFC 6238, appendix B, SHA-1: the instant, and the last six of the eight digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock().install(monkeypatch)


@pytest.fixture
def people(new_team: Callable[[], Team]) -> Team:
    """A fresh team whose viewer and admin are signed in with browsers."""
    made = new_team()
    return replace(
        made,
        viewer=replace(made.viewer, secret=browser_session(made.viewer)),
        admin=replace(made.admin, secret=browser_session(made.admin)),
    )


@pytest.fixture
def vera(people: Team) -> Identity:
    return people.viewer


def check(person: Identity, code: str, address: str = HERE) -> None:
    second_factor.check(account_of(person), code, person.email, address)


# ── codes ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("instant", "code"), RFC_VECTORS)
def test_codes_are_those_of_the_standard(
    vera: Identity, clock: Clock, instant: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyotp.random_base32", lambda: RFC_SECRET)
    second_factor.begin(vera.secret)
    clock.now = instant
    with pytest.raises(InvalidInput):
        second_factor.confirm(vera.secret, str((int(code) + 1) % 10**6).zfill(6))
    assert second_factor.confirm(vera.secret, code)
    assert second_factor.is_on(account_of(vera))


def test_nothing_is_asked_for_until_the_first_code_was_right(vera: Identity, clock: Clock) -> None:
    begun = second_factor.begin(vera.secret)
    assert begun.secret in begun.uri
    assert second_factor.begin(vera.secret) == begun, "a reload shows the same square"
    with pytest.raises(InvalidInput) as wrong:
        second_factor.confirm(vera.secret, "000000")
    assert wrong.value.field == "code"
    assert not second_factor.is_on(account_of(vera))
    check(vera, "whatever")  # no code is required, so none can be wrong


def test_a_code_works_once(vera: Identity, clock: Clock) -> None:
    phone = Phone(second_factor.begin(vera.secret).secret, clock)
    second_factor.confirm(vera.secret, phone.code())
    with pytest.raises(SignInRefused):
        check(vera, phone.code())  # the code that switched it on
    clock.now += 60
    check(vera, phone.code())
    with pytest.raises(SignInRefused):
        check(vera, phone.code())


def test_a_clock_may_be_half_a_minute_off(vera: Identity, clock: Clock) -> None:
    phone, _ = enrol(vera.secret, clock)
    for steps in (-2, 2):
        with pytest.raises(SignInRefused):
            check(vera, phone.code(steps), ELSEWHERE)
    check(vera, phone.code(-1))
    check(vera, phone.code(1))
    with pytest.raises(SignInRefused):
        check(vera, phone.code())  # older than the one just used


@pytest.mark.parametrize("typed", ["{} ", " {}", "{:.3} {:.3}"])
def test_a_code_may_be_typed_with_spaces(vera: Identity, clock: Clock, typed: str) -> None:
    phone, _ = enrol(vera.secret, clock)
    code = phone.code()
    check(vera, f"{code[:3]} {code[3:]}" if "." in typed else typed.format(code))


# ── recovery codes ──────────────────────────────────────────────────────────────────────────────
def test_each_recovery_code_lets_in_once(vera: Identity, clock: Clock) -> None:
    _, codes = enrol(vera.secret, clock)
    assert len(set(codes)) == 10
    check(vera, codes[0])
    check(vera, codes[1].upper().replace("-", " "))
    assert second_factor.recovery_codes_left(account_of(vera)) == 8
    for used in codes[:2]:
        with pytest.raises(SignInRefused):
            check(vera, used)
    check(vera, codes[2])


def test_recovery_codes_are_stored_only_as_hashes(
    vera: Identity, clock: Clock, admin: sa.Engine
) -> None:
    _, codes = enrol(vera.secret, clock)
    check(vera, codes[0])
    with admin.connect() as superuser:
        for table in ("second_factors", "audit_log"):
            rows = superuser.execute(
                sa.text(f"select t::text from zixly.{table} as t where tenant_id = :t"),
                {"t": vera.tenant_id},
            ).scalars()
            stored = "\n".join(rows)
            assert stored
            assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_another_persons_recovery_code_is_refused(people: Team, clock: Clock) -> None:
    enrol(people.viewer.secret, clock)
    _, of_admin = enrol(people.admin.secret, clock)
    with pytest.raises(SignInRefused):
        check(people.viewer, of_admin[0])
    check(people.admin, of_admin[0])


# ── guessing ────────────────────────────────────────────────────────────────────────────────────
def test_wrong_codes_make_an_address_wait_as_wrong_passwords_do(
    vera: Identity, clock: Clock
) -> None:
    phone, _ = enrol(vera.secret, clock)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            check(vera, "000000")
    with pytest.raises(TooManyAttempts):
        check(vera, phone.code())
    with pytest.raises(TooManyAttempts):
        sessions.credentials(vera.email, HERE)
    check(vera, phone.code(), ELSEWHERE)


def test_a_person_with_the_password_cannot_guess_codes_from_many_addresses(
    vera: Identity, clock: Clock, admin: sa.Engine
) -> None:
    phone, _ = enrol(vera.secret, clock)
    for number in range(10):
        with pytest.raises(SignInRefused):
            check(vera, "000000", f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        check(vera, phone.code(), "192.0.2.99")
    check(vera, phone.code(), HERE)  # she can still sign in from her known address
    clock.now += 60
    with admin.begin() as superuser:
        superuser.exec_driver_sql("set local session_replication_role = replica")
        superuser.execute(
            sa.text("update zixly.audit_log set at = at - interval '15 minutes'"
                    " where tenant_id = :t"), {"t": vera.tenant_id},
        )  # fmt: skip
    check(vera, phone.code(), "192.0.2.99")


def test_the_trail_tells_a_wrong_code_from_a_wrong_password(
    vera: Identity, clock: Clock, admin: sa.Engine
) -> None:
    enrol(vera.secret, clock)
    sessions.record_failure(vera.email, ELSEWHERE)
    with pytest.raises(SignInRefused):
        check(vera, "000000", ELSEWHERE)
    with admin.connect() as superuser:
        entries = superuser.execute(
            sa.text("select after ->> 'step' from zixly.audit_log where tenant_id = :t"
                    " and action = 'SIGN_IN_FAILED' and address = :a order by at"),
            {"t": vera.tenant_id, "a": ELSEWHERE},
        )  # fmt: skip
        assert list(entries.scalars()) == [None, "second factor"]


# ── switching it off, and setting it up anew ────────────────────────────────────────────────────
def test_setting_up_again_replaces_phone_and_recovery_codes_once_confirmed(
    vera: Identity, clock: Clock
) -> None:
    old, old_codes = enrol(vera.secret, clock)
    begun = second_factor.begin(vera.secret)
    assert begun.secret != old.secret
    check(vera, old.code())
    new, new_codes = enrol(vera.secret, clock)
    for dead in (old.code(), old_codes[0]):
        with pytest.raises(SignInRefused):
            check(vera, dead)
    check(vera, new.code())
    check(vera, new_codes[0])


def test_people_switch_off_their_own_second_factor(vera: Identity, clock: Clock) -> None:
    enrol(vera.secret, clock)
    second_factor.remove(vera.secret)
    assert not second_factor.is_on(account_of(vera))


def test_an_administrator_switches_a_colleague_s_off(people: Team, clock: Clock) -> None:
    enrol(people.viewer.secret, clock)
    with pytest.raises(AccessDenied):
        team.remove_second_factor(people.editor, people.viewer.user_id)
    assert second_factor.is_on(account_of(people.viewer))
    team.remove_second_factor(people.admin, people.viewer.user_id)
    assert not second_factor.is_on(account_of(people.viewer))
    with pytest.raises(NotFound):
        team.remove_second_factor(people.admin, people.viewer.user_id)


def test_another_organisation_s_administrator_cannot(
    people: Team, sarah: Identity, clock: Clock
) -> None:
    enrol(people.viewer.secret, clock)
    with pytest.raises(NotFound):
        team.remove_second_factor(sarah, people.viewer.user_id)
    assert second_factor.is_on(account_of(people.viewer))


def test_a_session_that_has_ended_sets_nothing_up(vera: Identity, clock: Clock) -> None:
    second_factor.begin(vera.secret)
    sessions.end_session(vera.secret)
    for attempt in (
        lambda: second_factor.begin(vera.secret),
        lambda: second_factor.confirm(vera.secret, "000000"),
        lambda: second_factor.remove(vera.secret),
    ):
        with pytest.raises(SessionEnded):
            attempt()


# ── demanded by the organisation ────────────────────────────────────────────────────────────────
def readings() -> list[tuple[str, Callable[[Identity], object]]]:
    """Every public function whose only required argument is an identity."""
    functions = []
    for path, module in data_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            needed = [
                parameter.name
                for parameter in inspect.signature(function).parameters.values()
                if parameter.default is inspect.Parameter.empty
            ]
            own = function.__module__ == module.__name__ and not name.startswith("_")
            reads = path.partition(".")[0] not in ("database", "exports")
            builds_a_query = "sa." in str(inspect.signature(function).return_annotation)
            reads = reads and not builds_a_query
            if own and reads and needed == ["identity"] and not name.startswith("end_"):
                functions.append((f"{path}.{name}", function))
    return functions


def test_nothing_opens_until_it_is_set_up(people: Team, clock: Clock) -> None:
    enrol(people.admin.secret, clock)
    tenants.change_security(people.admin, True)
    # She is not an administrator, so their pages refuse her afterwards too, but differently.
    assert len(readings()) >= 6
    for _, read in readings():
        with pytest.raises(SecondFactorNeeded):
            read(people.viewer)
    with pytest.raises(SecondFactorNeeded):
        sessions.identify(people.viewer.secret)
    with pytest.raises(SecondFactorNeeded):
        second_factor.remove(people.admin.secret)
    enrol(people.viewer.secret, clock)
    for name, read in readings():
        try:
            read(people.viewer)
        except SecondFactorNeeded:
            pytest.fail(name)
        except AccessDenied:
            modules = ("team", "invitations", "audit", "demo_removal")
            refused = (*(f"people.{module}." for module in modules), "records.client_merges.")
            assert name.startswith(refused), name
    assert sessions.identify(people.viewer.secret).user_id == people.viewer.user_id
    assert second_factor.is_on(account_of(people.admin))


def test_only_an_administrator_demands_it(people: Team, clock: Clock) -> None:
    for person in (people.viewer, people.editor):
        with pytest.raises(AccessDenied):
            tenants.change_security(person, True)
    assert account.sessions(people.viewer) is not None


def test_the_operator_is_not_asked(people: Team, clock: Clock, database: Database) -> None:
    """`people.editor` is a session of the command line, opened by the operator."""
    enrol(people.admin.secret, clock)
    tenants.change_security(people.admin, True)
    assert tenants.get(people.editor).second_factor_required
    with pytest.raises(SecondFactorNeeded):
        tenants.get(people.viewer)


def test_an_administrator_s_click_closes_the_pages_of_a_colleague_again(
    people: Team, clock: Clock
) -> None:
    enrol(people.admin.secret, clock)
    enrol(people.viewer.secret, clock)
    tenants.change_security(people.admin, True)
    assert tenants.get(people.viewer)
    team.remove_second_factor(people.admin, people.viewer.user_id)
    with pytest.raises(SecondFactorNeeded):
        tenants.get(people.viewer)
