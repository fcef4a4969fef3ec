"""The number of examples of a generated test on a database: all of them in `make test-all`, a fifth
in `make test`. Tests without a database are cheap and always try all.

@settings(max_examples=examples(25))
"""

from __future__ import annotations

from hypothesis import settings

_FEWEST = 4
_is_thorough = True


def begin_run(*, thorough: bool) -> None:
    """Set the depth of this process, before it loads a module of tests."""
    global _is_thorough
    _is_thorough = thorough
    # A busy machine is not a failure.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


def examples(thorough: int) -> int:
    """The number of examples of a test that tries so many in `make test-all`."""
    return thorough if _is_thorough else max(_FEWEST, thorough // 5)
