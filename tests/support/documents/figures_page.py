"""`docs/figures.md`, generated from `zixly_data.figures.definitions`. Run it to write it again."""

from __future__ import annotations

from pathlib import Path

from zixly_data.figures.definitions import FIGURES, OF_BUSINESS, OF_CHANGE, Figure

FILE = Path(__file__).parents[3] / "docs" / "figures.md"
HEAD = """\
# Figures

The definition of each figure of profitability. Pages show the same text under "Where this comes
from", beside the records behind the figure. `python -m tests.support.documents.figures_page`
generates this page from `zixly_data/figures/definitions.py`, and a test compares the two.

Each figure is computed exactly, in one place: the module named with it. PostgreSQL adds up the
records; totals and fractions are calculated from its decimals. Amounts are sums of
`numeric(14, 2)`. Fractions are rounded to four places, half away from zero, and only at the end.

- **Currencies** are never added together. A figure is in one currency, or converted into one.
- **Days**: a record counts on its calendar date, without a time zone. "Today" is the tenant's.
- **Comparisons**: a period that is not over is compared up to today, 1 to 22 November vs 1 to 22
  October, and the page says so. Rows of time are compared with the previous row, and with the same
  row a year earlier.
- **Nothing is not zero**: without records there is no figure and no comparison.
"""


BUSINESS = """\
# The business

Totals of the business are four lines that add up, in each currency: the profit from clients,
records that are not yet assigned, overheads, and the profit of the business. Pages show them where
a period, or the one it is compared with, has a record without a client. Figures of one client, an
industry or a status never include such records, so their margin is a contribution margin.
Converted, each month's sum of a currency is multiplied by the rate of that month, as amounts of
clients are.
"""

CHANGE = """\
# What changed

The parts of a change of profit between two periods. They are computed client by client, to the
cent, and add up exactly to the change. `docs/adr/0010-margin-bridge.md` explains the choice.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, *map(_definition, FIGURES.values())]
    parts += [BUSINESS, *map(_definition, OF_BUSINESS.values()), CHANGE]
    return "\n".join([*parts, *map(_definition, OF_CHANGE.values())])


def _definition(figure: Figure) -> str:
    return (
        f"## {figure.label}\n\n{figure.formula}\n\n"
        f"- Unit: {figure.unit}\n- Not included: {figure.leaves_out}\n"
        f"- Name in files: `{figure.name}`\n- Computed in: `{_path(figure)}`\n"
    )


def _path(figure: Figure) -> str:
    return f"zixly_data/{figure.where.replace('.', '/')}.py"


if __name__ == "__main__":
    FILE.write_text(page())
