"""A data folder on a disk without flock: one sentence in place of a traceback or of two servers.

The disk is a shim in front of the C library, loaded into the processes of the command line. It
needs a C compiler; the control loads a shim that passes every lock on.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.servers.command_line import CommandLine
from tests.support.servers.server_users import server_processes

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler"),
]
_SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
int flock(int descriptor, int operation) {{
    int (*real)(int, int) = (int (*)(int, int)) dlsym(RTLD_NEXT, "flock");
    {behaviour}
}}
"""
BEHAVIOURS = {
    "no lock manager": "(void)real; errno = ENOLCK; return -1;",
    "not supported": "(void)real; errno = EOPNOTSUPP; return -1;",
    "not implemented": "(void)real; errno = ENOSYS; return -1;",
    "every lock is granted": "(void)real; return 0;",
}


def shim(folder: Path, behaviour: str) -> str:
    source, library = folder / "flock.c", folder / "flock.so"
    source.write_text(_SHIM.format(behaviour=behaviour))
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return str(library)


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
@pytest.mark.parametrize("command", ["migrate", "doctor"])
def test_a_disk_without_locks_is_refused_in_words(
    tmp_path: Path, behaviour: str, command: str
) -> None:
    home = tmp_path / "home"
    ended = CommandLine(home)(command, LD_PRELOAD=shim(tmp_path, behaviour))
    assert ended.returncode in (1, 2)
    assert "does not support file locks" in ended.stdout + ended.stderr
    assert "local disk" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert not (home / "postgres/cluster").exists()
    assert server_processes(home) == []


def test_a_disk_with_locks_is_used(tmp_path: Path) -> None:
    library = shim(tmp_path, "return real(descriptor, operation);")
    assert CommandLine(tmp_path / "home")("migrate", LD_PRELOAD=library).returncode == 0
