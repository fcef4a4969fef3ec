"""Notes on dates: editors write them, everyone reads them, and a chart tells each at its month."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.errors import AccessDenied, AlreadyExists, Conflict, InvalidInput, NotFound
from zixly_data.figures import monthly
from zixly_data.figures.breakdown import By
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.records import clients, closed_months, date_notes
from zixly_data.records.date_notes import DateNote
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values import ids
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL, between
from zixly_ui.audit.text import sentence
from zixly_ui.charts.date_note_marks import with_notes
from zixly_ui.charts.money import income_by_month
from zixly_ui.charts.style import Figure
from zixly_ui.reports import breakdown_charts, breakdown_text

NewTeam = Callable[[], Team]
DAY = date(2024, 3, 15)
RAISED = NoteDraft(DAY, "Prices raised by 10%")


def written(who: Identity, draft: NoteDraft = RAISED) -> DateNote:
    row_id = ids.new_id("note")
    date_notes.add(who, draft, row_id=row_id)
    return date_notes.get(who, row_id)


def words(who: Identity, client_filter: ClientFilter | None = None) -> list[str]:
    return list(date_notes.page(who, ALL, client_filter).frame["words"])


def test_editors_write_and_everyone_reads_who_wrote_what(new_team: NewTeam) -> None:
    crew = new_team()
    client = books.client(crew, "Harbor")
    written(crew.editor, NoteDraft(DAY, "Second\nconsultant", client))
    written(crew.admin)
    for who in (crew.viewer, crew.editor, crew.admin):
        notes = date_notes.page(who, ALL).frame
        assert notes[["day", "client_name", "words", "written_by_name"]].values.tolist()[1] == [
            DAY, "Harbor", "Second consultant", "Editor",
        ]  # fmt: skip
        assert list(notes["written_by_name"]) == ["Admin", "Editor"]
    with pytest.raises(AccessDenied):
        written(crew.viewer)


def test_a_viewer_changes_and_deletes_none(new_team: NewTeam) -> None:
    crew = new_team()
    note = written(crew.editor)
    with pytest.raises(AccessDenied):
        date_notes.change(crew.viewer, note.id, 1, replace(RAISED, words="mine"))
    with pytest.raises(AccessDenied):
        date_notes.delete(crew.viewer, note.id, 1)
    date_notes.change(crew.admin, note.id, 1, replace(RAISED, words="ours"))
    assert words(crew.viewer) == ["ours"]
    date_notes.delete(crew.editor, note.id, 2)
    assert words(crew.viewer) == []


def test_another_organisation_sees_none_of_it(new_team: NewTeam) -> None:
    ours, theirs = new_team(), new_team()
    note = written(ours.editor)
    stranger = theirs.admin
    assert words(stranger) == []
    for attempt in (
        lambda: date_notes.get(stranger, note.id),
        lambda: date_notes.change(stranger, note.id, 1, RAISED),
        lambda: date_notes.delete(stranger, note.id, 1),
        lambda: written(stranger, NoteDraft(DAY, "on theirs", books.client(ours))),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert date_notes.get(ours.viewer, note.id) == note


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (NoteDraft(DAY, " \n "), "words"),
        (NoteDraft(DAY, "x" * 201), "words"),
        (NoteDraft(date(1999, 12, 31), "x"), "day"),
        (NoteDraft(date(2101, 1, 1), "x"), "day"),
    ],
)
def test_what_cannot_be_noted_is_said_in_words(
    new_team: NewTeam, draft: NoteDraft, field: str
) -> None:
    crew = new_team()
    with pytest.raises(InvalidInput) as refused:
        written(crew.editor, draft)
    assert refused.value.field == field
    assert words(crew.editor) == []


def test_the_second_of_two_editors_is_told_and_a_form_sent_twice_counts_once(
    new_team: NewTeam,
) -> None:
    crew = new_team()
    note = written(crew.editor)
    date_notes.add(crew.editor, RAISED, row_id=note.id)
    with pytest.raises(AlreadyExists):
        date_notes.add(crew.editor, replace(RAISED, words="other"), row_id=note.id)
    date_notes.change(crew.admin, note.id, 1, replace(RAISED, words="theirs"))
    with pytest.raises(Conflict) as conflict:
        date_notes.change(crew.editor, note.id, 1, replace(RAISED, words="mine"))
    assert conflict.value.current == replace(note, words="theirs", version=2)
    assert words(crew.viewer) == ["theirs"]


def test_a_filter_leaves_what_is_about_everybody(new_team: NewTeam) -> None:
    crew = new_team()
    harbor = books.client(crew, "Harbor", status="COMPLETED")
    bondi = books.client(crew, "Bondi")
    for client in (harbor, bondi, None):
        written(crew.editor, NoteDraft(DAY, str(client), client))
    for client_filter, kept in (
        (ClientFilter(), {str(harbor), str(bondi), "None"}),
        (ClientFilter(client_kpi_ids=(bondi,)), {str(bondi), "None"}),
        (ClientFilter(statuses=("COMPLETED",)), {str(harbor), "None"}),
        (ClientFilter(search="nobody"), {"None"}),
    ):
        assert set(words(crew.viewer, client_filter)) == kept
    assert list(date_notes.page(crew.viewer, between(DAY, DAY)).frame["day"]) == [DAY] * 3
    assert date_notes.page(crew.viewer, between(date(2024, 3, 16), LATER)).frame.empty


LATER = date(2024, 12, 31)


def test_notes_go_with_their_client_which_says_so_before(new_team: NewTeam) -> None:
    crew = new_team()
    client = books.client(crew, "Harbor")
    written(crew.editor, NoteDraft(DAY, "of Harbor", client))
    written(crew.editor)
    assert clients.deletion(crew.editor, client).date_notes == 1
    clients.delete(crew.editor, client, 1, "Harbor")
    assert words(crew.viewer) == [RAISED.words]


def test_a_closed_month_may_still_be_explained(new_team: NewTeam) -> None:
    crew = new_team()
    closed_months.close(crew.admin, DAY.replace(day=1))
    assert written(crew.editor).day == DAY


def test_the_trail_tells_of_it_in_words(new_team: NewTeam) -> None:
    crew = new_team()
    client = books.client(crew, "Harbor")
    note = written(crew.editor, NoteDraft(DAY, "Second consultant", client))
    date_notes.change(crew.admin, note.id, 1, NoteDraft(date(2024, 4, 1), "Third", client))
    date_notes.delete(crew.editor, note.id, 2)
    trail = audit.page(crew.admin, ALL, "UTC").frame
    about = trail[trail["table_name"] == "date_notes"].to_dict("records")
    assert [sentence(entry) for entry in about] == [
        "Editor deleted the note on Harbor, 1 Apr 2024, “Third”.",
        "Admin changed the note on Harbor, 1 Apr 2024, “Third”: date from 15 Mar 2024 to "
        "1 Apr 2024 and text from Second consultant to Third.",
        "Editor added the note on Harbor, 15 Mar 2024, “Second consultant”.",
    ]
    assert len(audit.history(crew.viewer, "date_notes", note.id)) == 3


# ── on a chart ──────────────────────────────────────────────────────────────────────────────


def chart(crew: Team, client: str) -> Figure:
    books.money(crew, client, "2024-01-05", "100")
    books.money(crew, client, "2024-03-05", "300")
    return income_by_month(monthly.monthly(crew.viewer, books.Q1_2024), "AUD")


def test_each_month_with_notes_has_one_mark_that_says_them_all(new_team: NewTeam) -> None:
    crew = new_team()
    client = books.client(crew, "Harbor <b>Bridge</b>")
    figure = chart(crew, client)
    before = deepcopy(figure)
    written(crew.editor, NoteDraft(date(2024, 3, 1), "First", client))
    written(crew.editor, NoteDraft(date(2024, 3, 31), "<i>Last</i>"))
    written(crew.editor, NoteDraft(date(2024, 2, 29), "Leap"))
    marked = go.Figure(with_notes(figure, date_notes.page(crew.viewer, books.Q1_2024).frame))
    assert figure == before, "the figure given stays as it was"
    said = {mark.x: mark.hovertext for mark in marked.layout.annotations}
    assert said == {
        date(2024, 2, 1): "29 Feb 2024: Leap",
        date(2024, 3, 1): "1 Mar 2024, Harbor &lt;b&gt;Bridge&lt;/b&gt;: First<br>"
        "31 Mar 2024: &lt;i&gt;Last&lt;/i&gt;",
    }
    assert marked.data == go.Figure(figure).data


@pytest.mark.parametrize(
    ("by", "keys", "marks"),
    [
        (By.MONTH, ["2024-01-01", "2024-03-01"], {"January 2024": 1, "March 2024": 2}),
        (By.QUARTER, ["2024-01-01"], {"Q1 2024": 4}),
        # A financial year that begins in February.
        (By.FINANCIAL_YEAR, ["2023-02-01", "2024-02-01"], {"FY2024": 1, "FY2025": 3}),
    ],
)
def test_on_a_chart_over_time_a_note_stands_at_the_row_that_holds_its_day(
    by: By, keys: list[str], marks: dict[str, int], new_team: NewTeam
) -> None:
    crew = new_team()
    for day in ("2024-01-31", "2024-02-29", "2024-03-01", "2024-03-31"):
        written(crew.editor, NoteDraft(date.fromisoformat(day), "<b>Raised</b>"))
    rows = [
        {"key": key, "label": breakdown_text.label(by, key, key), "margin": None}
        | dict.fromkeys(("revenue", "expenses", "profit", "cumulative_profit"), Decimal(1))
        for key in keys
    ]
    notes = date_notes.page(crew.viewer, ALL).frame
    for figure in (
        breakdown_charts.over_time(rows, "AUD"),
        breakdown_charts.cumulative(rows, "AUD"),
    ):
        # Plotly knows every word of it.
        marked = go.Figure(with_notes(figure, notes, breakdown_text.label_finder(by, rows)))
        note_counts = {
            mark.x: len(mark.hovertext.split("<br>")) for mark in marked.layout.annotations
        }
        assert note_counts == marks
        assert [line.x0 for line in marked.layout.shapes] == list(marks)
        assert "<b>Raised" not in marked.to_json()


def test_without_notes_a_figure_stays_as_it_is(new_team: NewTeam) -> None:
    crew = new_team()
    figure = chart(crew, books.client(crew))
    assert with_notes(figure, date_notes.page(crew.viewer, ALL).frame) == figure


@given(
    days=st.lists(st.dates(date(2023, 1, 1), date(2024, 12, 31)), max_size=10),
    amount=st.decimals(0, 10**6, places=2),
)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_notes_are_each_said_once_at_their_month(
    days: list[date], amount: Decimal, new_team: NewTeam
) -> None:
    crew = new_team()
    for number, day in enumerate(days):
        written(crew.editor, NoteDraft(day, f"note {number}."))
    notes = date_notes.page(crew.viewer, ALL).frame
    marks = go.Figure(with_notes({"data": [], "layout": {}}, notes)).layout.annotations
    for number, day in enumerate(days):
        where = [mark.x for mark in marks if f"note {number}." in mark.hovertext]
        assert where == [day.replace(day=1)]
    assert len(marks) == len({day.replace(day=1) for day in days})
