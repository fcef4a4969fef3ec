"""Leads: a stage brings its status, the latest event tells how a lead stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import InvalidInput
from zixly_data.figures.pipeline.win_rate import win_rates
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.pipeline import lead_stages, lead_states, leads
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.values import ids, paging
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.paging import Page, PageRequest

NewTeam = Callable[[], Team]


def standing(identity: Identity, lead_id: str) -> dict[str, object]:
    frame = lead_states.page(identity, books.ALWAYS).frame
    (row,) = frame[frame["lead_id"] == lead_id].to_dict("records")
    return {str(name): None if value is None else value for name, value in row.items()}


def test_a_new_team_has_the_usual_stages_in_their_order(new_team: NewTeam) -> None:
    stages = lead_stages.list_stages(new_team().viewer)
    assert list(zip(stages["position"], stages["stage"], stages["status"], strict=True)) == [
        (1, "Inquiry", "OPEN"),
        (2, "Consultation", "OPEN"),
        (3, "Proposal sent", "OPEN"),
        (4, "Contract signed", "WON"),
        (5, "Lost", "LOST"),
    ]


def test_a_stage_brings_its_status_also_when_it_is_changed(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    for stage, status in (("Inquiry", "OPEN"), ("Contract signed", "WON"), ("Lost", "LOST")):
        assert leads.get(team.viewer, books.event(team, client, "l", stage, "2024-01-01")).status \
            == status  # fmt: skip
    row_id = books.event(team, client, "m", "Inquiry", "2024-01-01")
    leads.change(team.editor, row_id, 1, LeadEventDraft(client, "m", "Lost", date(2024, 1, 2)))
    assert leads.get(team.viewer, row_id).status == "LOST"


@pytest.mark.parametrize("stage", ["Handshake", "inquiry", "'; DROP TABLE lead_stages; --", " "])
def test_a_stage_the_tenant_does_not_have_is_refused(stage: str, new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    with pytest.raises(InvalidInput) as refused:
        books.event(team, client, "l", stage, "2024-01-01")
    assert refused.value.field == "stage"
    assert leads.events(team.viewer, books.ALWAYS).empty
    books.event(team, client, "l", " Inquiry ", "2024-01-01")
    assert list(leads.events(team.viewer, books.ALWAYS)["stage"]) == ["Inquiry"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": Decimal("-0.01")}, "value"),
        ({"value": Decimal("0.001")}, "value"),
        ({"value": Decimal("1000000000000")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"lead_id": " "}, "lead_id"),
        ({"lead_id": "x" * 101}, "lead_id"),
        ({"event_date": date(1999, 12, 31)}, "event_date"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(
    changed: dict[str, object], field: str, new_team: NewTeam
) -> None:
    team = new_team()
    good: dict[str, object] = {
        "client_kpi_id": books.client(team),
        "lead_id": "l",
        "stage": "Inquiry",
        "event_date": date(2024, 1, 1),
    }
    with pytest.raises(InvalidInput) as refused:
        leads.add(team.editor, LeadEventDraft(**{**good, **changed}), row_id=ids.new_id("lev"))  # type: ignore[arg-type]
    assert refused.value.field == field
    leads.add(team.editor, LeadEventDraft(**good), row_id=ids.new_id("lev"))  # type: ignore[arg-type]


def test_the_latest_event_gives_the_state_of_a_lead(new_team: NewTeam) -> None:
    """Entered out of order. The value of 9 January is the latest known; 12 January has none."""
    team = new_team()
    client = books.client(team, "Café", currency="NZD", client_id="C-1")
    books.event(team, client, "l", "Proposal sent", "2024-01-12")
    books.event(team, client, "l", "Consultation", "2024-01-09", "700")
    books.event(team, client, "l", "Inquiry", "2024-01-05", "500")
    books.event(team, client, "l", "Contract signed", "2024-01-20")
    assert lead_states.page(team.viewer, books.Q1_2024).frame.to_dict("records") == [
        {
            "client_kpi_id": client,
            "client_id": "C-1",
            "client_name": "Café",
            "lead_id": "l",
            "first_date": date(2024, 1, 5),
            "last_date": date(2024, 1, 20),
            "stage": "Contract signed",
            "status": "WON",
            "value": Decimal("700.00"),
            "currency": "NZD",
            "days_open": 15,
        }
    ]


def test_on_one_date_the_later_stage_counts(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.event(team, client, "l", "Proposal sent", "2024-01-05", "2")
    books.event(team, client, "l", "Inquiry", "2024-01-05", "1")
    lead = standing(team.viewer, "l")
    assert (lead["stage"], lead["value"]) == ("Proposal sent", Decimal("2.00"))


def test_a_lost_lead_that_comes_back_is_open_again(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.event(team, client, "l", "Inquiry", "2024-01-01")
    books.event(team, client, "l", "Lost", "2024-02-01")
    assert standing(team.viewer, "l")["status"] == "LOST"
    assert standing(team.viewer, "l")["days_open"] == 31
    books.event(team, client, "l", "Consultation", "2024-03-01")
    assert standing(team.viewer, "l")["status"] == "OPEN"


def test_an_open_lead_ages_until_today_where_the_tenant_is(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    before = tenants.get(team.viewer).today()
    books.event(team, client, "old", "Inquiry", before - timedelta(days=10))
    books.event(team, client, "ahead", "Inquiry", before + timedelta(days=10))
    ages = {lead: standing(team.viewer, lead)["days_open"] for lead in ("old", "ahead")}
    after = tenants.get(team.viewer).today()
    assert ages["old"] in {10, 10 + (after - before).days}
    assert ages["ahead"] == 0


def test_leads_belong_to_the_period_of_their_first_event(new_team: NewTeam) -> None:
    """Events belong to the period of their own date."""
    team = new_team()
    client = books.client(team)
    for lead, days in (
        ("before", ("2023-12-31", "2024-01-15")),
        ("first day", ("2024-01-01",)),
        ("last day", ("2024-03-31", "2024-09-09")),
        ("after", ("2024-04-01",)),
    ):
        for day, stage in zip(days, ("Inquiry", "Lost"), strict=False):
            books.event(team, client, lead, stage, day)
    listed = lead_states.page(team.viewer, books.Q1_2024).frame
    assert list(listed["lead_id"]) == ["last day", "first day"]
    assert list(listed["status"]) == ["LOST", "OPEN"]
    events = leads.events(team.viewer, books.Q1_2024)
    assert list(zip(events["event_date"], events["lead_id"], strict=True)) == [
        (date(2024, 3, 31), "last day"),
        (date(2024, 1, 15), "before"),
        (date(2024, 1, 1), "first day"),
    ]


def test_two_clients_may_name_their_leads_alike(new_team: NewTeam) -> None:
    team = new_team()
    cafe, law = books.client(team, "Café"), books.client(team, "Law", currency="NZD")
    books.event(team, cafe, "lead 1", "Inquiry", "2024-01-01", "10")
    books.event(team, law, "lead 1", "Lost", "2024-01-01", "20")
    listed = lead_states.page(team.viewer, books.Q1_2024).frame
    assert list(zip(listed["client_name"], listed["currency"], listed["value"], strict=True)) == [
        ("Café", "AUD", Decimal("10.00")),
        ("Law", "NZD", Decimal("20.00")),
    ]
    client_filter = ClientFilter(client_kpi_ids=(law,))
    assert list(
        lead_states.page(team.viewer, books.Q1_2024, client_filter).frame["client_kpi_id"]
    ) == [law]
    assert list(leads.events(team.viewer, books.Q1_2024, client_filter)["client_kpi_id"]) == [law]


def test_sarah_sees_her_lead_and_cole_does_not(sarah: Identity, cole: Identity) -> None:
    hers = lead_states.page(sarah, books.ALWAYS).frame
    assert list(hers["lead_id"]) == ["abc-lead-1"]
    ours = lead_states.page(cole, books.ALWAYS).frame
    assert len(ours) > 0
    assert "abc-lead-1" not in set(ours["lead_id"])
    assert set(leads.events(cole, books.ALWAYS)["lead_id"]) == set(ours["lead_id"])


def test_nothing_recorded_is_an_empty_frame_of_the_same_columns(
    new_team: NewTeam, cole: Identity
) -> None:
    team = new_team()
    for function in (leads.page, lead_states.page, win_rates):
        empty, full = (function(person, books.ALWAYS) for person in (team.viewer, cole))
        if isinstance(empty, Page):
            empty, full = empty.frame, full.frame
        assert len(empty) == 0 < len(full)
        assert dict(empty.dtypes) == dict(full.dtypes)


def test_the_leads_of_a_client_to_choose_from_are_the_newest(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    client, other = books.client(team), books.client(team)
    for lead, day in (("old", "2024-01-01"), ("new", "2024-03-01"), ("middle", "2024-02-01")):
        books.event(team, client, lead, "Inquiry", day)
    # Its first event counts.
    books.event(team, client, "old", "Consultation", "2024-04-01")
    books.event(team, other, "another", "Inquiry", "2024-03-01")
    assert lead_states.names_of_client(team.viewer, client) == ["new", "middle", "old"]
    monkeypatch.setattr(lead_states, "MOST_NAMES", 2)
    assert lead_states.names_of_client(team.viewer, client) == ["new", "middle"]


def test_pages_of_leads_and_of_events_hold_each_row_once(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All leads begin on one day with one value: only the ids tell rows apart."""
    team = new_team()
    client = books.client(team)
    names = [f"L-{number}" for number in range(5)]
    for name in names:
        for stage, value in (("Inquiry", "5"), ("Consultation", "7")):
            books.event(team, client, name, stage, "2024-01-01", value)
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    for sort in ("", "value", "first_date", "client_name"):
        pages = [
            lead_states.page(team.viewer, books.Q1_2024, None, PageRequest(number, sort))
            for number in range(3)
        ]
        assert [page.count for page in pages] == [5, 5, 5]
        assert [lead for page in pages for lead in page.frame["lead_id"]] == names
    inquiries = [
        leads.page(team.viewer, books.Q1_2024, None, PageRequest(number), stage="Inquiry")
        for number in range(3)
    ]
    assert [lead for page in inquiries for lead in page.frame["lead_id"]] == names
    assert leads.page(team.viewer, books.Q1_2024, lead_id="L-1").count == 2
