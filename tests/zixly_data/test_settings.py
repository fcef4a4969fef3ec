"""The environment, read once: our variables count, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from zixly_data.errors import NotPrepared
from zixly_data.settings import APP_FOLDER, Settings, settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment without a setting, as a fresh machine has it."""
    for field in Settings.model_fields.values():
        (name,) = field.validation_alias.choices  # type: ignore[union-attr]
        monkeypatch.delenv(str(name), raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_data_folder_is_beside_the_app_and_never_a_person_s_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HOME", "home", "POOL_SIZE"):
        monkeypatch.setenv(name, "/somewhere/else")
    assert settings().home == APP_FOLDER / ".zixly"
    assert settings().pool_size == 8


def test_a_variable_changes_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"ZIXLY_HOME": "/srv/books", "PORT": "80", "COOKIE_SECURE": "true",
              "SESSION_IDLE": "PT30M", "DATABASE_POOL_SIZE": "3", "DATABASE_URL": ""}  # fmt: skip
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    assert settings().home == Path("/srv/books")
    assert (settings().port, settings().cookie_secure, settings().pool_size) == (80, True, 3)
    assert settings().session_idle == timedelta(minutes=30)
    assert settings().database_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "many"),
        ("DATABASE_POOL_SIZE", "1000"),
        ("SESSION_IDLE", "soon"),
        ("PUBLIC_URL", "zixly.example.com"),
        ("PUBLIC_URL", "ftp://zixly.example.com"),
        ("PUBLIC_URL", "https://someone@zixly.example.com"),
        ("PUBLIC_URL", "https://zixly.example.com?x=1"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://zixly.example.com:0"),
        ("PUBLIC_URL", "https://zixly.example.com:99999"),
        ("PUBLIC_URL", "https://zixly example.com"),
        ("PUBLIC_URL", "https://zixly.example.com\\@evil"),
        ("PUBLIC_URL", "https://" + "ü" * 63 + ".example"),
        ("METRICS_TOKEN", "too-short"),
        ("METRICS_TOKEN", "a phrase of many words is not a token"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(NotPrepared, match=f"The setting {name} is not valid"):
        settings()


def test_a_refused_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    for token in ("hush", "hush " * 10):
        monkeypatch.setenv("METRICS_TOKEN", token)
        with pytest.raises(NotPrepared) as refused:
            settings()
        assert "hush" not in f"{refused.value} {refused.value.advice}"
        settings.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "https://zixly.example.com",
        "http://localhost:8501/",
        "https://bücher.example/zixly",
        "http://[::1]:8501",
        "",
    ],
)
def test_a_public_address_is_kept(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    assert settings().public_url == url
