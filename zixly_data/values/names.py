"""Names and notes as people type them, in any script and up to a maximum length."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from zixly_data.errors import InvalidInput

LONGEST_NAME = 200
LONGEST_NOTE = 2000

_JOINERS = "\u200c\u200d"


def parse_name(text: str, field: str = "name", max_length: int = LONGEST_NAME) -> str:
    """Return the typed name with single spaces, composed (NFC), otherwise unchanged.

    Quotes, emoji and right-to-left text are kept. Line breaks become spaces. Invisible control
    characters are dropped, including those that would reverse the direction of text beside the
    name.

    Raises InvalidInput naming `field` if the name is empty or longer than `max_length`.
    """
    visible = "".join(char for char in text if _is_visible(char))
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not name.strip(_JOINERS):
        raise InvalidInput("This is required.", field=field)
    if len(name) > max_length:
        raise InvalidInput(
            f"This is too long: {len(name):,} characters. The limit is {max_length:,}.", field=field
        )
    return name


def parse_note(text: str | None, field: str = "note", max_length: int = LONGEST_NOTE) -> str | None:
    """Return the typed note with its line breaks, or None if it is empty.

    Invisible control characters are dropped as in names, and line ends become `\\n`.

    Raises InvalidInput naming `field` if the note is longer than `max_length`.
    """
    lines = (text or "").splitlines()
    visible = "\n".join("".join(char for char in line if _is_visible(char)) for line in lines)
    note = unicodedata.normalize("NFC", visible).strip()
    if len(note) > max_length:
        raise InvalidInput(
            f"This is too long: {len(note):,} characters. The limit is {max_length:,}.", field=field
        )
    return note or None


def listed(texts: Sequence[str], conjunction: str = "and") -> str:
    """Return the texts as a list for people: `A`, `A and B`, `A, B and C`."""
    *first, last = texts
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _is_visible(char: str) -> bool:
    """Return False for controls, directional marks and lone surrogates."""
    if char in _JOINERS or char.isspace():
        return True
    category = unicodedata.category(char)
    # Tag characters spell the flags of England, Scotland and Wales.
    return category not in ("Cc", "Cf", "Cs") or 0xE0020 <= ord(char) <= 0xE007F
