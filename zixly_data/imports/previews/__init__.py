"""Previews: what a proposal would do, for people to look at.

proposed_rows   new, changed and possibly repeated rows, removed lines, and their sums
rejections      rejected rows, with the causes and a file to correct
"""

from zixly_data.imports.previews.proposed_rows import (
    AMOUNTS,
    PossibleDuplicates,
    ProposalTotals,
    ProposedChanges,
    ProposedRows,
    RemovedLines,
    changes,
    duplicates,
    removed_lines,
    rows,
    sums,
    totals,
    unused_currencies,
)
from zixly_data.imports.previews.rejections import (
    RejectionCauses,
    Rejections,
    rejected_file,
    rejection_causes,
    rejections,
)

__all__ = [
    "AMOUNTS",
    "PossibleDuplicates",
    "ProposalTotals",
    "ProposedChanges",
    "ProposedRows",
    "RejectionCauses",
    "Rejections",
    "RemovedLines",
    "changes",
    "duplicates",
    "rejected_file",
    "rejection_causes",
    "rejections",
    "removed_lines",
    "rows",
    "sums",
    "totals",
    "unused_currencies",
]
