"""The address of the database, and the passwords for it."""

from __future__ import annotations

import errno
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from zixly_data.database import logins
from zixly_data.errors import NotPrepared
from zixly_data.settings import Settings

ADMIN = SecretStr("postgresql://postgres:top-secret@db.example:5433/books?sslmode=require")


def test_another_server_gets_logins_of_our_own_making(tmp_path: Path) -> None:
    server_logins = logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))

    app, auth = sa.make_url(server_logins.app_url), sa.make_url(server_logins.auth_url)
    assert (app.username, auth.username) == ("zixly_app", "zixly_auth")
    assert (app.host, app.port, app.database) == ("db.example", 5433, "books")
    assert app.query == {"sslmode": "require"}
    assert app.password != auth.password
    assert "top-secret" not in server_logins.app_url + server_logins.auth_url
    assert server_logins.admin_url == ADMIN.get_secret_value()


def test_the_passwords_stay_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))
    second = logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))

    assert (first.app_url, first.auth_url) == (second.app_url, second.auth_url)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(len(password) >= 40 for password in json.loads(file.read_text()).values())


def test_two_folders_are_two_installations(tmp_path: Path) -> None:
    first, second = (
        logins.open_logins(Settings(home=tmp_path / name, database_url=ADMIN)) for name in "ab"
    )
    assert first.app_url != second.app_url


def test_many_at_once_agree_on_the_same_passwords(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as at_once:
        passwords = at_once.map(
            lambda _: logins.open_logins(Settings(home=tmp_path, database_url=ADMIN)).app_url,
            range(32),
        )
    assert len(set(passwords)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["logins.json"]


def test_with_both_logins_given_no_administrator_is_needed(tmp_path: Path) -> None:
    server_logins = logins.open_logins(
        Settings(
            home=tmp_path / "untouched",
            database_app_url=SecretStr("postgresql://zixly_app:a@db/books"),
            database_auth_url=SecretStr("postgresql://zixly_auth:b@db/books"),
        )
    )
    assert server_logins.admin_url == ""
    assert server_logins.app_url == "postgresql://zixly_app:a@db/books"
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize("setting", ["database_app_url", "database_auth_url"])
def test_one_login_without_the_other_is_refused(tmp_path: Path, setting: str) -> None:
    with pytest.raises(NotPrepared, match="Only one of") as refused:
        logins.open_logins(Settings(home=tmp_path, **{setting: SecretStr("postgresql://x@y/z")}))
    assert refused.value.advice == "Set both or neither."


def test_a_folder_that_cannot_be_created_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotPrepared, match="cannot write to the data folder"):
        logins.open_logins(Settings(home=tmp_path / "file", database_url=ADMIN))


def test_an_invalid_address_is_reported_in_one_sentence_without_the_secret(tmp_path: Path) -> None:
    with pytest.raises(NotPrepared, match="is not a database address") as refused:
        logins.open_logins(
            Settings(home=tmp_path, database_url=SecretStr("top-secret, no address"))
        )
    assert "top-secret" not in str(refused.value)


def test_no_address_is_shown_by_accident(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=ADMIN)
    server_logins = logins.open_logins(settings)
    shown = f"{settings!r} {settings} {server_logins!r}"
    assert "top-secret" not in shown
    assert str(sa.make_url(server_logins.app_url).password) not in shown


BROKEN = {
    "empty": b"",
    "half written": b'{"zixly_app": "abcdefgh", "zixly_au',
    "not JSON": b"zixly_app=abc",
    "no object": b'["zixly_app", "zixly_auth"]',
    "null": b"null",
    "another key": b'{"zixly_app": "abcdefgh", "zixly_author": "abcdefgh"}',
    "a number": b'{"zixly_app": 12345678, "zixly_auth": "abcdefgh"}',
    "an empty password": b'{"zixly_app": "", "zixly_auth": "abcdefgh"}',
    "a zero byte": b'{"zixly_app": "a\\u0000b", "zixly_auth": "abcdefgh"}',
    "half a surrogate pair": b'{"zixly_app": "a\\ud800b", "zixly_auth": "abcdefgh"}',
    "not UTF-8": b'{"zixly_app": "\xff\xfe", "zixly_auth": "abcdefgh"}',
    "zeros": bytes(120),
    "nested too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_damaged_file_of_passwords_is_reported_with_advice(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "logins.json").write_bytes(content)
    with pytest.raises(NotPrepared, match=r"logins\.json is damaged") as refused:
        logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))
    assert "delete it and run python -m zixly_data migrate" in refused.value.advice
    assert (tmp_path / "logins.json").read_bytes() == content


def test_a_file_of_passwords_that_cannot_be_read_is_reported_with_advice(tmp_path: Path) -> None:
    (tmp_path / "logins.json").mkdir()
    with pytest.raises(NotPrepared, match="cannot be read: a file is where a folder"):
        logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))
    (tmp_path / "logins.json").rmdir()
    (tmp_path / "logins.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotPrepared, match="cannot be read: it does not exist"):
        logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))


def test_a_full_disk_leaves_no_half_written_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(NotPrepared, match="the disk is full") as refused:
            logins.open_logins(Settings(home=tmp_path, database_url=ADMIN))
    assert "Free up space" in refused.value.advice
    assert list(tmp_path.iterdir()) == []
    assert logins.open_logins(Settings(home=tmp_path, database_url=ADMIN)).app_url
