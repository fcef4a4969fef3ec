"""The colours of the theme can be read: WCAG asks for 4.5 : 1 between words and their ground."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from zixly_ui.records.delivery.scorecard_table import TINTS

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
ENOUGH = 4.5
# What Streamlit writes beside the axes of a chart in the light mode, whatever the theme.
STREAMLIT_S_GREY = "#808495"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_primary_button_and_a_link_can_be_read(mode: str) -> None:
    theme = THEME[mode]
    assert contrast("#ffffff", theme["primaryColor"]) >= ENOUGH
    link = theme.get("linkColor", theme["primaryColor"])
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(link, theme[ground]) >= ENOUGH
        assert contrast(theme["textColor"], theme[ground]) >= ENOUGH


def test_the_texts_of_a_light_chart_are_darker_than_the_library_has_them() -> None:
    style = (ROOT / "zixly_ui" / "assets" / "zixly.css").read_text("utf-8")
    red, green, blue = (int(STREAMLIT_S_GREY[at : at + 2], 16) for at in (1, 3, 5))
    rule = rf'text\[style\*="fill: rgb\({red}, {green}, {blue}\)"\] {{ fill: (#\w{{6}}) !important'
    found = re.search(rule, style)
    assert found
    assert contrast(STREAMLIT_S_GREY, "#ffffff") < ENOUGH <= contrast(found[1], "#ffffff")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("band", list(TINTS))
def test_a_tinted_cell_can_be_read(mode: str, band: str) -> None:
    theme, (*tint, cover) = THEME[mode], TINTS[band]
    ground = [int(theme["backgroundColor"][at : at + 2], 16) for at in (1, 3, 5)]
    mixed = [
        round(over * cover + under * (1 - cover)) for over, under in zip(tint, ground, strict=True)
    ]
    assert contrast(theme["textColor"], "#{:02x}{:02x}{:02x}".format(*mixed)) >= ENOUGH


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
