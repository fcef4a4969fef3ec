"""What stands behind a row of Profitability: the records it was made of, and no others."""

from __future__ import annotations

import pandas as pd

from tests.support.records import Q1_2024
from zixly_data.figures.breakdown import By
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui.reports.profit_section import record_filters

EVERYONE = pd.DataFrame({"id": ["a", "b", "c"], "industry": [None, None, "Retail"]})


def clients_behind(key: str, period: Period, *asked: str) -> dict[str, object]:
    found = record_filters(By.INDUSTRY, key, period, ClientFilter(asked), EVERYONE)
    return {name: found[name] for name in ("client", "industry") if name in found}


def test_without_an_industry_are_those_that_have_none_among_the_chosen_ones() -> None:
    assert clients_behind("", Q1_2024) == {"client": ["a", "b"]}
    assert clients_behind("", Q1_2024, "b", "c") == {"client": ["b"]}


def test_an_industry_is_asked_for_beside_the_chosen_clients() -> None:
    assert clients_behind("Retail", Q1_2024, "b", "c") == {
        "client": ("b", "c"),
        "industry": ["Retail"],
    }
