"""The theme that a run begins with is Streamlit's own, and follows the configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from zixly_ui.edge import theme_message

SECTIONS = ("", ".light", ".dark", ".sidebar", ".light.sidebar", ".dark.sidebar")
as_streamlit_does = app_session._populate_theme_msg


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(app_session, "_populate_theme_msg", as_streamlit_does)
    theme_message.remember()
    yield
    theme_message._section.cache_clear()


def theme_of(populate: Callable[..., None]) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    for section in SECTIONS:
        part = theme
        for name in filter(None, section.split(".")):
            part = getattr(part, name)
        populate(part, f"theme{section}")
    return theme


def test_it_is_the_same_the_first_time_and_the_second() -> None:
    expected = theme_of(as_streamlit_does)
    assert expected.light.primary_color
    assert not expected.HasField("sidebar")
    for _ in range(2):
        assert theme_of(app_session._populate_theme_msg) == expected


def test_it_is_read_again_when_the_configuration_is() -> None:
    before = theme_of(app_session._populate_theme_msg)
    try:
        config.get_config_options(True, {"theme.light.primaryColor": "#123456"})
        changed = theme_of(app_session._populate_theme_msg)
        assert changed.light.primary_color == "#123456"
        assert changed == theme_of(as_streamlit_does) != before
    finally:
        config.get_config_options(force_reparse=True)
    assert theme_of(app_session._populate_theme_msg) == before
