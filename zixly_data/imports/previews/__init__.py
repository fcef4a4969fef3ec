"""Previews: what a proposal would do, for people to look at.

proposed_rows   new, changed and possibly repeated rows, and their sums
rejections      rejected rows, with the causes and a file to correct
"""

from zixly_data.imports.previews.proposed_rows import (
    AMOUNTS,
    PossibleDuplicates,
    ProposalTotals,
    ProposedChanges,
    ProposedRows,
    changes,
    duplicates,
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
    "changes",
    "duplicates",
    "rejected_file",
    "rejection_causes",
    "rejections",
    "rows",
    "sums",
    "totals",
    "unused_currencies",
]
