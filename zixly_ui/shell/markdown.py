"""Markdown with all markup escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>$~:^])")
# After resolving escapes, Streamlit turns these into arrows and dashes, and addresses into links.
_SUBSTITUTED = re.compile(
    r"(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~])(?==)|(?<=://)|(?<=www)(?=\.)", re.I
)
_INVISIBLE_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """Return `text` as Markdown that shows exactly these characters.

    Messages quote typed text; unescaped, it could draw links or fetch images.
    """
    return _MARKDOWN.sub(r"\\\1", _SUBSTITUTED.sub(_INVISIBLE_JOINER, text))


def plain_options(label_of: Callable[[Any], str] = str) -> Callable[[Any], str]:
    """Return the `format_func` of a widget that draws its options as Markdown.

    These are st.radio, st.pills, st.segmented_control and st.select_slider. st.selectbox and
    st.multiselect draw the characters of an option as they are.
    """
    return lambda option: plain(label_of(option))
