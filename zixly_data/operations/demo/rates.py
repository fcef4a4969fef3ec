"""The demo's exchange rates: invented rates of NZD in AUD for every month that is over.

The current month has no rate yet, as in practice: its reports in one currency show that a rate is
missing, and where to enter it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zixly_data.operations.demo.books import Row, months, noise

_FIRST = date(2024, 1, 1)
# Months from peak to trough; mean, amplitude and noise in units of 0.0001.
_HALF_PERIOD, _MIDDLE, _SWING, _NOISE = 14, 9_080, 190, 35


def exchange_rates(today: date) -> list[Row]:
    """Return rows of `exchange_rates`."""
    return [
        {"month": month, "currency": "NZD", "into_currency": "AUD", "rate": _rate(number, month)}
        for number, month in enumerate(months(_FIRST, today)[:-1])
    ]


def _rate(number: int, month: date) -> Decimal:
    position = number % (2 * _HALF_PERIOD)
    # 1 at the peak, -1 at the trough, linear in between.
    height = Decimal(abs(position - _HALF_PERIOD) * 2 - _HALF_PERIOD) / _HALF_PERIOD
    deviation = Decimal(_NOISE * noise(f"NZD {month}")) / 1000
    return (_MIDDLE + _SWING * height + deviation).quantize(Decimal(1)).scaleb(-4)
