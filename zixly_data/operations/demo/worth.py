"""What a New Zealand dollar was worth in Australian ones, made up, of every month that is over.

The running month has no rate yet, as in life: whoever wants its figures in one currency reads that
one is missing, and where to enter it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zixly_data.operations.demo.books import Row, months, wave

_FIRST = date(2024, 1, 1)
# From peak to trough in so many months, by so much of 0.0001, and a wobble on top.
_HALF_A_WAVE, _MIDDLE, _SWING, _WOBBLE = 14, 9_080, 190, 35


def exchange_rates(today: date) -> list[Row]:
    """Rows of `exchange_rates`."""
    return [
        {"month": month, "currency": "NZD", "into_currency": "AUD", "rate": _rate(number, month)}
        for number, month in enumerate(months(_FIRST, today)[:-1])
    ]


def _rate(number: int, month: date) -> Decimal:
    there = number % (2 * _HALF_A_WAVE)
    # 1 at the peak, -1 at the trough, straight in between.
    height = Decimal(abs(there - _HALF_A_WAVE) * 2 - _HALF_A_WAVE) / _HALF_A_WAVE
    wobble = Decimal(_WOBBLE * wave(f"NZD {month}")) / 1000
    return (_MIDDLE + _SWING * height + wobble).quantize(Decimal(1)).scaleb(-4)
