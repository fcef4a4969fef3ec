"""Shares of something scarce, fair between the owners of its parts."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Budget(Generic[Item]):
    """At most `per_owner` items of one owner and `altogether` of all.

    A new item is always let in. If there are then too many, the oldest item of the owner with the
    most items has to leave: whoever takes a lot gives way first, and a newcomer who takes little is
    not shut out.
    """

    def __init__(self, per_owner: int, altogether: int) -> None:
        self.per_owner = per_owner
        self.altogether = altogether
        # Dictionaries keep the order in which items came in.
        self._items: dict[Hashable, dict[Item, None]] = {}
        self._owners: dict[Item, Hashable] = {}

    def __len__(self) -> int:
        return len(self._owners)

    def __contains__(self, item: Item) -> bool:
        return item in self._owners

    def count(self, owner: Hashable) -> int:
        """Return how many items the owner has."""
        return len(self._items.get(owner, ()))

    def enter(self, owner: Hashable, item: Item) -> Item | None:
        """Add the item; return the one that has to leave for it, which is no longer counted."""
        self.leave(item)
        self._items.setdefault(owner, {})[item] = None
        self._owners[item] = owner
        if self.count(owner) > self.per_owner:
            return self._oldest(owner)
        if len(self) > self.altogether:
            return self._oldest(max(self._items, key=self.count))
        return None

    def leave(self, item: Item) -> None:
        """Remove the item, if it is counted."""
        if item in self._owners:
            owner = self._owners.pop(item)
            del self._items[owner][item]
            if not self._items[owner]:
                del self._items[owner]

    def _oldest(self, owner: Hashable) -> Item:
        item = next(iter(self._items[owner]))
        self.leave(item)
        return item
