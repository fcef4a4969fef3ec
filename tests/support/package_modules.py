"""Every module of a package, found by walking it, so that no list has to name a new one."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import zixly_data

# The child process of a workbook and the command line's entry run when they are imported.
_PROGRAMS = ("__main__", "workbook_reader")


def data_modules() -> Iterator[tuple[str, ModuleType]]:
    """The modules of zixly_data with their dotted paths below it.

    A package that offers functions by name (`__all__`) stands for its modules.
    """
    names = sorted(
        module.name for module in pkgutil.walk_packages(zixly_data.__path__, "zixly_data.")
    )
    spoken_for: tuple[str, ...] = ()
    for name in names:
        if name.rpartition(".")[2] in _PROGRAMS or name.startswith(spoken_for):
            continue
        module = import_module(name)
        if getattr(module, "__all__", ()):
            spoken_for += (f"{name}.",)
        yield name.removeprefix("zixly_data."), module
