"""Importing files: a proposal first, data only when it is confirmed, and a way back.

kinds        what can be imported, and what columns of files mean
files        bytes to tables of cells (delimited, workbook, layout)
recognition  which column says what
remembering  how a file with this header was read last time
values       cells to texts that PostgreSQL takes, exact (cell_numbers, cell_dates)
staging      rows of the file, ready or rejected (rows_of_kinds, client_rows; known, and
             clients_in_file: what they refer to)
matching     which of them are on record already (arrays, joins)
proposals    what the file would do; previews shows it
confirming   doing it, all or nothing
undoing      the imports there were, and taking one back (touched: where it cannot be)

opened = open_file(name, data)
mapping = suggest(identity, kind, opened.tables[0])
proposal = propose(identity, kind, opened, mapping)
imported = confirm(identity, proposal)
undo(identity, imported.id)
"""

from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, Mapping
from zixly_data.imports.confirming import Imported, Moved, confirm
from zixly_data.imports.files.opening import FileRefused, open_file
from zixly_data.imports.later_changes import ImportTouched, Touched
from zixly_data.imports.proposals import Action, Proposal, propose
from zixly_data.imports.recognition import guess_kind, missing
from zixly_data.imports.remembering import suggest
from zixly_data.imports.undoing import Imports, list_imports, undo

__all__ = [
    "ADD",
    "LEAVE_OUT",
    "Action",
    "FileRefused",
    "ImportTouched",
    "Imported",
    "Imports",
    "Kind",
    "Mapping",
    "Moved",
    "Proposal",
    "Touched",
    "confirm",
    "guess_kind",
    "list_imports",
    "missing",
    "open_file",
    "propose",
    "suggest",
    "undo",
]
