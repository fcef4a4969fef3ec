"""Text that somebody typed is shown as typed: no markup, no links, no typography of Streamlit's."""

from __future__ import annotations

import re

import pytest
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from zixly_ui.shell.markdown import plain

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


def cards_page() -> None:
    """Cards as pages draw them: a custom metric's, and amounts that rose and fell."""
    from zixly_ui.components.cards import Card, metric_row

    metric_row(
        [
            Card("*Speed*", "3 *km*", "[Newcastle](https://evil.example) *Bold*", "on *May*"),
            Card("Profit", "-$1,200.50", "-12%", "vs May"),
            Card("Revenue", "$1,000", "+3.5%", "vs May"),
            Card("Lost", "0"),
        ]
    )


def test_a_card_shows_what_somebody_typed_as_typed() -> None:
    app = AppTest.from_function(cards_page, default_timeout=60).run()
    assert not app.exception
    typed, fell, rose, alone = app.metric
    assert (typed.label, typed.value) == (plain("*Speed*"), plain("3 *km*"))
    assert typed.delta == plain("[Newcastle](https://evil.example) *Bold*")
    assert (fell.value, fell.delta) == (r"-\$1,200.50", "-12%")
    assert (rose.value, rose.delta) == (r"\$1,000", r"\+3.5%")
    assert alone.delta == ""


def test_a_card_keeps_the_arrow_and_the_colour_of_its_change() -> None:
    typed, fell, rose, _ = AppTest.from_function(cards_page, default_timeout=60).run().metric
    ways = Metric.MetricDirection
    assert fell.proto.direction == ways.DOWN
    assert rose.proto.direction == ways.UP
    assert typed.proto.direction == ways.NONE
    colours = [each.proto.color for each in (fell, rose, typed)]
    assert colours == [
        Metric.MetricColor.RED,
        Metric.MetricColor.GREEN,
        Metric.MetricColor.GRAY,
    ]
