"""The table of settings in the README is that of `settings.py`."""

from __future__ import annotations

import re
from pathlib import Path

from zixly_data.settings import Settings

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def documented() -> set[str]:
    """The environment variables in the first column of the table of settings."""
    table = README.split("<!-- settings:")[1].split("\n\n")[0]
    first_columns = (line.split("|")[1] for line in table.splitlines() if line.startswith("|"))
    return {name for column in first_columns for name in re.findall(r"`([A-Z_]+)`", column)}


def test_every_setting_is_in_the_readme_and_nothing_else() -> None:
    known = {
        str(choice)
        for field in Settings.model_fields.values()
        for choice in getattr(field.validation_alias, "choices", ())
    }
    assert len(known) == len(Settings.model_fields)
    assert documented() == known
