"""Names with Markdown, links and tags are sent to the browser so that it shows their characters.

Which fields of which elements the browser draws as Markdown was tried with Streamlit 1.67; that a
new one is noticed is the purpose of the list of fields that it does not.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.access.action_permissions import PAGES
from zixly_data.people import saved_views
from zixly_data.people.saved_views import ViewDraft
from zixly_data.records import clients, date_notes
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.values import ids
from zixly_ui.shell.markdown import plain

HOSTILE = "**b** [x](//e.vil) :red[r] $x$ ![i](//e.vil/p) <b>x</b>"
LINK, TAG = "[x](//e.vil", "<b>x"
UNIT = "**b** [x](//e.vil) <b>x"
# Drawn letter by letter, or not drawn.
AS_TEXT = {
    "Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "MultiSelect.raw_values",
    "MultiSelect.default", "TextInput.default", "TextInput.value", "TextArea.default",
    "TextArea.value", "Text.body", "Html.body", "PlotlyChart.spec", "PlotlyChart.alt",
    "PageLink.query_string", "Element.id", "Element.user_key",
    "Dataframe.columns",
}  # fmt: skip


@pytest.fixture
def team(new_team: Callable[[], Team], admin: sa.Engine) -> Team:
    """An organisation in which every name has markup."""
    team = new_team()
    t = team.tenant_id
    statements.run(admin, "update zixly.tenants set name = :n where id = :t", t=t, n=HOSTILE)
    statements.run(
        admin, "update zixly.users set full_name = :n where tenant_id = :t", t=t, n=HOSTILE
    )
    stage = (
        "update zixly.lead_stages set stage = :n where tenant_id = :t and position = :p returning 1"
    )
    for position, status in ((1, ""), (2, " 2")):
        assert statements.run(admin, stage, t=t, n=f"{HOSTILE}{status}", p=position)
    first = books.client(team, HOSTILE, industry=HOSTILE, client_id=HOSTILE, note=HOSTILE)
    second = books.client(team, f"{HOSTILE} 2", currency="NZD")
    for client in (first, second):
        books.money(team, client, "2024-01-31", "100", "150")
        books.money(team, client, "2024-02-29", "300", "50")
    books.event(team, first, HOSTILE, HOSTILE, "2024-01-31", "500")
    books.event(team, first, HOSTILE, f"{HOSTILE} 2", "2024-02-29", "500")
    books.metric(team, HOSTILE, unit=UNIT, target="5")
    for day in ("2024-01-31", "2024-02-29"):
        books.measure(team, first, HOSTILE, day, "4", HOSTILE)
    date_notes.add(
        team.editor, NoteDraft(date(2024, 2, 1), HOSTILE, first), row_id=ids.new_id("note")
    )
    return team


def strings(message: Message, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a message, with the message and the field that hold it."""
    for field, value in message.ListFields():
        place = f"{message.DESCRIPTOR.name}.{field.name}"
        for part in value if field.is_repeated else [value]:
            if isinstance(part, Message):
                yield from strings(part, place)
            elif isinstance(part, str):
                yield place, part


def drawn_texts(chart: dict[str, Any]) -> str:
    """The texts of a figure, without the keys of its points, which are not drawn."""
    for trace in chart["data"]:
        trace["customdata"] = [point[1:] for point in trace.get("customdata", [])]
    return json.dumps(chart, ensure_ascii=False)


def offences(page: PageRun) -> list[str]:
    """The texts that a browser would not show letter by letter."""
    drawn = []
    for message in page._script.messages:
        for place, text in strings(message):
            if place == "Html.body":
                is_harmful = TAG in text
            elif place == "PlotlyChart.spec":
                is_harmful = TAG in drawn_texts(json.loads(text))
            else:
                is_harmful = LINK in text and place not in AS_TEXT and not place.endswith(".id")
            if is_harmful:
                drawn.append(f"{place}: {text[:200]}")
    return drawn


def test_every_page_shows_names_letter_by_letter(team: Team) -> None:
    shown: set[str] = set()
    client_id = str(clients.names(team.editor)["id"].iloc[0])
    for name in (name for name, needed in PAGES.items() if needed):
        query = {"id": client_id} if name == "client" else {"period": "all"}
        page = open_page(team.admin, name, **query)
        assert not page.app.exception, name
        assert offences(page) == [], name
        if HOSTILE in page.text:
            shown.add(name)
    assert {"client", "clients", "financials", "lead_funnel", "custom_kpis", "team"} <= shown


def test_the_stages_are_chosen_by_their_name_and_shown_letter_by_letter(team: Team) -> None:
    page = open_page(team.viewer, "lead_funnel", period="all")
    (stages,) = (
        node for node in page.app.get("button_group") if node.proto.label.startswith("Show")
    )
    assert stages.proto.options[0].content == plain(HOSTILE)
    page = open_page(team.viewer, "lead_funnel", period="all", stage=HOSTILE)
    assert parse_qs(page.address)["stage"] == [HOSTILE], "a name, and not its Markdown"


def test_a_saved_view_is_shown_letter_by_letter(team: Team) -> None:
    draft = ViewDraft("clients", HOSTILE, "status=ACTIVE")
    saved_views.save(team.viewer, draft, row_id=ids.new_id("view"))
    page = open_page(team.viewer, "clients", status="ACTIVE")
    assert HOSTILE in page.text
    assert offences(page) == []


def test_the_search_for_markup_finds_it(team: Team) -> None:
    page = open_page(team.viewer, "lead_funnel", period="all")
    charts, others = 0, 0
    for message in page._script.messages:
        element = message.delta.new_element
        if element.HasField("plotly_chart"):
            element.plotly_chart.spec = html.unescape(element.plotly_chart.spec)
            charts += 1
        elif element.HasField("heading"):
            element.heading.body = HOSTILE
            others += 1
    assert charts
    assert others
    assert len(offences(page)) == charts + others
