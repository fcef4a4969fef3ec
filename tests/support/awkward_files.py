"""Files as people have them, created byte by byte, each with its expected result.

`READ` are files with a table: its cells, its lines, the totals left out
and the words of its notes. `REFUSED` are files without a table, with the message of their refusal.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from zixly_data.imports.cells.table import Cell

HEADER = "client_name,record_date,revenue"
NAMES = ("client_name", "record_date", "revenue")
ACME = ("Acme Pty Ltd", "1/03/2024", "1,234.50")
BETA = ("Beta & Söhne", "15/03/2024", "-500.00")
TWO_ROWS = f'{HEADER}\r\nAcme Pty Ltd,1/03/2024,"1,234.50"\r\nBeta & Söhne,15/03/2024,-500.00\r\n'


@dataclass(frozen=True)
class Awkward:
    """A file with a table. `notes` are words that its notes must contain, in this order."""

    name: str
    data: Callable[[], bytes]
    rows: list[tuple[Cell, ...]]
    header: tuple[str, ...] = NAMES
    lines: tuple[int, ...] = (2, 3)
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A file without a table, and the beginning of its message."""

    name: str
    data: Callable[[], bytes]
    sentence: str


def text(content: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    """A text file."""
    return lambda: content.encode(encoding)


def workbook(*rows: Iterable[Any], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook's bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def patched(data: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with one of its parts changed, as no library would write it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.infolist():
            content = before.read(entry).decode()
            if entry.filename == part:
                assert old in content, content[:2000]
                content = content.replace(old, new)
            after.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _formulas() -> bytes:
    book = workbook(NAMES, ["Acme", date(2024, 3, 1), "=100*12.5"], ["Beta", date(2024, 3, 2), 7])
    return patched(book, "xl/worksheets/sheet1.xml", "<v /></c>", "<v>1250</v></c>")


def _empty_results() -> bytes:
    book = workbook(NAMES, ["Acme", date(2024, 3, 1), '=IF(TRUE,"",1)'], ["B", "x", 7])
    return patched(
        book, "xl/worksheets/sheet1.xml", '<c r="C2"><f>', '<c r="C2" t="str"><f>'
    )  # fmt: skip


def _errors() -> bytes:
    return workbook(NAMES, ["Acme", date(2024, 3, 1), "#REF!"], ["Beta", date(2024, 3, 2), 7])


def _percentages() -> bytes:
    def shown(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "0.0%"

    return workbook(
        ("client_name", "metric", "value"), ["Acme", "Utilisation", 0.125], ["Acme", "Score", 7],
        change=shown,
    )  # fmt: skip


def _merged() -> bytes:
    def merge(sheet: Worksheet) -> None:
        for cells in ("A2:A4", "B2:B3", "C2:C3"):
            sheet.merge_cells(cells)

    return workbook(
        NAMES, ["Acme", date(2024, 3, 1), 100], [None, None, None], [None, date(2024, 3, 3), 7],
        ["Beta", date(2024, 3, 4), 8], change=merge,
    )  # fmt: skip


def _merged_header() -> bytes:
    def merge(sheet: Worksheet) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:D1"):
            sheet.merge_cells(cells)

    return workbook(
        ["Client", "Date", "Money", None], [None, None, "Revenue", "Expenses"],
        ["Acme", date(2024, 3, 1), 100, 5], change=merge,
    )  # fmt: skip


def several_sheets() -> bytes:
    """A note, an empty sheet, a hidden table and a table."""
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["Figures of the year, second sheet"])
    book.create_sheet("Empty")
    for name in ("2023", "2024"):
        sheet = book.create_sheet(name)
        sheet.append(list(NAMES))
        sheet.append(["Acme", date(int(name), 3, 1), 5])
    book["2023"].sheet_state = "hidden"
    return saved(book)


def _far_cells() -> bytes:
    def far(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "far away"

    return workbook(NAMES, ["Acme", date(2024, 3, 1), 5], change=far)


def bomb() -> bytes:
    """A workbook with 60 MB of blanks in a few kB."""
    good = workbook(NAMES, ["Acme", date(2024, 3, 1), 5])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "xl/worksheets/sheet1.xml": b" " * 60_000_000})


def _many_rows(rows: int) -> Callable[[], bytes]:
    return lambda: (f"{HEADER}\n" + "Acme,2024-03-01,5.00\n" * rows).encode()


_PLAIN = [ACME, BETA]
_A1 = ("Acme", "2024-03-01", "5.00")
_B2 = ("Beta", "2024-03-02", "7.00")
_TWO = f"{HEADER}\nAcme,2024-03-01,5.00\nBeta,2024-03-02,7.00\n"

READ = [
    Awkward("UTF-8", text(TWO_ROWS), _PLAIN),
    Awkward("UTF-8 with BOM", text(TWO_ROWS, "utf-8-sig"), _PLAIN),
    Awkward("UTF-16 with BOM", text(TWO_ROWS, "utf-16"), _PLAIN),
    Awkward("UTF-16 LE without BOM", text(TWO_ROWS, "utf-16-le"), _PLAIN),
    Awkward("UTF-16 BE without BOM", text(TWO_ROWS, "utf-16-be"), _PLAIN),
    Awkward("UTF-16 BE with BOM", text("\ufeff" + TWO_ROWS, "utf-16-be"), _PLAIN),
    Awkward("Windows-1252", text(TWO_ROWS, "cp1252"), _PLAIN, notes=("Windows-1252",)),
    Awkward(
        "Windows-1252 with a euro and a curly apostrophe",
        text(f"{HEADER}\nNick’s Café,2024-03-01,€5\n", "cp1252"),
        [("Nick’s Café", "2024-03-01", "€5")], lines=(2,), notes=("Windows-1252",),
    ),
    Awkward("line feeds alone", text(TWO_ROWS.replace("\r\n", "\n")), _PLAIN),
    Awkward("carriage returns alone", text(TWO_ROWS.replace("\r\n", "\r")), _PLAIN),
    Awkward("no last line end", text(TWO_ROWS.rstrip()), _PLAIN),
    Awkward(
        "semicolons and decimal commas",
        text("Kunde;Datum;Umsatz\nAcme;1.3.2024;1.234,50\nBeta;2.3.2024;7,5\n"),
        [("Acme", "1.3.2024", "1.234,50"), ("Beta", "2.3.2024", "7,5")],
        header=("Kunde", "Datum", "Umsatz"),
    ),
    Awkward("tabs", text(_TWO.replace(",", "\t")), [_A1, _B2]),
    Awkward("bars", text(_TWO.replace(",", "|")), [_A1, _B2]),
    Awkward("Excel's sep line", text("sep=;\r\n" + _TWO.replace(",", ";")), [_A1, _B2],
            lines=(3, 4)),
    Awkward("Excel's sep line for tabs", text("sep=\t\n" + _TWO.replace(",", "\t")), [_A1, _B2],
            lines=(3, 4)),
    Awkward(
        "semicolons, each with a comma in the text",
        text("client_name;revenue\nAcme, Sydney;5\nBeta, Perth;7\n"),
        [("Acme, Sydney", "5"), ("Beta, Perth", "7")], header=("client_name", "revenue"),
    ),
    Awkward(
        "quoted line breaks",
        text(f'{HEADER},note\nAcme,2024-03-01,5,"one\r\ntwo\n\nfour"\n'
             'Beta,2024-03-02,7,"say ""x"""\n'),
        [("Acme", "2024-03-01", "5", "one\r\ntwo\n\nfour"), ("Beta", "2024-03-02", "7", 'say "x"')],
        header=(*NAMES, "note"), lines=(2, 6),
    ),
    Awkward(
        "a quotation mark within a cell",
        text(f'{HEADER}\n"Big" Bob,2024-03-01,5.00\nPipe 5",2024-03-02,7.00\n'),
        [("Big Bob", "2024-03-01", "5.00"), ('Pipe 5"', "2024-03-02", "7.00")],
    ),
    Awkward("blank lines", text(_TWO.replace("\nBeta", "\n\n , ,\n\nBeta") + "\n\n,,\n"),
            [_A1, _B2], lines=(2, 6)),
    Awkward("title lines", text(f"ABC Construction\n\n\"Sales by client, March 2024\"\n{_TWO}"),
            [_A1, _B2], lines=(5, 6)),
    Awkward("trailing delimiters", text(_TWO.replace("\n", ",,,\n")), [_A1, _B2]),
    Awkward(
        "an unnamed column with cells", text("client_name,,revenue\nAcme,x,5\nBeta,,7\n"),
        [("Acme", "x", "5"), ("Beta", None, "7")], header=("client_name", "(column 2)", "revenue"),
    ),
    Awkward(
        "rows too short and too long", text(f"{HEADER}\nAcme\nBeta,2024-03-02,7.00,more\n"),
        [("Acme", None, None, None), (*_B2, "more")], header=(*NAMES, "(column 4)"),
        notes=("Line 3 has more cells than the header.",),
    ),
    Awkward(
        "duplicate headers", text("client_name,Amount,Amount\nAcme,,5\nBeta,,7\n"),
        [("Acme", None, "5"), ("Beta", None, "7")], header=("client_name", "Amount", "Amount"),
        notes=("2 columns are called “Amount”. The first one with values is suggested.",),
    ),
    Awkward("the header again", text(_TWO.replace("Beta", f"{HEADER}\nBeta")), [_A1, _B2],
            lines=(2, 4), notes=("Line 3 has the header again, which is left out.",)),
    Awkward("a total", text(f"{_TWO}Total,,12.00\n"), [_A1, _B2], totals=(4,)),
    Awkward("a total that is not the sum", text(f"{_TWO}TOTAL:,,99\n"), [_A1, _B2], totals=(4,)),
    Awkward("a sum without a word", text(f"{_TWO},,12.00\n"), [_A1, _B2], totals=(4,)),
    Awkward("a total in the date's column", text(f"{_TWO},Total,12\n"), [_A1, _B2], totals=(4,)),
    Awkward("a total and a last line", text(f"{_TWO}Grand Total,,12\n\nPrinted on 3 March\n"),
            [_A1, _B2], totals=(4, 6)),
    Awkward(
        "totals of each client",
        text(f"{HEADER}\nAcme,2024-03-01,5.00\nTotal Acme,,5\nBeta,2024-03-02,7.00\n"
             "Total Beta,,7\nTotal,,12\n"),
        [_A1, _B2], lines=(2, 4), totals=(3, 5, 6),
    ),
    Awkward("a client called Total Tools", text(f"{_TWO}Total Tools,2024-03-03,12\n"),
            [_A1, _B2, ("Total Tools", "2024-03-03", "12")], lines=(2, 3, 4)),
    Awkward("a client called Total", text(f"{_TWO}Total,2024-03-03,12\n"),
            [_A1, _B2, ("Total", "2024-03-03", "12")], lines=(2, 3, 4)),
    Awkward("a client called Total Tools without a date", text(f"{_TWO}Total Tools,,13\n"),
            [_A1, _B2, ("Total Tools", None, "13")], lines=(2, 3, 4)),
    Awkward("a last row without client and date that is no sum", text(f"{_TWO},,13\n"),
            [_A1, _B2, (None, None, "13")], lines=(2, 3, 4)),
    Awkward("a last line without a total", text(f"{_TWO}Printed on 3 March\n"),
            [_A1, _B2, ("Printed on 3 March", None, None)], lines=(2, 3, 4)),
    Awkward(
        "a list of clients with Total in it",
        text("client_id,client_name,industry\nT-1,Total,Energy\nT-2,Total,\n"),
        [("T-1", "Total", "Energy"), ("T-2", "Total", None)],
        header=("client_id", "client_name", "industry"),
    ),
    Awkward(
        "a bank's file without a header",
        text('01/03/2024,"-45.00","WOOLWORTHS 1234","+1234.50"\n'
             '02/03/2024,"7.00","ACME","+1241.50"\n'),
        [("01/03/2024", "-45.00", "WOOLWORTHS 1234", "+1234.50"),
         ("02/03/2024", "7.00", "ACME", "+1241.50")],
        header=("Date", "Amount", "Description", "Balance"), lines=(1, 2), notes=("of a bank",),
    ),
    Awkward(
        "a workbook",
        lambda: workbook(NAMES, ["Acme", datetime(2024, 3, 1, 13, 5), 0.1 + 0.2],
                         ["B", 45353, True]),
        [("Acme", date(2024, 3, 1), Decimal("0.3")), ("B", Decimal(45353), True)],
    ),
    Awkward(
        "a workbook with titles, a blank column and a total",
        lambda: workbook(["Sales"], [], [None, *NAMES], [None, "Acme", date(2024, 3, 1), 5],
                         [None, "Beta", date(2024, 3, 2), 7], [None, "Total", None, 12]),
        [("Acme", date(2024, 3, 1), Decimal(5)), ("Beta", date(2024, 3, 2), Decimal(7))],
        lines=(4, 5), totals=(6,),
    ),
    Awkward("a workbook called .csv", lambda: workbook(NAMES, ["Acme", "x", 5]),
            [("Acme", "x", Decimal(5))], lines=(2,)),
    Awkward("formulas", _formulas,
            [("Acme", date(2024, 3, 1), Decimal(1250)), ("Beta", date(2024, 3, 2), Decimal(7))],
            notes=("formulas. Their stored results were read",)),
    Awkward(
        "formulas without results",
        lambda: workbook(NAMES, ["Acme", date(2024, 3, 1), "=2*5"], ["Beta", date(2024, 3, 2), 7]),
        [("Acme", date(2024, 3, 1), "#NORESULT!"), ("Beta", date(2024, 3, 2), Decimal(7))],
        notes=("formulas",),
    ),
    Awkward("formulas whose result is nothing", _empty_results,
            [("Acme", date(2024, 3, 1), None), ("B", "x", Decimal(7))], notes=("formulas",)),
    Awkward("error cells", _errors,
            [("Acme", date(2024, 3, 1), "#REF!"), ("Beta", date(2024, 3, 2), Decimal(7))]),
    Awkward(
        "percentages", _percentages,
        [("Acme", "Utilisation", Decimal("12.5")), ("Acme", "Score", Decimal(7))],
        header=("client_name", "metric", "value"),
    ),
    Awkward(
        "merged cells", _merged,
        [("Acme", date(2024, 3, 1), Decimal(100)), ("Acme", date(2024, 3, 3), Decimal(7)),
         ("Beta", date(2024, 3, 4), Decimal(8))],
        lines=(2, 4, 5), notes=("Cells are merged downwards (A2:A4, B2:B3, C2:C3)",),
    ),
    Awkward("a header on two lines, merged", _merged_header,
            [("Acme", date(2024, 3, 1), Decimal(100), Decimal(5))],
            header=("Client", "Date", "Revenue", "Expenses"), lines=(3,), notes=("merged",)),
    Awkward("200,000 rows", _many_rows(200_000), [_A1] * 200_000, lines=tuple(range(2, 200_002))),
]  # fmt: skip

_DATA = f"{HEADER}\nAcme,2024-03-01,5\n"
REFUSED = [
    Refused("empty", text(""), "The file is empty."),
    Refused("blank", text("\ufeff \r\n\n"), "The file is empty."),
    Refused("above the limit", lambda: b"x" * (50 * 1024 * 1024 + 1),
            "The file has 50 MB, over the limit of 50 MB."),
    Refused("too many rows", _many_rows(250_001), "The table has more than 250,000 rows."),
    Refused("too many columns", text(",".join(f"c{x}" for x in range(400)) + "\n"),
            "Line 1 has 400 columns, over the limit of 300."),
    Refused("too many cells", text(",".join(f"c{x}" for x in range(200)) + "\n" + "1,\n" * 30_000),
            "The table has more than 4,000,000 cells."),
    Refused("a zip called .csv", lambda: zipped({"figures.csv": _DATA.encode()}),
            "The file is a zip archive, regardless of its name."),
    Refused("half a workbook", lambda: workbook(NAMES, ["Acme", 1, 5])[:2000],
            "The file is damaged. It begins like an Excel workbook but cannot be unpacked."),
    Refused("a workbook of junk", lambda: zipped({"xl/workbook.xml": b"junk"}),
            "The workbook could not be read"),
    Refused("a bomb", bomb, "The workbook unpacks to"),
    Refused("two cells at the ends of a sheet", _far_cells, "The workbook could not be read"),
    Refused("an error page called .csv", text("\n <!DOCTYPE html><html><h1>502</h1></html>"),
            "The file is a web page, not a table."),
    Refused("a web page in UTF-16", text("<html><table><tr><td>a,b,c", "utf-16"),
            "The file is a web page, not a table."),
    Refused("XML", text('<?xml version="1.0"?><rows/>'), "The file is XML, not a table."),
    Refused("JSON", text('[{"client": "Acme"}]'), "The file is JSON, not a table."),
    Refused("a PDF", lambda: b"%PDF-1.7\n", "The file is a PDF, not a table."),
    Refused("a picture", lambda: b"\x89PNG\r\n\x1a\n\x00\x00",
            "The file is a picture, not a table."),
    Refused("an old workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "The file is an old Excel workbook (.xls)"),
    Refused(
        "a workbook with a password",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "The workbook is protected with a password.",
    ),
    Refused("an OpenDocument spreadsheet",
            lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            "The file is an OpenDocument spreadsheet (.ods)."),
    Refused("a binary workbook", lambda: zipped({"xl/workbook.bin": b"x"}),
            "The file is a binary Excel workbook (.xlsb)."),
    Refused("a Numbers document", lambda: zipped({"Index/Document.iwa": b"x"}),
            "The file is an Apple Numbers document."),
    Refused("a Word document", lambda: zipped({"word/document.xml": b"x"}),
            "The file is a Word document."),
    Refused("zero bytes", lambda: _DATA.encode() + b"\x00\x00",
            "The file is not a table. It has bytes"),
    Refused("zero bytes in UTF-16", text(f"{_DATA}\x00", "utf-16"),
            "The file is not a table. It has bytes"),
    Refused("two encodings", lambda: f"{_DATA}Söhne,,5\n".encode() + "Café,,7\n".encode("cp1252"),
            "The file mixes two encodings, so some of its characters cannot be read (line 4)."),
    Refused("no encoding", lambda: _DATA.encode() + b"\x81\x8d\x8f,,7\n",
            "The characters in the file cannot be read."),
    Refused("a quotation mark never closed", text(f'{_DATA}"Beta,2024-03-02,7\nC,2024-03-03,8\n'),
            "The quotation mark that opens on line 3 is not closed"),
    Refused(
        "a quotation mark closed rows later",
        text(f'{_DATA}"Beta,2024-03-02,7\nC,2024-03-03,8\nD,2024-03-04,"nine"\n'),
        "The quotation mark that opens on line 3 is not closed",
    ),
    Refused("only a header", text(f"Sales\n{HEADER}\n"),
            "The file has column names but no rows below them."),
    Refused("no header", text("Acme,2024-03-01,5\nBeta,2024-03-02,7\n"),
            "The file has no line with column names."),
    Refused("a list of clients without a header", text("C-1,Acme,Energy\nC-2,Beta,Retail\n"),
            "The file has no line with column names."),
    Refused("a column for each day",
            text("Client,1/1/2024,1/2/2024,1/3/2024\nAcme,1,2,3\nBeta,4,5,6\n"),
            "The names of the columns are dates, but they do not name different months in order"),
    Refused("an empty workbook", lambda: workbook(), "The workbook has no cells."),
    Refused("a workbook with a header alone", lambda: workbook(NAMES),
            "The file has column names but no rows below them."),
]  # fmt: skip
