"""Passwords: what is asked of one, how it is kept, and those that Zixly makes up.

A password has 12 to 128 characters, is none of the common ones and not one's own address. There are
no other rules: long pass phrases and any script are welcome.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata

import bcrypt
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from zixly_data.errors import InvalidInput

SHORTEST, LONGEST = 12, 128
# bcrypt reads no further; what is longer is hashed once before.
_BCRYPT_BYTES = 72
_WORK_FACTOR = 12
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])

_CONSONANTS = "bdfghjkmnprstvz"
_VOWELS = "aeiou"
_GROUPS = 5


def generate() -> str:
    """A password such as `kupo-rida-veso-tami-fuzo`: 24 characters, 62 bits of chance."""
    return "-".join(
        "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2)
        for _ in range(_GROUPS)
    )


def checked(password: str, email: str = "") -> str:
    """The password, if it may be used.

    Raises InvalidInput, naming what to change.
    """
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise InvalidInput(
            f"The password is too short. Use at least {SHORTEST} characters; a few words in a row "
            "are easy to remember.",
            field="password",
        )
    if len(password) > LONGEST:
        raise InvalidInput(
            f"The password is too long. Use at most {LONGEST} characters.", field="password"
        )
    if _is_common(plain):
        raise InvalidInput(
            "This password is one of those that are guessed first. Choose another.",
            field="password",
        )
    name = email.casefold().partition("@")[0]
    besides = plain.replace(name, "") if name else plain
    if email and (email.casefold() in plain or (besides != plain and len(besides) < 6)):
        raise InvalidInput("The password is too close to your email address.", field="password")
    return password


def hashed(password: str) -> str:
    """How a password is kept: bcrypt of `as_typed`.

    Takes a quarter of a second, on purpose.
    """
    return bcrypt.hashpw(as_typed(password).encode(), bcrypt.gensalt(_WORK_FACTOR)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether this is the password that was kept."""
    return bcrypt.checkpw(as_typed(password).encode(), password_hash.encode())


def as_typed(password: str) -> str:
    """What bcrypt is given: the composed form, so that every keyboard types the same password; what
    is too long for bcrypt, or holds a NUL, which it would stop at, is hashed before."""
    composed = unicodedata.normalize("NFC", password)
    encoded = composed.encode("utf-8", "surrogatepass")
    if len(encoded) <= _BCRYPT_BYTES and b"\0" not in encoded:
        return encoded.decode("utf-8", "replace")
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()


def _is_common(plain: str) -> bool:
    """Common as it is, repeated, or with digits and signs around it."""
    core = plain.strip("0123456789!?.*#@$-_ ")
    halves = len(plain) // 2
    return (
        plain in _COMMON
        or plain.isdigit()
        or (len(core) >= 4 and core in _COMMON and len(plain) - len(core) <= 6)
        or (plain[:halves] * 2 == plain and plain[:halves] in _COMMON)
        or len(set(plain)) < 5
    )
