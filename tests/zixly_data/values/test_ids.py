"""Ids sort rows in the order of their creation."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from zixly_data.values import ids


def test_an_id_has_a_prefix_for_its_kind_and_is_a_version_7_uuid() -> None:
    made = ids.new_id("fin")
    assert re.fullmatch(r"fin_[0-9a-f]{32}", made)
    assert uuid.UUID(made.removeprefix("fin_")).version == 7


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [ids.new_id("fin") for _ in range(2_000)]
    assert made == sorted(made)
    assert len(set(made)) == 2_000


def test_ids_keep_their_order_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id("fin")
    monkeypatch.setattr("time.time_ns", lambda: 1_600_000_000_000_000_000)
    assert ids.new_id("fin") > before


def test_threads_never_share_an_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.new_id("lead"), range(4_000)))
    assert len(set(made)) == 4_000


@pytest.mark.parametrize("prefix", ["", "Fin", "fin_", "1fin", "fin'", "a" * 17])
def test_a_prefix_that_is_no_short_word_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="cannot start an id"):
        ids.new_id(prefix)
