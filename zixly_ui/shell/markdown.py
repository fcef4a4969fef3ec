"""Markdown with all markup escaped."""

from __future__ import annotations

import re

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
