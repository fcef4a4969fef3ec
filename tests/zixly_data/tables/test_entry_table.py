"""A field of a table is read, checked and listed as its description says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest

from tests.support.database import entered_columns
from zixly_data.errors import InvalidInput
from zixly_data.exports.record_files import COLUMNS, Table
from zixly_data.tables.catalogue import ENTRY_TABLES
from zixly_data.tables.clients import CLIENTS, ClientDraft
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import SOURCE, Field
from zixly_data.tables.financials import FINANCIALS, FinancialDraft
from zixly_ui.audit.values import label


@dataclass(frozen=True)
class Draft:
    """A draft with a field of each kind that the rules below tell apart."""

    day: Annotated[date, Field("Day", "date", changeable=False)]
    amount: Annotated[Decimal, Field("Amount", "money", exported=False)]
    rating: Annotated[Decimal | None, Field("Rating", "measure")] = None
    place: Annotated[str | None, Field("Place", limit=5)] = None


VISITS = EntryTable("visits", "visit", "vis", Draft, SOURCE, is_imported=True)


def test_lists_of_columns_follow_from_the_fields() -> None:
    entered = ("day", "amount", "rating", "place")
    assert tuple(VISITS.entered) == entered
    assert VISITS.record == ("id", *entered, "source_system", "version")
    assert VISITS.recordable == ("tenant_id", "id", *entered, "source_system", "external_id")
    assert VISITS.changeable == ("amount", "rating", "place")
    assert VISITS.columns("total") == (
        "tenant_id", "id", *entered, "source_system", "external_id", "total", "version",
        "created_at", "updated_at",
    )  # fmt: skip
    assert VISITS.with_exported("place", "total", "id") == (
        "place", "total", "day", "rating", "source_system", "id",
    )  # fmt: skip


def test_a_draft_is_recorded_as_its_fields_say() -> None:
    draft = Draft(date(2024, 2, 29), Decimal("1.50"), Decimal(0), "  a  b ")
    assert VISITS.values(draft) == {
        "day": date(2024, 2, 29), "amount": Decimal("1.50"), "rating": Decimal(0), "place": "a b",
    }  # fmt: skip
    empty = Draft(date(2024, 2, 29), Decimal(0), None, "")
    assert VISITS.values(empty) == {
        "day": date(2024, 2, 29), "amount": Decimal(0), "rating": None, "place": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", date(1999, 12, 31)),
        ("amount", Decimal("0.001")),
        ("rating", Decimal("1.00001")),
        ("place", "too long"),
    ],
)
def test_a_value_outside_the_limits_names_its_field(field: str, value: Any) -> None:
    values: dict[str, Any] = {"day": date(2024, 2, 29), "amount": Decimal(1), field: value}
    with pytest.raises(InvalidInput) as refused:
        VISITS.values(Draft(**values))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("day", "29/2/2024", date(2024, 2, 29)),
        ("amount", "(1,234.50)", Decimal("-1234.50")),
        ("rating", "4.8", Decimal("4.8")),
        ("rating", " ", None),
        ("place", "\tHere ", "Here"),
        ("place", "", None),
    ],
)
def test_typed_text_becomes_a_value(field: str, text: str, value: object) -> None:
    assert VISITS.entered[field].parse(text) == value


def test_a_choice_is_not_typed() -> None:
    with pytest.raises(TypeError):
        CLIENTS.entered["status"].parse("ACTIVE")


def test_the_fields_of_clients_and_records_are_where_the_other_folders_look() -> None:
    """One field in the draft is a column of the table, the form, the CSV and the import."""
    assert CLIENTS.values(ClientDraft("C-1", "Harbour", note="one\r\ntwo"))["note"] == "one\ntwo"
    assert COLUMNS[Table.CLIENTS][-2:] == ("note", "id")
    assert "note" in CLIENTS.changeable
    draft = FinancialDraft("ckpi_1", date(2024, 1, 31), Decimal(1), Decimal(2))
    assert list(FINANCIALS.values(draft)) == list(FINANCIALS.entered)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table.name, column) for table in ENTRY_TABLES.values() for column in table.fields],
)
def test_each_column_is_named_on_the_trail_as_everywhere(table: str, column: str) -> None:
    assert label(column, table) == ENTRY_TABLES[table].fields[column].noun
    assert "_" not in label(column, table)


@pytest.mark.parametrize("exempt", [entered_columns.NOT_EXPORTED, entered_columns.NOT_IMPORTED])
def test_each_exemption_is_of_a_column_there_is(exempt: dict[str, str]) -> None:
    columns = {
        form
        for name, table in ENTRY_TABLES.items()
        for column in table.fields
        for form in (f"*.{column}", f"{name}.{column}", f"{name}.*")
    }
    assert exempt.keys() <= columns
