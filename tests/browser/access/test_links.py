"""From an invitation to the first sign-in, with an email that a real mail server received."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import enter, go_in
from tests.support import known_passwords
from tests.support.pages import choose, dialog, sql, take
from tests.support.servers.command_line import CommandLineHere
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp, running
from tests.support.servers.mailbox import Mailbox

pytestmark = pytest.mark.browser

PASSWORD = "a pass phrase for the first day"
LINK = re.compile(r"http://localhost:\d+/link#[a-z-]+=([A-Za-z0-9_-]+)")


@pytest.fixture
def somebody_else(another_browser: Callable[[], Page]) -> Page:
    """Another person on another machine."""
    return another_browser()


@pytest.fixture
def invite(live_app: LiveApp) -> Callable[[str], str]:
    """Invites a person as Cole, on the command line, and returns the printed link."""

    def do(email: str) -> str:
        line = CommandLineHere(live_app.home)
        done = line(
            "user", "invite", email, "--role", "editor", "--as", COLE, PORT=str(live_app.port)
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return do


def link_in(letter: EmailMessage) -> str:
    match = LINK.search(letter.get_content())
    assert match is not None
    return match.group()


def token_of(link: str) -> str:
    return link.partition("=")[2]


def join(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Choose a password", exact=True).fill(password)
    page.get_by_role("button", name="Join").click()


def expect_closed(page: Page, link: str, title: str) -> None:
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("button", name="Join")).to_have_count(0)
    expect(page.get_by_role("link", name="Go to sign-in")).to_be_visible()


# ── Workflow 1 ──────────────────────────────────────────────────────────────────────────────────
def test_cole_invites_an_editor_who_joins_by_email(
    page: Page, somebody_else: Page, live_app: LiveApp, box: Mailbox
) -> None:
    newcomer = "operations@zixly.com.au"
    go_in(page, live_app, COLE, "/team")
    page.get_by_role("button", name="Invite person").click()
    dialog(page).get_by_label("Email").fill(newcomer)
    choose(page, "Role", "Editor: also adds and changes records")
    dialog(page).get_by_role("button", name="Send invitation").click()

    letter = box.letter()
    assert letter["To"] == newcomer
    assert "invited you" in letter["Subject"]
    link = link_in(letter)
    asked_for: list[str] = []
    somebody_else.on("request", lambda request: asked_for.append(request.url))
    somebody_else.goto(link)
    expect(somebody_else.get_by_role("heading", name="Join Zixly as Editor")).to_be_visible()
    expect(somebody_else.get_by_test_id("stSidebar")).to_have_count(0)
    assert token_of(link) not in somebody_else.url

    join(somebody_else, "Olive Operations")
    frame = somebody_else.get_by_test_id("stSidebar")
    expect(frame).to_contain_text("Olive Operations")
    expect(frame).to_contain_text("Editor · Zixly")
    somebody_else.goto(f"{live_app.url}/clients")
    expect(somebody_else.get_by_role("button", name="Add client")).to_be_visible()

    names = [cookie["name"] for cookie in somebody_else.context.cookies()]
    assert "zixly_session" in names
    assert "zixly_link" not in names, "the link has done its work"
    assert not [url for url in asked_for if token_of(link) in url.partition("#")[0]]
    assert token_of(link) not in live_app.log.read_text()

    somebody_else.get_by_role("button", name="Sign out").click()
    enter(somebody_else, newcomer, PASSWORD)
    expect(frame).to_contain_text("Olive Operations")


@pytest.mark.nightly
def test_a_signed_in_person_is_signed_out_and_the_link_works_once(
    page: Page, somebody_else: Page, live_app: LiveApp, invite: Callable[[str], str]
) -> None:
    go_in(page, live_app, SUPPORT)
    link = invite("roommate@zixly.com.au")
    page.goto(link)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(f"({SUPPORT})")
    expect(page.get_by_role("button", name="Join")).to_have_count(0)
    page.get_by_role("button", name="Sign out and continue").click()
    join(page, "Roommate")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("roommate@zixly.com.au")

    expect_closed(somebody_else, link, "This invitation has already been used")
    somebody_else.goto("about:blank")
    somebody_else.goto(link[:-30])
    expect(somebody_else.get_by_text("This link is incomplete.")).to_be_visible()


# ── a forgotten password ────────────────────────────────────────────────────────────────────────
# Every day: the same without a browser in `test_link_pages.py`.
@pytest.mark.nightly
def test_a_forgotten_password_is_replaced_by_mail_and_other_sessions_end(
    page: Page, somebody_else: Page, live_app: LiveApp, box: Mailbox
) -> None:
    go_in(somebody_else, live_app, VERA)
    messages = []
    for email in ("nobody@zixly.com.au", VERA):
        page.goto(live_app.url)
        page.get_by_role("link", name="Forgot your password?").click()
        expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
        page.get_by_label("Email").fill(email)
        page.get_by_role("button", name="Send link").click()
        message = page.get_by_test_id("stAlert")
        expect(message).to_have_text(re.compile(r"\w"))
        messages.append(message.inner_text())
    assert messages[0] == messages[1]
    letter = box.letter()
    assert letter["To"] == VERA, "nobody else was written to"
    assert box.is_empty()

    link = link_in(letter)
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(VERA)

    somebody_else.get_by_role("link", name="Clients").click()
    expect(somebody_else.get_by_text("Your session has ended")).to_be_visible()
    enter(somebody_else, VERA, live_app.password(VERA))
    expect(somebody_else.get_by_role("alert")).to_contain_text("is incorrect")
    somebody_else.goto("about:blank")
    somebody_else.goto(link)
    expect(
        somebody_else.get_by_role("heading", name="This link has already been used")
    ).to_be_visible()
    assert token_of(link) not in live_app.log.read_text()
    known_passwords.give(live_app.admin_url, VERA, live_app.password(VERA))


# ── the first organisation ──────────────────────────────────────────────────────────────────────
# Every day: the same without a browser in `test_organisation_setup.py`.
@pytest.mark.nightly
def test_a_founder_sets_up_a_fresh_installation_from_the_printed_link(
    page: Page, somebody_else: Page, tmp_path: Path
) -> None:
    with running(tmp_path, None, DEMO="0") as fresh:
        prepared = CommandLineHere(fresh.home)("prepare", DEMO="0", PORT=str(fresh.port))
        assert "Open this link to set up your organisation. It works once:" in prepared.stderr
        link = prepared.stdout.strip()
        assert LINK.fullmatch(link)
        page.goto(link)
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_text("This is required.")).to_have_count(2)

        page.get_by_label("Organisation name").fill("Harbour Books & Co")
        page.get_by_role("combobox", name="Time zone").click()
        page.keyboard.type("Perth")
        take(page.get_by_role("option", name="Australia/Perth"))
        page.get_by_label("Your name").fill("Faye Founder")
        page.get_by_label("Your email address", exact=True).fill("faye@harbour.example")
        page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Set up").click()
        frame = page.get_by_test_id("stSidebar")
        expect(frame).to_contain_text("Faye Founder")
        expect(frame).to_contain_text("Admin · Harbour Books & Co")
        assert sql(
            fresh,
            "select time_zone, reporting_currency, financial_year_start_month from zixly.tenants",
        ) == [("Australia/Perth", "AUD", 7)]

        expect_closed(somebody_else, link, "Zixly is already set up")
        assert token_of(link) not in fresh.log.read_text()
        again = CommandLineHere(fresh.home)("prepare", DEMO="0")
        assert again.stdout == ""
