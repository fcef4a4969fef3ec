"""My account: one's own password, second factor and sessions, on two devices."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords, statements
from tests.support.browser_sessions import open_session
from tests.support.page_runs import PageRun, open_page
from zixly_data.database.connection import Database
from zixly_data.operations import operator

PASSWORD, NEW_PASSWORD = "four words make passwords", "another four words entirely"


@pytest.fixture
def email(new_team: Callable[[], Team], database: Database) -> str:
    """An administrator with a password."""
    person = new_team().admin
    known_passwords.give(database.logins.admin_url, person.email, PASSWORD)
    return person.email


def signed_in(admin: sa.Engine, email: str, page: str = "account") -> PageRun:
    return open_page(open_session(admin, email), page)


def sign_in(email: str, password: str) -> PageRun:
    """Another device, on which the form has been sent."""
    return open_page(None, "account").fill(Email=email, Password=password).press("Sign in")


def set_up(page: PageRun) -> tuple[pyotp.TOTP, str, list[str]]:
    """Types the key from the screen into an app, and its code into the page: the app, the code that
    is used now, and the recovery codes."""
    app = pyotp.TOTP("".join(page.app.code[0].value.split()))
    code = app.now()
    page.fill(("**3.** Enter the 6-digit code", code)).press("Turn on")
    assert "Save your recovery codes" in page.headings
    return app, code, page.app.code[0].value.split()


def next_code(app: pyotp.TOTP) -> str:
    """The code of the half minute to come: the present one has been used."""
    return app.at(int(time.time()) + 30)


def test_a_new_password_signs_the_other_device_out(email: str, admin: sa.Engine) -> None:
    phone = signed_in(admin, email, "clients")
    page = signed_in(admin, email)
    own = (("New password", NEW_PASSWORD), ("Confirm new password", "something else"))
    page.fill(("Current password", "not the right one"), *own).press("Change password")
    assert "The passwords do not match" in page.text
    page.fill(("Confirm new password", NEW_PASSWORD)).press("Change password")
    assert "This is not your current password" in page.text
    assert page.typed("New password") == (NEW_PASSWORD,)
    page.fill(("Current password", PASSWORD)).press("Change password")
    assert "Your password was changed" in page.alerts
    assert page.typed("Current password") == ("",)

    assert "Your session has ended" in phone.reload().text
    assert "is incorrect" in sign_in(email, PASSWORD).alerts
    assert sign_in(email, NEW_PASSWORD).send() == ""


def test_a_session_elsewhere_is_seen_and_ended(email: str, admin: sa.Engine) -> None:
    phone = signed_in(admin, email, "clients")
    page = signed_in(admin, email)
    assert "You are signed in on 2 devices" in page.text
    assert page.text.count("This device") == 1
    assert page.text.count("Chrome on Linux") == 2
    page.press("End session")
    assert "You are signed in on this device only" in page.text
    assert "Your session has ended" in phone.reload().text


def test_a_command_run_as_the_person_is_no_device(
    email: str, admin: sa.Engine, database: Database
) -> None:
    operator.open_session(database.logins.admin_url, email)
    page = signed_in(admin, email)
    assert "You are signed in on this device only" in page.text
    assert page.text.count("Chrome on Linux") == 1
    assert not page.offers("End session")


def test_of_many_devices_those_used_last_are_listed(email: str, admin: sa.Engine) -> None:
    for _ in range(24):
        signed_in(admin, email, "clients")
    page = signed_in(admin, email)
    assert "You are signed in on 25 devices" in page.text
    assert page.text.count("Chrome on Linux") == 20
    assert page.text.count("This device") == 1
    assert "Showing the 20 used last of 25." in page.text
    page.press("End all 24 other sessions")
    assert "You are signed in on this device only" in page.text


def test_a_second_factor_from_the_key_to_the_recovery_code(email: str, admin: sa.Engine) -> None:
    page = signed_in(admin, email).press("Set up")
    assert any("QR code for your" in node.value for node in page.app.get("html"))
    app, used, codes = set_up(page)
    assert len(set(codes)) == 10
    assert all(code in page.file("Download") for code in codes)
    # On whichever page, until they are kept.
    assert "Save your recovery codes" in page.go("clients").headings
    page.press("I have saved them")
    assert "Save your recovery codes" not in page.headings
    assert codes[0] not in page.text

    phone = sign_in(email, PASSWORD)
    assert "Lost your phone?" in phone.text
    assert phone.menu == []
    assert phone.cookies == {}
    phone.fill(Code=used).press("Continue")  # a moment ago, to switch it on
    assert "incorrect or was already used" in phone.alerts
    phone.fill(Code=next_code(app)).press("Continue").send()
    assert "10 recovery codes left" in phone.go("account").text

    lost = sign_in(email, PASSWORD).fill(Code=codes[0].upper()).press("Continue")
    lost.send()
    assert "9 recovery codes left" in lost.go("account").text
    lost.press("Turn off…").fill(Enter_your_password="wrong").press("Turn off")
    assert "This is not your current password" in lost.text
    lost.fill(Enter_your_password=PASSWORD).press("Turn off")
    assert "Two-step sign-in is off." in lost.text


def test_where_it_is_demanded_nothing_else_opens_before_it_is_set_up(
    email: str, admin: sa.Engine
) -> None:
    page = signed_in(admin, email, "clients")
    assert "Clients" in page.menu
    statements.run(
        admin,
        "update zixly.tenants set second_factor_required = true where id ="
        " (select tenant_id from zixly.users where email = :email)",
        email=email,
    )
    for name in ("overview", "financials"):
        page.go(name)
        assert "Set up two-step sign-in" in page.headings
        assert page.menu == []
        assert "Financials" not in page.text
    set_up(page)
    page.press("I have saved them")
    assert page.title == "Financials"
    page.go("account")
    assert "Your organisation requires two-step sign-in" in page.text
    assert not page.offers("Turn off…")
