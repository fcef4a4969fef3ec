"""`docs/figures.md`, generated from `zixly_data.figures.definitions`. Run it to write the page."""

from __future__ import annotations

from pathlib import Path

from zixly_data.figures.definitions import FIGURES, OF_CHANGE, Figure

FILE = Path(__file__).parents[3] / "docs" / "figures.md"
HEAD = """\
# The figures

The definition of each profitability figure. Pages show the same text in the details of a figure
("Where this comes from"), together with the records behind it. This page is generated from
`zixly_data/figures/definitions.py` by `python -m tests.support.documents.figures_page`, and a test
compares the two.

Every figure is computed exactly, in the one module named with it. PostgreSQL adds up the records.
Totals and fractions are computed from its decimals. Amounts are sums of `numeric(14, 2)`. Fractions
are rounded to four places, half away from zero, and only at the end.

- **Currencies** are never added together. A figure is in one currency, or converted into one.
- **Days**: a record counts on its own calendar date, without a time zone. "Today" is the tenant's.
- **Comparisons**: a period that has not ended is compared with the same part of the earlier period,
  such as 1–22 November with 1–22 October, and the page shows this. Rows of time are compared with
  the row before, and with the same period of the year before.
- **Nothing is not zero**: where nothing was recorded there is no figure and no comparison.
"""


CHANGE = """\
# What changed

The parts of a change in profit between two periods. They are computed client by client, to the
cent, and add up to the exact change. `docs/adr/0010-margin-bridge.md` explains the choice of parts.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, *map(_definition, FIGURES.values()), CHANGE]
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
