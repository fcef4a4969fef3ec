"""How far a new organisation has come, from what is on record of its clients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page
from zixly_data.figures.client_totals import Recorded
from zixly_ui.findings import first_steps


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
    days = [[date.fromisoformat(end) for end in side if end] for side in zip(*ends, strict=True)]
    first, last = days or ([], [])
    known = first_steps.progress(
        Recorded(len(ends), min(first, default=None), max(last, default=None))
    )
    assert (known.clients, known.has_figures, known.is_beginning) == (
        len(ends), has_figures, is_beginning,
    )  # fmt: skip


REPORTS = ("profitability", "bridge", "contradictions")


@pytest.mark.parametrize("name", ["overview", *REPORTS])
def test_without_figures_a_viewer_reads_who_records_them_and_an_editor_where(
    name: str, new_team: Callable[[], Team]
) -> None:
    crew = new_team()
    for client in (False, True):
        if client:
            books.client(crew, "Harbor")
        viewer_page = open_page(crew.viewer, name)
        assert not viewer_page.app.selectbox, "nothing to choose a period from"
        assert "No figures yet" in viewer_page.text
        assert "once an editor or administrator of your organisation" in viewer_page.text
        assert viewer_page.links == {}
        assert open_page(crew.editor, name).links, "an editor is led on"


def test_with_the_first_figure_the_reports_are_there(new_team: Callable[[], Team]) -> None:
    crew = new_team()
    books.money(crew, books.client(crew, "Harbor"), "2024-01-05", "100")
    for name in REPORTS:
        page = open_page(crew.viewer, name)
        assert "No figures yet" not in [subheader.value for subheader in page.app.subheader]
