"""Names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.errors import InvalidInput
from zixly_data.values.names import parse_name


@pytest.mark.parametrize(
    "name", ["O'Brien & Söhne", "'; DROP TABLE financials; --", "شركة الميناء", "🏗️ Builders 👩‍🔧"]
)
def test_a_name_is_kept_as_it_is(name: str) -> None:
    assert parse_name(name) == name


def test_spaces_and_line_breaks_are_made_one_space() -> None:
    assert parse_name("  Harbor \t Bridge\r\nConstruction ") == "Harbor Bridge Construction"


def test_a_name_cannot_reverse_the_text_beside_it() -> None:
    assert parse_name("Bondi\u202e evil\x00") == "Bondi evil"


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b", "\u200d", "\n"])
def test_a_name_is_needed(nothing: str) -> None:
    with pytest.raises(InvalidInput, match="required") as refused:
        parse_name(nothing, "client_name")
    assert refused.value.field == "client_name"


def test_a_name_of_ten_thousand_characters_is_refused_without_quoting_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_name("a" * 10_000)
    assert str(refused.value) == "This is too long: 10,000 characters. The limit is 200."


@given(st.text(max_size=50))
def test_reading_a_name_twice_changes_nothing_more(typed: str) -> None:
    try:
        once = parse_name(typed)
    except InvalidInput:
        return
    assert parse_name(once) == once
    once.encode()
