"""Passwords that Zixly makes up: to be read off a screen and typed once."""

from __future__ import annotations

import secrets

_CONSONANTS = "bdfghjkmnprstvz"
_VOWELS = "aeiou"
_GROUPS = 5


def generate() -> str:
    """A password such as `kupo-rida-veso-tami-fuzo`: 24 characters, 62 bits of chance."""
    return "-".join(
        "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2)
        for _ in range(_GROUPS)
    )
