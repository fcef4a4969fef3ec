"""streamlit-authenticator: what it loads is what decision 3 lists, and it contacts nobody."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

import pytest
from streamlit_authenticator.models import AuthenticationModel
from streamlit_authenticator.utilities import CloudError

from tests.conftest import Team
from tests.support.documents import shipped
from tests.zixly_ui.account.test_sign_in_page import PASSWORD, sign_in, team

__all__ = ["team"]  # the fixture of the page's tests
ROOT = Path(__file__).parents[3]
DECISION = (ROOT / "docs/adr/0003-sessions-and-sign-in.md").read_text("utf-8")
LOAD = """
import sys
import streamlit, streamlit.web.server, pandas
before = set(sys.modules)
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.views import Authenticate
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""


def test_decision_3_lists_the_packages_it_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    providers = metadata.packages_distributions()
    names = {
        provider.lower() for name in done.stdout.split() for provider in providers.get(name, ())
    }
    pinned = {package.name for package in shipped.packages()}
    loaded = (names & pinned) - {"streamlit", "streamlit-authenticator"}
    table = DECISION.partition("## What streamlit-authenticator loads")[2].partition("## Measured")
    assert loaded == set(re.findall(r"^\| `([\w-]+)`", table[0], re.M))


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that Python code looks up. psycopg connects through libpq, which is not seen."""
    asked: list[str] = []

    def refuse(host: Any, *rest: Any, **named: Any) -> NoReturn:
        asked.append(str(host))
        raise OSError("No way out in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def test_signing_in_contacts_nobody(
    team: Team,
    contacted: list[str],
) -> None:
    assert "is incorrect" in sign_in(team.editor.email, "not the password").alerts
    assert "Signing you in" in sign_in(team.editor.email, PASSWORD).alerts
    assert contacted == []


def test_with_a_key_of_its_author_s_server_it_would(contacted: list[str]) -> None:
    with pytest.raises(CloudError):
        AuthenticationModel({"usernames": {}}, api_key="key")
    assert contacted == ["raw.githubusercontent.com"]
