"""The theme in the first message of every run, put together once instead of at every click.

Streamlit reads sixty options, most of them by their names in another spelling, for each of six
sections: a tenth of the processor time of a click.
"""

from __future__ import annotations

from functools import cache

from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_populate = app_session._populate_theme_msg


def remember() -> None:
    """Let the sessions of this process copy the theme until the configuration is read again."""
    vars(app_session)["_populate_theme_msg"] = _copy
    config.on_config_parsed(_section.cache_clear, force_connect=True)


@cache
def _section(name: str) -> CustomThemeConfig:
    message = CustomThemeConfig()
    _populate(message, name)
    return message


def _copy(message: CustomThemeConfig, section: str = "theme") -> None:
    """Take the place of app_session._populate_theme_msg, which leaves a section without options
    absent."""
    remembered = _section(section)
    if remembered.ByteSize():
        message.MergeFrom(remembered)
