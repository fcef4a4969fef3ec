"""Where the rows of a block go: in any order to the same cells, and never out of sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from zixly_data.people import tenants
from zixly_ui.month.grid import Grid
from zixly_ui.month.opening import new_grid
from zixly_ui.month.pasting.block import read_block
from zixly_ui.month.pasting.cells import cells_of
from zixly_ui.month.pasting.clients import read_clients
from zixly_ui.month.pasting.columns import LEAVE_OUT, Layout, columns_of, recognise
from zixly_ui.month.pasting.places import Choice, Places, Reason, by_client, in_order
from zixly_ui.month.pasting.rows import GridRow, read_rows

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
NAMES = ("Acme", "Bondi", "Coogee", "Dee Why")
LINES = (
    "Acme\t\t1\t2", "bondi\t\t3.5\t(4)", " Coogee \t31/3/2024\t5\t-", "ext-dee\t\t\t7",
    "Nobody\t\t8\t9", "\t\t10\t11", "Gone\t\t12\t13", "Twins\t\t14\t15", "Twice\t\t16\t17",
)  # fmt: skip


def opened(team: Team) -> Grid:
    grid = new_grid(team.editor, tenants.get(team.editor), "financials", MARCH)
    grid.show_page(team.editor, "", 0)
    return grid


def prepared(new_team: NewTeam) -> Team:
    team = new_team()
    for name in NAMES:
        books.client(team, name, client_id=f"EXT-{name.split()[0]}")
    books.client(team, "Gone", status="COMPLETED")
    for _ in range(2):
        books.client(team, "Twins")
    twice = books.client(team, "Twice")
    for day in ("2024-03-05", "2024-03-20"):
        books.money(team, twice, day, "1")
    return team


def placed(team: Team, grid: Grid, text: str, choices: dict[int, Choice] | None = None) -> Places:
    block = read_block(text)
    clients = read_clients(team.editor)
    columns = columns_of(grid)
    layout = recognise(block, columns, clients.names, 0, with_headings=True)
    rows = read_rows(team.editor, grid)
    return by_client(block, layout, grid, rows, clients, choices or {})


def test_the_rows_of_a_block_in_any_order_fill_the_same_cells(new_team: NewTeam) -> None:
    team = prepared(new_team)
    grid, clients = opened(team), read_clients(team.editor)
    rows, columns = read_rows(team.editor, grid), columns_of(grid)

    def outcome(lines: list[str]) -> tuple[set[tuple[str, ...]], set[tuple[str, str]]]:
        block = read_block("\n".join(["Client\tDate\tRevenue\tExpenses", *lines]))
        layout = recognise(block, columns, clients.names, None, with_headings=True)
        places = by_client(block, layout, grid, rows, clients, {})
        assert len(places.lines) + len(places.waiting) == len(lines)
        labels = {row.line: row.label for row in rows}
        cells = cells_of(grid, block, layout, columns, places, None)
        return (
            {(labels[cell.line], cell.column, cell.text) for cell in cells},
            {(row.name, row.reason) for row in places.waiting},
        )

    expected = (
        {
            ("Acme", "revenue", "1.00"), ("Acme", "expenses", "2.00"),
            ("Bondi", "revenue", "3.50"), ("Bondi", "expenses", "-4.00"),
            ("Coogee", "record_date", "31/3/2024"), ("Coogee", "revenue", "5.00"),
            ("Coogee", "expenses", "0.00"), ("Dee Why", "expenses", "7.00"),
        },
        {
            ("Nobody", Reason.UNKNOWN), ("", Reason.NO_NAME), ("Gone", Reason.NO_ROW),
            ("Twins", Reason.AMBIGUOUS), ("Twice", Reason.SEVERAL),
        },
    )  # fmt: skip

    @given(st.permutations(LINES))
    def any_order(lines: list[str]) -> None:
        assert outcome(lines) == expected

    any_order()


def test_the_date_decides_between_several_records_of_a_client(new_team: NewTeam) -> None:
    team = prepared(new_team)
    grid = opened(team)
    labels = {row.line: row.label for row in read_rows(team.editor, grid)}
    places = placed(team, grid, "Client\tDate\tRevenue\nTwice\t20/3/2024\t5\nTwice\t6/3/2024\t7")
    assert [labels[line] for line in places.lines.values()] == ["Twice (20/3/2024)"]
    (waiting,) = places.waiting
    assert (waiting.row.number, waiting.reason) == (3, Reason.SEVERAL)
    assert [labels[line] for line in waiting.first] == ["Twice (5/3/2024)", "Twice (20/3/2024)"]


def test_two_rows_for_one_row_are_both_asked_about(new_team: NewTeam) -> None:
    team = prepared(new_team)
    grid = opened(team)
    text = "Client\tRevenue\nAcme\t5\nBondi\t6\nACME\t7"
    places = placed(team, grid, text)
    assert [(row.row.number, row.reason) for row in places.waiting] == [
        (2, Reason.TWICE), (4, Reason.TWICE),
    ]  # fmt: skip
    places = placed(team, grid, text, {4: LEAVE_OUT})
    assert (list(places.lines), len(places.left_out), places.waiting) == ([2, 3], 1, ())
    # A choice can lead to it, too.
    bondi = places.lines[3]
    places = placed(team, grid, text, {4: bondi})
    assert [row.row.number for row in places.waiting] == [3, 4]


def test_an_external_id_decides_before_a_name(new_team: NewTeam) -> None:
    team = prepared(new_team)
    grid = opened(team)
    text = "Client\tContact ID\tRevenue\nAcme\tEXT-Bondi\t5\nAcme\tEXT-9\t6"
    labels = {row.line: row.label for row in read_rows(team.editor, grid)}
    places = placed(team, grid, text)
    assert {number: labels[line] for number, line in places.lines.items()} == {
        2: "Bondi", 3: "Acme",
    }  # fmt: skip


@given(st.integers(1, 12), st.integers(0, 7))
def test_rows_without_names_fill_the_grid_in_order_and_the_rest_waits(
    count: int, first: int
) -> None:
    rows = [GridRow(line, f"c{line}", f"Client {line}") for line in range(7)][first:]
    block = read_block("\n".join(f"{number}" for number in range(1, count + 1)))
    places = in_order(block, Layout(False, ("revenue",)), rows, {})
    filled = min(count, len(rows))
    assert list(places.lines.values()) == [row.line for row in rows[:filled]]
    assert [row.reason for row in places.waiting] == [Reason.BEYOND] * (count - filled)
