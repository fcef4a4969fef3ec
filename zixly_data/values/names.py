"""Names and notes as people type them: any script, any length up to a limit."""

from __future__ import annotations

import unicodedata

from zixly_data.errors import InvalidInput

LONGEST_NAME = 200
LONGEST_NOTE = 2000

_JOINERS = "\u200c\u200d"


def parse_name(text: str, field: str = "name", max_length: int = LONGEST_NAME) -> str:
    """The name someone typed: runs of spaces made one, composed (NFC), otherwise as it is.

    Quotes, emoji and right-to-left text are names like any other. Line breaks become spaces;
    invisible control characters are dropped, among them those that reverse the reading direction
    of whatever stands beside the name.

    Raises InvalidInput naming `field` when nothing is left or it is longer than `max_length`.
    """
    visible = "".join(letter for letter in text if _is_kept(letter))
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    if not name.strip(_JOINERS):
        raise InvalidInput("This is needed.", field=field)
    if len(name) > max_length:
        raise InvalidInput(
            f"This is too long: {len(name):,} characters, and {max_length:,} fit.", field=field
        )
    return name


def parse_note(text: str | None, field: str = "note", max_length: int = LONGEST_NOTE) -> str | None:
    """The note someone typed, on as many lines as they like; None where nothing is left of it.

    Invisible control characters are dropped as in names, and line ends become `\\n`.

    Raises InvalidInput naming `field` when it is longer than `max_length`.
    """
    lines = (text or "").splitlines()
    visible = "\n".join("".join(x for x in line if _is_kept(x)) for line in lines)
    note = unicodedata.normalize("NFC", visible).strip()
    if len(note) > max_length:
        raise InvalidInput(
            f"This is too long: {len(note):,} characters, and {max_length:,} fit.", field=field
        )
    return note or None


def _is_kept(letter: str) -> bool:
    """Controls, directional marks, lone surrogates and unassigned code points are not."""
    if letter in _JOINERS or letter.isspace():
        return True
    category = unicodedata.category(letter)
    # Tag characters spell the flags of England, Scotland and Wales.
    return category not in ("Cc", "Cf", "Cs") or 0xE0020 <= ord(letter) <= 0xE007F
