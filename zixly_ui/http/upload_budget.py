"""How many bytes of uploaded files the process holds, per person and altogether.

A file counts from the first byte that arrives until it is taken by a page or dropped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


class OverBudget(Exception):
    """There is no room for the upload. The sentence tells the person what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(eq=False)
class Share:
    """The bytes of one upload: `size` counts against its person and the process."""

    person: str
    size: int = 0


class Budget:
    """The room for uploads. Used by the event loop alone, so it needs no lock."""

    def __init__(self, per_person: int, in_total: int, at_once: int) -> None:
        self.per_person = per_person
        self.in_total = in_total
        self.at_once = at_once
        self._of_person: Counter[str] = Counter()
        self._arriving: Counter[str] = Counter()
        self.held = 0

    def begin(self, person: str, declared: int) -> Share:
        """Return a share of the declared bytes for an upload that begins. Raises OverBudget."""
        if self._arriving[person] >= self.at_once:
            raise OverBudget(
                429,
                f"Zixly receives {self.at_once} files from one person at a time. "
                "Wait until they have arrived, then choose the file again.",
            )
        share = Share(person)
        self.grow(share, declared)
        self._arriving[person] += 1
        return share

    def grow(self, share: Share, size: int) -> None:
        """Raise the share to `size` bytes. Raises OverBudget."""
        more = size - share.size
        if more <= 0:
            return
        if self._of_person[share.person] + more > self.per_person:
            raise OverBudget(
                429,
                f"Your files would take more than {_megabytes(self.per_person)} MB together. "
                "Wait a minute, then choose the file again.",
            )
        if self.held + more > self.in_total:
            raise OverBudget(
                503,
                "Too many files are being uploaded at the moment. "
                "Wait a minute, then choose the file again.",
            )
        self._add(share, more)

    def arrived(self, share: Share) -> None:
        """End the transfer. The bytes count on until `release`."""
        self._arriving[share.person] -= 1
        if not self._arriving[share.person]:
            del self._arriving[share.person]

    def release(self, share: Share) -> None:
        """Give the bytes of the share back. Releasing twice is no error."""
        self._add(share, -share.size)

    def _add(self, share: Share, size: int) -> None:
        share.size += size
        self.held += size
        self._of_person[share.person] += size
        if not self._of_person[share.person]:
            del self._of_person[share.person]


def _megabytes(size: int) -> int:
    return size // 1024 // 1024
