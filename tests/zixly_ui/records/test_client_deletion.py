"""The form that deletes a client names all that goes with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.findings import dismissals
from zixly_data.values import ids
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES


def test_dismissed_findings_are_named_before_a_client_is_deleted(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client = books.client(team, "Harbour")
    books.money(team, client, "2024-01-31", "100")
    dismissals.dismiss(
        team.editor, "LOSS", client, "2024-01", "Agreed by phone", row_id=ids.new_id("dis")
    )
    monkeypatch.setattr(session, "current_secret", lambda: team.editor.secret)
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)
    page = AppTest.from_file(str(PAGES / "client.py"), default_timeout=60)
    page.query_params["id"] = client
    page.run().button(key="delete-client").click().run()
    assert not page.exception
    (question,) = [text.value for text in page.markdown if text.value.startswith("This deletes")]
    assert question == (
        "This deletes **Harbour** and everything recorded for it: **1 financial record, "
        "0 lead events, 0 metric values and 1 dismissed finding**. This cannot be "
        "undone."
    )
