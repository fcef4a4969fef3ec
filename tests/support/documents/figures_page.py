"""`docs/figures.md`, made of `zixly_data.figures.definitions`. Run it to write it anew."""

from __future__ import annotations

from pathlib import Path

from zixly_data.figures.definitions import FIGURES, OF_CHANGE, Figure

FILE = Path(__file__).parents[3] / "docs" / "figures.md"
HEAD = """\
# The figures

What each figure of profitability is. Pages show the same words where a figure is opened ("How it is
made"), beside the records it is made of. `python -m tests.support.documents.figures_page` makes
this page from `zixly_data/figures/definitions.py`; a test holds it to that.

Each is computed exactly and in one place: the module named with it. PostgreSQL adds up the records;
totals over what it found, and fractions of these, are made of its decimals. Amounts are sums of
`numeric(14, 2)`; fractions are rounded to four places, half away from zero, and only at the end.

- **Currencies** are never added together. A figure is of one currency, or converted into one.
- **Days**: a record counts on its own calendar date, in no time zone. "Today" is the tenant's.
- **Comparisons**: a running period is compared as far as it has come, 1 to 22 November with 1 to 22
  October, and the page says so. Rows of time are compared with the row before, and with the same a
  year before.
- **Nothing is not zero**: where nothing was recorded there is no figure and no comparison.
"""


CHANGE = """\
# What changed

The parts of a change of profit between two periods. They are computed client by client, to the
cent, and add up to the change exactly; `docs/adr/0010-margin-bridge.md` says why they are these.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, *map(_definition, FIGURES.values()), CHANGE]
    return "\n".join([*parts, *map(_definition, OF_CHANGE.values())])


def _definition(figure: Figure) -> str:
    return (
        f"## {figure.label}\n\n{figure.formula}\n\n"
        f"- Unit: {figure.unit}\n- Left out: {figure.leaves_out}\n"
        f"- Name in files: `{figure.name}`\n- Computed in: `{_path(figure)}`\n"
    )


def _path(figure: Figure) -> str:
    return f"zixly_data/{figure.where.replace('.', '/')}.py"


if __name__ == "__main__":
    FILE.write_text(page())
