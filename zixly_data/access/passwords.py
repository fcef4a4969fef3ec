"""Passwords: their rules, hashing, and generation.

A password has 12 to 128 characters, is not a common one and is not the user's own address. There
are no other rules: long passphrases and any script are allowed.
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
# bcrypt ignores further bytes; longer passwords are hashed with SHA-256 first.
_BCRYPT_BYTES = 72
_WORK_FACTOR = 12
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])

_CONSONANTS = "bdfghjkmnprstvz"
_VOWELS = "aeiou"
_GROUPS = 5


def generate() -> str:
    """Generate a password such as `kupo-rida-veso-tami-fuzo`: 24 characters, 62 random bits."""
    return "-".join(
        "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2)
        for _ in range(_GROUPS)
    )


def validate(password: str, email: str = "") -> str:
    """Return the password if it follows the rules.

    Raises InvalidInput with the rule it breaks.
    """
    casefolded = password.casefold()
    if len(password) < SHORTEST:
        raise InvalidInput(
            f"The password is too short. Use at least {SHORTEST} characters. A few words in a row "
            "are easy to remember.",
            field="password",
        )
    if len(password) > LONGEST:
        raise InvalidInput(
            f"The password is too long. Use at most {LONGEST} characters.", field="password"
        )
    if _is_common(casefolded):
        raise InvalidInput(
            "This password is too common. Choose another.",
            field="password",
        )
    name = email.casefold().partition("@")[0]
    remainder = casefolded.replace(name, "") if name else casefolded
    if email and (
        email.casefold() in casefolded or (remainder != casefolded and len(remainder) < 6)
    ):
        raise InvalidInput("The password is too similar to your email address.", field="password")
    return password


def hash_password(password: str) -> str:
    """Hash a password with bcrypt, deliberately taking a quarter of a second."""
    return bcrypt.hashpw(bcrypt_input(password).encode(), bcrypt.gensalt(_WORK_FACTOR)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Return whether the password has this hash."""
    return bcrypt.checkpw(bcrypt_input(password).encode(), password_hash.encode())


def bcrypt_input(password: str) -> str:
    """Return the text that bcrypt hashes for a password.

    It is composed (NFC), so that every keyboard produces the same password. A password too long for
    bcrypt, or with a NUL, where bcrypt would stop, is replaced by its SHA-256.
    """
    composed = unicodedata.normalize("NFC", password)
    encoded = composed.encode("utf-8", "surrogatepass")
    if len(encoded) <= _BCRYPT_BYTES and b"\0" not in encoded:
        return encoded.decode("utf-8", "replace")
    return base64.b64encode(hashlib.sha256(encoded).digest()).decode()


def _is_common(casefolded: str) -> bool:
    """Return whether the password is common, also if repeated or padded with digits or signs."""
    core = casefolded.strip("0123456789!?.*#@$-_ ")
    halves = len(casefolded) // 2
    return (
        casefolded in _COMMON
        or casefolded.isdigit()
        or (len(core) >= 4 and core in _COMMON and len(casefolded) - len(core) <= 6)
        or (casefolded[:halves] * 2 == casefolded and casefolded[:halves] in _COMMON)
        or len(set(casefolded)) < 5
    )
