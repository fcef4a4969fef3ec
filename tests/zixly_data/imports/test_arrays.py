"""A column of a file as one array inside a statement."""

from __future__ import annotations

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from zixly_data.imports.matches.arrays import array_literal, array_rows
from zixly_data.imports.matches.targets import TEXT

# Whatever PostgreSQL stores: no zero bytes, no half surrogate pairs.
ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
TRICKY = st.sampled_from(["", "NULL", "null", '"', '","', "\\", '\\"', "{}", " ", ",", "a,b", "\n"])


@given(columns=st.lists(st.tuples(*[st.none() | TRICKY | ANY] * 2), min_size=1, max_size=20))
@settings(max_examples=60)
def test_every_text_arrives_as_it_is(
    admin: sa.Engine, columns: list[tuple[str | None, ...]]
) -> None:
    names = ("one", "two")
    sent = dict(zip(names, map(list, zip(*columns, strict=True)), strict=True))
    file = array_rows(sent, dict.fromkeys(names, TEXT))
    with admin.connect() as connection:
        found = connection.execute(sa.select(file)).all()
    assert [tuple(row) for row in found] == columns


def test_how_it_is_written() -> None:
    assert array_literal(["a", 'b"c', None]) == r'{"a","b\"c",NULL}'
    assert array_literal(["a", "b"]) == '{"a","b"}'
    assert array_literal([]) == "{}"
