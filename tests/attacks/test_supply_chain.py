"""Attacks on what the app is made of: an altered package, and the secrets of its process."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from tests.support.servers.live_app import LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from zixly_data.database import logins
from zixly_data.settings import Settings

pytestmark = pytest.mark.nightly


def wheel(folder: Path, content: str) -> Path:
    """A wheel of the package `victim` 1.0 with this content."""
    file = folder / "victim-1.0-py3-none-any.whl"
    info = "victim-1.0.dist-info"
    files = {
        "victim.py": content,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: victim\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return file


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def install(folder: Path, requirement: str, target: Path) -> subprocess.CompletedProcess[str]:
    """Install as `make setup` and the image do, from this folder in place of the index."""
    file = folder / "requirements.txt"
    file.write_text(requirement + "\n")
    return subprocess.run(
        [
            sys.executable, "-m", "pip", "--isolated", "install", "--require-hashes", "--no-index",
            "--find-links", str(folder), "--target", str(target), "-r", str(file),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_package_that_was_altered_on_the_index_is_not_installed(tmp_path: Path) -> None:
    good = wheel(tmp_path, "answer = 42\n")
    pinned = f"victim==1.0 --hash=sha256:{hashlib.sha256(good.read_bytes()).hexdigest()}"
    installed = install(tmp_path, pinned, tmp_path / "control")
    assert installed.returncode == 0, installed.stderr
    assert (tmp_path / "control" / "victim.py").exists()

    wheel(tmp_path, "answer = 43  # stolen\n")
    refused = install(tmp_path, pinned, tmp_path / "altered")
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (tmp_path / "altered").exists()
    unpinned = install(tmp_path, "victim==1.0", tmp_path / "unpinned")
    assert unpinned.returncode != 0, "a requirement without a hash is refused as well"


@pytest.fixture(scope="module")
def prepared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    with running(tmp_path_factory.mktemp("secrets") / "app", SCENARIO_TODAY) as app:
        yield app


def holds(app: LiveApp, secret: str) -> bool:
    """Whether the process of the app has the secret anywhere: environment, memory, data folder."""
    assert app._process is not None
    process = Path(f"/proc/{app._process.pid}")
    needle = secret.encode()
    if needle in (process / "environ").read_bytes():
        return True
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            area, rights, *_ = line.split()
            begin, end = (int(part, 16) for part in area.split("-"))
            if rights.startswith("rw"):
                try:
                    memory.seek(begin)
                    if needle in memory.read(end - begin):
                        return True
                except (OSError, ValueError, OverflowError):
                    continue  # not in memory, such as a device
    home = Path(app.environment.get("ZIXLY_HOME", app.home))
    files = (path for path in home.rglob("*") if path.is_file())
    return any(needle in path.read_bytes() for path in files if path.stat().st_size < 1_000_000)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process in /proc")
def test_a_thief_in_the_app_s_process_finds_no_administrator(
    prepared_app: LiveApp, tmp_path: Path
) -> None:
    held = logins.open_logins(Settings(home=prepared_app.home))
    password = str(sa.make_url(held.admin_url).password)
    own = str(sa.make_url(held.app_url).password)
    assert len(password) > 20
    try:
        with prepared_app.another(
            ZIXLY_HOME=str(tmp_path / "with"), DATABASE_URL=held.admin_url
        ) as administrator:
            assert holds(administrator, password) or holds(administrator, quote(password, safe=""))
        with prepared_app.another(
            ZIXLY_HOME=str(tmp_path / "without"),
            DATABASE_APP_URL=held.app_url, DATABASE_AUTH_URL=held.auth_url,
        ) as app:  # fmt: skip
            assert holds(app, own), "the search finds what is there"
            assert not holds(app, password)
            assert not holds(app, quote(password, safe=""))
    finally:
        held.close()


@pytest.mark.parametrize(
    "statement",
    [
        "create role thief superuser",
        "alter role zixly_app superuser",
        "set role postgres",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'id'",
        "select rolpassword from pg_authid",
        "select * from zixly.users",
        "select * from app_private.sessions",
        "alter system set archive_command = 'id'",
    ],
)
@pytest.mark.parametrize("login", ["app_url", "auth_url"])
def test_the_two_logins_alone_cannot_administer(
    prepared_app: LiveApp, login: str, statement: str
) -> None:
    held = logins.open_logins(Settings(home=prepared_app.home))
    engine = sa.create_engine(getattr(held, login), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as thief:
            assert thief.execute(sa.text("select 1")).scalar_one() == 1
            with pytest.raises(sa.exc.DBAPIError, match=r"permission denied|must be|Only roles"):
                thief.execute(sa.text(statement))
    finally:
        engine.dispose()
        held.close()
