"""The result of one check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of one check: a sentence, and advice if something is wrong."""

    sentence: str
    advice: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.advice)
