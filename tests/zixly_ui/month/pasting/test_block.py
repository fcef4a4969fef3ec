"""The text of a clipboard: rows, cells, quotes, and what is no block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.errors import InvalidInput
from zixly_ui.month.pasting.block import MOST_ROWS, read_block

cells = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='"'), min_size=1)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Acme\t5\nBondi\t7", [(1, "Acme", "5"), (2, "Bondi", "7")]),
        ("Acme\t5\r\nBondi\t7\r\n", [(1, "Acme", "5"), (2, "Bondi", "7")]),
        ("Acme\t5\rBondi\t7\r", [(1, "Acme", "5"), (2, "Bondi", "7")]),
        ("Acme\n\n\t\nBondi\t 7\u00a0", [(1, "Acme", ""), (4, "Bondi", "7")]),
        ('Acme\t"late\npaid ""twice"""\t5', [(1, "Acme", 'late\npaid "twice"', "5")]),
        ('Pipe 5"\t5\nHose\t7', [(1, 'Pipe 5"', "5"), (2, "Hose", "7")]),
        ('"Pipe\t5\nHose\t7', [(1, '"Pipe', "5"), (2, "Hose", "7")]),
        ("Acme\x0bPty\u2028Ltd\t5", [(1, "Acme\x0bPty\u2028Ltd", "5")]),
    ],
)
def test_a_block_is_read_as_it_was_copied(text: str, rows: list[tuple[int | str, ...]]) -> None:
    block = read_block(text)
    assert [(row.number, *row.cells) for row in block.rows] == rows
    assert block.width == len(rows[0]) - 1


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\0"])
def test_an_empty_block_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="nothing to paste"):
        read_block(text)


@pytest.mark.parametrize("text", ["a\n" * (MOST_ROWS + 1), "a\t" * 70])
def test_a_block_that_is_too_large_is_refused_with_the_limit(text: str) -> None:
    with pytest.raises(InvalidInput, match="at most 2,000 rows of 60 columns"):
        read_block(text)
    assert len(read_block("a\n" * MOST_ROWS).rows) == MOST_ROWS, "control"


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=20))
def test_every_cell_of_a_block_is_read(lines: list[list[str]]) -> None:
    block = read_block("\n".join("\t".join(line) for line in lines))
    assert [list(row.cells) for row in block.rows] == lines
