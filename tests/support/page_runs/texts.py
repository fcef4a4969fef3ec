"""The readable text of a part of a page that ran without a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1.element_tree import Block, Dataframe, Element, Node

_ESCAPES = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNREADABLE = re.compile(r"<(style|script)[^>]*>.*?</\1>", re.S)
_TAGS = re.compile(r"<[^>]*>")
_RED = re.compile(r"^:red\[(?::material/error: )?(.*)\]$", re.S)


def shown(text: str) -> str:
    """A text without its Markdown escapes, and without what joins a minus to its amount."""
    return _ESCAPES.sub(r"\1", text).replace("−\N{WORD JOINER}", "−")


def without_red(text: str) -> str:
    """The text shown in red: a problem beside a field, a destructive button."""
    return _RED.sub(r"\1", shown(text))


def nodes_of(node: Node) -> Iterator[Node]:
    """A part of the page with all its elements, from the top."""
    yield node
    if isinstance(node, Block):
        for _, child in sorted(node.children.items()):
            yield from nodes_of(child)


def texts_of(part: Node) -> list[str]:
    """The readable text of a part of the page, from the top; tables with all their cells."""
    return [shown(text) for node in nodes_of(part) for text in _texts(node) if text]


def _texts(node: Node) -> list[str]:
    proto: Any = getattr(node, "proto", None)
    if node.type == "metric":
        return [proto.label, proto.body, proto.delta, proto.delta_description]
    if isinstance(node, Dataframe):
        return [str(cell) for row in node.value.to_numpy(dtype=object) for cell in row]
    if node.type == "html":
        return [html.unescape(_TAGS.sub(" ", _UNREADABLE.sub("", proto.body)))]
    if node.type in ("expandable", "expander", "tab", "dialog", "popover"):
        block = proto if hasattr(proto, "label") else getattr(proto, node.type, proto)
        return [getattr(block, "label", "") or getattr(block, "title", "")]
    if isinstance(node, Element):
        parts = ("label", "body", "caption", "placeholder", "code_text", "text")
        texts = [getattr(proto, part, "") for part in parts]
        return [text for text in texts if isinstance(text, str)]
    return []
