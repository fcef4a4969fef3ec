"""CSV files: exact, readable everywhere, and nothing in them executes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.exports.csv_file import guard, iter_csv, to_csv, unguard

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
risky_starts = st.text(st.sampled_from("'=+-@＝＋－＠ \t\r\n\u00a0\u200bx1\""), max_size=6)
money = st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=2)


def frame_of(**columns: pa.Array) -> pd.DataFrame:
    frame: pd.DataFrame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def read(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8"), newline="")))


def test_cole_downloads_the_q1_report_and_reads_the_exact_figures() -> None:
    report = frame_of(
        client_id=pa.array(["HBC-2024-001"]),
        client_name=pa.array(["Harbor Bridge Construction"]),
        currency=pa.array(["AUD"]),
        revenue=pa.array([Decimal("45000.00")], pa.decimal128(20, 2)),
        expenses=pa.array([Decimal("24000.00")], pa.decimal128(20, 2)),
        profit=pa.array([Decimal("21000.00")], pa.decimal128(20, 2)),
        margin=pa.array([Decimal("0.4667")], pa.decimal128(12, 4)),
    )
    assert to_csv(report) == (
        b"client_id,client_name,currency,revenue,expenses,profit,margin\r\n"
        b"HBC-2024-001,Harbor Bridge Construction,AUD,45000.00,24000.00,21000.00,0.4667\r\n"
    )
    assert to_csv(report, line_end="\n").count(b"\r") == 0


def test_every_kind_of_value_has_one_spelling() -> None:
    row = frame_of(
        day=pa.array([date(2024, 3, 1)], pa.date32()),
        at=pa.array([datetime(2024, 3, 1, 9, 30, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        leads=pa.array([3], pa.int64()),
        won=pa.array([True]),
        loss=pa.array([Decimal("-500.00")], pa.decimal128(20, 2)),
        none=pa.array([None], pa.decimal128(20, 2)),
        zero=pa.array([Decimal("0.0000")], pa.decimal128(12, 4)),
    )
    assert read(to_csv(row))[1] == (
        ["2024-03-01", "2024-03-01T09:30:00Z", "3", "true", "-500.00", "", "0.0000"]
    )


def test_an_empty_frame_has_a_header() -> None:
    assert to_csv(frame_of(client_id=pa.array([], pa.string()))) == b"client_id\r\n"


def test_excel_gets_its_byte_order_mark_on_request_only() -> None:
    row = frame_of(name=pa.array(["Söhne"]))
    assert to_csv(row).startswith(b"name")
    assert to_csv(row, excel_bom=True) == b"\xef\xbb\xbf" + to_csv(row)


def test_batches_make_the_same_file_as_the_whole() -> None:
    whole = frame_of(n=pa.array(range(25_000), pa.int64()))
    batches = (whole.iloc[at : at + 999] for at in range(0, 25_000, 999))
    assert b"".join(iter_csv(batches)) == to_csv(whole)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+61 400 000 000",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "\nx",
        "  =1",
        "\xa0=1",
        "\ufeff=1",
        "\u200b@x",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'=1",
        "''  +1",
        "﹦1",
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text
    cell = read(to_csv(frame_of(note=pa.array([text]))))[1][0]
    assert cell == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["Harbor Bridge", "'tis", "a=b", "O'Brien", "", "−5", "5-", "100%", "  spaced", "🏗️", "'"],
)
def test_text_that_is_just_text_is_unchanged(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


def test_a_column_name_cannot_execute_either() -> None:
    assert to_csv(pd.DataFrame({"=1+1": ["x"]})) == b"'=1+1\r\nx\r\n"


@given(st.one_of(texts, st.builds(str.__add__, risky_starts, texts)))
def test_guarding_can_always_be_undone(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.builds(str.__add__, risky_starts, texts))
def test_no_guarded_text_starts_like_a_formula(text: str) -> None:
    visible = guard(text).lstrip(" \t\r\n\u00a0\u200b")
    assert not visible.startswith(tuple("=+-@＝＋－＠"))


@given(
    st.lists(st.tuples(st.builds(str.__add__, risky_starts, texts), money), min_size=1),
    st.sampled_from(["\r\n", "\n"]),
)
def test_any_program_reads_the_same_values_back(
    rows: list[tuple[str, Decimal]], line_end: str
) -> None:
    frame = frame_of(
        note=pa.array([note for note, _ in rows], pa.string()),
        amount=pa.array([amount for _, amount in rows], pa.decimal128(20, 2)),
    )
    back = read(to_csv(frame, line_end=line_end))
    assert back[0] == ["note", "amount"]
    assert [(unguard(note), Decimal(amount)) for note, amount in back[1:]] == rows
    assert all("e" not in amount.lower() for _, amount in back[1:])
