"""Measurements can still be run after what they import was renamed."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
MEASUREMENTS = sorted(path.stem for path in BENCH.glob("[a-z]*.py"))


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_it_finds_what_it_imports(name: str) -> None:
    importlib.import_module(f"bench.{name}")
