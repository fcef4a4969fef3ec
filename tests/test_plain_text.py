"""Text that somebody typed is shown as typed: no markup, no links, no typography of Streamlit's."""

from __future__ import annotations

import re

import pytest

from zixly_ui.errors import plain

# What Streamlit's Markdown makes something else of, escaped or not.
MADE_OVER = re.compile(r"--|->|<-|>=|<=|~=|://\w|www\.")


@pytest.mark.parametrize(
    "text", ["a -- b", "a -> b", "<- a", "a >= b", "a ~= b", "http://x.au", "www.x.au"]
)
def test_nothing_is_left_that_would_be_made_over(text: str) -> None:
    shown = plain(text).replace("\\", "")
    assert MADE_OVER.search(text)
    assert not MADE_OVER.search(shown)
    assert shown.replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize(
    "text", ["Harbor Bridge Construction", "O'Brien & Söhne, 50%", "2024-03-01"]
)
def test_ordinary_names_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


def test_markup_is_escaped() -> None:
    assert plain("![x](y) *b* $z$") == r"\!\[x\]\(y\) \*b\* \$z\$"
