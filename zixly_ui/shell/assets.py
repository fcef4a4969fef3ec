"""The folder of our own files for browsers: styles, scripts, logos."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
