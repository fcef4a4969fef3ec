"""Text as Markdown in which nothing is markup."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>$~:^])")


# Streamlit makes arrows and dashes of these, and links of addresses, after escapes are resolved.
_MADE_OVER = re.compile(r"(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~])(?==)|(?<=://)|(?<=www)(?=\.)", re.I)


_INVISIBLE_JOINER = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """`text` as Markdown that shows exactly these characters.

    A sentence may quote what someone typed; unescaped, it could draw links or fetch images.
    """
    return _MARKDOWN.sub(r"\\\1", _MADE_OVER.sub(_INVISIBLE_JOINER, text))
