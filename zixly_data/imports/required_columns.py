"""The columns that a file of a kind needs, and what is missing."""

from __future__ import annotations

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.kinds import Kind, field_of, required
from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.cells.table import Table

_METRIC = ("metric_name",)
_DESCRIPTIONS = {
    "client_id": "the client (its external ID or name)",
    "lead_id": "the lead",
    "stage": "the stage that the lead reached",
    "date": "the date",
    "revenue": "the amount (revenue, expenses, or one amount in and out)",
    "metric_value": "the metric's value",
}


def missing_columns(kind: Kind, mapping: Mapping) -> list[str]:
    """Return a sentence for each required field of this kind that has no column.

    A metric is not among them: it may be said of all rows (see `needs_metric`).
    """
    return [f"No column is chosen for {_DESCRIPTIONS[name]}." for name in _missing(kind, mapping)]


def _missing(kind: Kind, mapping: Mapping) -> list[str]:
    """Return the first field of each required group without a column."""
    return [
        group[0]
        for group in required(kind)
        if group != _METRIC and not any(name in mapping.columns for name in group)
    ]


def needs_metric(kind: Kind, mapping: Mapping) -> bool:
    """Return whether nothing says which metric the rows are: neither a column nor an answer."""
    return (
        _METRIC in required(kind) and _METRIC[0] not in mapping.columns and mapping.metric is None
    )


def require_columns(kind: Kind, table: Table, mapping: Mapping) -> None:
    """Raise InvalidInput if a required column is not chosen, does not exist, or is chosen for two
    fields."""
    sentences = missing_columns(kind, mapping)
    if sentences:
        options = " ".join(f"--column {name}=HEADER" for name in _missing(kind, mapping))
        raise InvalidInput(
            " ".join(sentences),
            advice=f"Choose the missing columns, with {options} in the command.",
        )
    labels: dict[int, str] = {}
    for name, place in mapping.columns.items():
        label = field_of(kind, name).label
        if not 0 <= place < len(table.header):
            raise InvalidInput(f"The file has no column for “{label}”.", field=name,
                               advice="Choose another column.")  # fmt: skip
        if place in labels:
            raise InvalidInput(
                f"The column “{table.header[place]}” is used twice: for “{labels[place]}” and "
                f"for “{label}”.",
                field=name, advice="Choose another column for one of them.",
            )  # fmt: skip
        labels[place] = label
