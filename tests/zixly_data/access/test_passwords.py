"""Rules for passwords, and their storage. People are shown the same rules."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import known_passwords
from zixly_data.access import passwords
from zixly_data.errors import InvalidInput
from zixly_ui.account import account_text

EMAIL = "support@zixly.com.au"


def refusal(password: str, email: str = EMAIL) -> str:
    with pytest.raises(InvalidInput) as refused:
        passwords.validate(password, email)
    assert refused.value.field == "password"
    return str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "kupo-rida-veso-tami-fuzo",
        "   spaces on both sides   ",
        "長い合言葉はとても安全ですよ",
        "пароль из нескольких слов",
        "🐨🦘🐊🦜🐍🦈🕷🐙🦑🐬🐳🦭",
        "x" * 20 + "yz!?9",
        "a\0b\0c\0d\0e\0f\0g",
        "support needs a long one",
    ],
)
def test_long_pass_phrases_in_any_script_are_welcome(password: str) -> None:
    assert passwords.validate(password, EMAIL) == password


def test_it_has_12_to_128_characters_however_many_bytes_they_are() -> None:
    letters = "🐨🦘🐊🦜🐍🦈🕷🐙" * 16
    assert len(letters) == 128
    assert passwords.validate(letters, EMAIL) == letters
    assert "too long" in refusal(letters + "🐨")
    assert passwords.validate("abcdefghi🐨🦘🐊"[:12], EMAIL)
    assert "too short" in refusal("abcdefgh🐨🦘🐊")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "PasswordPassword",
        "password1234!",
        "123456789012",
        "aaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop123",
        "Letmein!!!!!!",
    ],
)
def test_one_of_those_that_are_guessed_first_is_refused(password: str) -> None:
    assert "too common" in refusal(password)


def test_the_rules_are_shown_before_they_are_applied() -> None:
    for rule in ("12 to 128 characters", "common passwords", "your email address"):
        assert rule in account_text.RULES


@pytest.mark.parametrize(
    ("password", "email"),
    [
        ("support@zixly.com.au", EMAIL),
        ("SUPPORT@zixly.com.au!", EMAIL),
        ("veronica.long.name1", "veronica.long.name@zixly.com.au"),
        ("1veronica.long.name!", "veronica.long.name@zixly.com.au"),
    ],
)
def test_a_persons_own_address_is_refused(password: str, email: str) -> None:
    assert "email address" in refusal(password, email)


def test_an_address_of_one_letter_forbids_nothing() -> None:
    assert passwords.validate("a pass phrase", "a@b.example") == "a pass phrase"


def test_a_made_up_password_is_one_that_may_be_used() -> None:
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    assert all(passwords.validate(password, EMAIL) for password in made)


def test_every_keyboard_types_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "Café à la crème, s'il vous plaît")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    password_hash = passwords.hash_password(composed)
    assert passwords.matches(decomposed, password_hash)
    assert not passwords.matches(composed.replace("é", "e"), password_hash)


def test_characters_after_72_bytes_count() -> None:
    begins = "a very long pass phrase that goes on and on until it has more than enough bytes "
    assert len(begins.encode()) > 72
    password_hash = passwords.hash_password(f"{begins}left")
    assert passwords.matches(f"{begins}left", password_hash)
    assert not passwords.matches(f"{begins}right", password_hash)
    assert not passwords.matches(begins, password_hash)


def test_characters_after_a_nul_count() -> None:
    password_hash = passwords.hash_password("twelve chars\0left")
    assert passwords.matches("twelve chars\0left", password_hash)
    assert not passwords.matches("twelve chars\0right", password_hash)
    assert not passwords.matches("twelve chars", password_hash)


def test_the_same_password_is_kept_differently_each_time() -> None:
    with known_passwords.at_full_price():
        first, second = (passwords.hash_password("correct horse battery") for _ in range(2))
    assert first != second
    assert first.startswith("$2b$12$")


anything = st.text(st.characters(codec=None), min_size=0, max_size=140)


@given(anything)
def test_bcrypt_accepts_any_typed_text(password: str) -> None:
    encoded = passwords.bcrypt_input(password).encode()
    assert len(encoded) <= 72
    assert b"\0" not in encoded
    assert passwords.bcrypt_input(unicodedata.normalize("NFD", password)) == passwords.bcrypt_input(
        unicodedata.normalize("NFC", unicodedata.normalize("NFD", password))
    )


@given(st.text(max_size=140), st.text(max_size=140))
@settings(max_examples=300)
def test_two_passwords_stay_two(first: str, second: str) -> None:
    same = unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", second)
    assert (passwords.bcrypt_input(first) == passwords.bcrypt_input(second)) == same


@given(anything, st.emails())
def test_any_text_is_a_password_or_is_refused_in_words(password: str, email: str) -> None:
    if not 12 <= len(password) <= 128:
        assert "characters" in refusal(password, email)
    else:
        try:
            assert passwords.validate(password, email) == password
        except InvalidInput as error:
            refused = error
            assert refused.field == "password"
