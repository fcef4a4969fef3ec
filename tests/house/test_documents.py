"""Documents name existing files of the repository: a move leaves no old path behind."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The changelog describes the past, with the names of its time.
DOCUMENTS = [
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))
    if path.name != "CHANGELOG.md"
]
PATH = re.compile(r"(?<![\w/.-])(?:zixly_data|zixly_ui|pages|sql|tests|docs|bench)/[\w/.-]+\.\w+")


def missing(text: str) -> set[str]:
    """The paths in a text that are not files of the repository."""
    return {path for path in PATH.findall(text) if not (ROOT / path).exists()}


def test_a_path_that_is_gone_is_found() -> None:
    assert missing("see `zixly_data/rates.py` and `zixly_data/errors.py`") == {
        "zixly_data/rates.py"
    }


def test_every_path_in_a_document_is_a_file() -> None:
    assert len(DOCUMENTS) > 15
    gone = {path.name: missing(path.read_text("utf-8")) for path in DOCUMENTS}
    assert {name: paths for name, paths in gone.items() if paths} == {}
