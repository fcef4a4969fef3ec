"""The app loads its modules before the first request, not at the first click."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.test_layers import ROOT, imports, sources

LOADED_BY_APP = "import app, sys; app.preload_modules(); print(*sys.modules, sep='\\n')"


def loaded(program: str) -> set[str]:
    """The modules that are loaded once this program has run, in a separate process."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def modules_of(path: Path) -> set[str]:
    """The modules a file imports anywhere, without the names imported from them."""
    names = imports(path.read_text())
    return {
        name
        for name in names
        if (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
        or (ROOT / name.replace(".", "/") / "__init__.py").exists()
        or name in ("pandas", "plotly", "pandera", "pyarrow")
    }


def test_modules_of_pages_are_loaded_before_the_first_request() -> None:
    needed = {
        name: path.name
        for path in sources("pages", "zixly_ui")
        if path.name != "main.py"
        for name in modules_of(path)
    }
    assert len(needed) > 100
    present = loaded(LOADED_BY_APP)
    assert {name: page for name, page in needed.items() if name not in present} == {}


def test_without_preloading_they_would_be_missing() -> None:
    """The control: importing only the app loads few of them."""
    assert "zixly_ui.reports.profit_section" not in loaded("import app, sys; print(*sys.modules)")
