"""Where a command writes its rows, as CSV or a workbook: to standard output or to a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from zixly_data.cli import terminal
from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import to_csv
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.xlsx_file import to_xlsx

STANDARD_OUTPUT = "-"
Output = Annotated[
    str | None,
    typer.Option(
        "--output", metavar="FILE", help="Write csv or xlsx to this file; - for standard output."
    ),
]
Bom = Annotated[
    bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, which Excel needs.")
]


@dataclass(frozen=True)
class Destination:
    """A file, or standard output if `output` is None or `-`.

    A format other than those of `FileFormat` is printed for people. Raises InvalidInput for options
    that have no effect, and for a workbook that would fill the terminal.
    """

    output_format: StrEnum
    output: str | None = None
    has_bom: bool = False

    def __post_init__(self) -> None:
        if self.has_bom and self.file_format is not FileFormat.CSV:
            raise InvalidInput(
                "Only a CSV can begin with a byte order mark.",
                field="bom",
                advice="Remove --bom, or add --format csv.",
            )
        if self.output is not None and self.file_format is None:
            raise InvalidInput(
                "Only csv and xlsx are written to a file.",
                field="output",
                advice="Add --format csv or --format xlsx, or remove --output.",
            )
        if self.output is None and self.file_format is FileFormat.XLSX:
            raise InvalidInput(
                "A workbook is written to a file.", field="output", advice="Add --output FILE.xlsx."
            )

    @property
    def file_format(self) -> FileFormat | None:
        """The format of a file of rows; None for one that is printed for people."""
        is_of_file = self.output_format.value in list(FileFormat)
        return FileFormat(self.output_format.value) if is_of_file else None

    def write_frame(self, rows: pd.DataFrame) -> None:
        """Write all rows. Raises InvalidInput if the file cannot be written."""
        if self.file_format is FileFormat.XLSX:
            content = to_xlsx(rows)
        else:
            content = to_csv(rows, excel_bom=self.has_bom, line_end="\n")
        self.write([content])

    def write(self, pieces: Iterable[bytes]) -> None:
        """Write a file in pieces, whole or not at all. Raises InvalidInput."""
        if self.output is None or self.output == STANDARD_OUTPUT:
            for piece in pieces:
                terminal.result_bytes(piece)
            return
        file = Path(self.output)
        try:
            with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
                try:
                    unfinished.writelines(pieces)
                    unfinished.close()
                    os.replace(unfinished.name, file)
                except BaseException:
                    os.unlink(unfinished.name)
                    raise
        except OSError as error:
            raise InvalidInput(
                f"The file {file} cannot be written: {error.strerror}.",
                field="output",
                advice="Choose another file.",
            ) from None
