"""How far a new organisation has come, from what is on record of its clients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.identity import Identity
from zixly_ui.findings import first_steps
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES


@pytest.mark.parametrize(
    ("ends", "has_figures", "is_beginning"),
    [
        ([], False, True),
        ([(None, None)], False, True),
        ([("2024-03-05", "2024-03-31"), (None, None)], True, True),
        ([("2024-03-05", "2024-04-01")], True, False),
        ([("2024-03-05", "2024-03-05"), ("2023-03-05", "2023-03-05")], True, False),
    ],
)
def test_an_organisation_begins_until_it_has_a_second_month(
    ends: list[tuple[str | None, str | None]], has_figures: bool, is_beginning: bool
) -> None:
    kind = pa.date32()
    sides = [
        pa.array([date.fromisoformat(each[n]) if each[n] else None for each in ends], kind)  # type: ignore[arg-type]
        for n in (0, 1)
    ]
    known = first_steps.progress(
        pa.table({"first_record": sides[0], "last_record": sides[1]}).to_pandas(
            types_mapper=pd.ArrowDtype
        )
    )
    assert (known.clients, known.has_figures, known.is_beginning) == (
        len(ends), has_figures, is_beginning,
    )  # fmt: skip


REPORTS = ("profitability.py", "bridge.py", "contradictions.py")


@pytest.mark.parametrize("name", ["overview.py", *REPORTS])
def test_without_figures_a_viewer_reads_who_records_them_and_an_editor_where(
    name: str, new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = new_team()
    links: list[str] = []
    monkeypatch.setattr("streamlit.page_link", lambda *_, label, **__: links.append(label))

    def text(who: Identity) -> str:
        monkeypatch.setattr(session, "current_secret", lambda: who.secret)
        app = AppTest.from_file(str(PAGES / name), default_timeout=60).run()
        assert not app.exception
        assert not app.selectbox, "nothing to choose a period from"
        return " ".join(each.value for each in [*app.header, *app.subheader, *app.markdown])

    for client in (False, True):
        if client:
            books.client(crew, "Harbor")
        links.clear()
        said = text(crew.viewer)
        assert "No figures yet" in said
        assert "once an editor or administrator of your organisation" in said
        assert links == []
        text(crew.editor)
        assert links, "an editor is led on"


def test_with_the_first_figure_the_reports_are_there(
    new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = new_team()
    books.money(crew, books.client(crew, "Harbor"), "2024-01-05", "100")
    monkeypatch.setattr("streamlit.page_link", lambda *_, **__: None)
    monkeypatch.setattr(session, "current_secret", lambda: crew.viewer.secret)
    for name in REPORTS:
        app = AppTest.from_file(str(PAGES / name), default_timeout=60).run()
        assert not app.exception
        assert "No figures yet" not in [each.value for each in app.subheader]
