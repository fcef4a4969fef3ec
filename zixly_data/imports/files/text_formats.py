"""Text files that are no tables, recognised by how they begin, with what to export instead.

A first line `{}` or a title such as `<Draft>` or `[Draft]` is neither JSON nor XML.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn

from zixly_data.imports.files.refusal import AS_WORKBOOK, FileRefused

_START = 4000
_DOWNLOAD_AGAIN = "Sign in where the file comes from, download it again and import it."
_BANK_AS_CSV = "Where you downloaded it, choose CSV instead, or Excel, and import that file."
_WEB_PAGE = re.compile(r"<(?:!doctype html|html|head|body|table|div)[\s>/]")
# The beginnings of files of banks and of accounting programs, in small letters.
_QIF = re.compile(r"!(?:type:|account\b|option:|clear:)")
_OFX = re.compile(r"ofxheader\s*[:=]|<\?ofx\b|<ofx>")
_MT940 = re.compile(r":20:[^\n]*\n(?::21:[^\n]*\n)?:25p?:|\{1:f01")
_CAMT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt|pain)\.")
_XML_TAG = re.compile(r"<([a-z_][\w.:-]*)(?:\s[^<>]*)?/?>")
_JSON_OBJECT = re.compile(r"\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\[\s*\{\s*(?:\"|\})")


def refuse(data: bytes) -> None:
    """Raise FileRefused if the file is of a format that is no table; its name does not matter."""
    start = _text(data[:_START])
    if _QIF.match(start):
        _refuse("QIF, Quicken's format for bank accounts", _BANK_AS_CSV)
    if _OFX.match(start) or (start.startswith("<?xml") and _OFX.search(start)):
        _refuse("OFX, a format for bank accounts that Quicken and others read", _BANK_AS_CSV)
    if _MT940.match(start):
        _refuse("MT940, a format for bank statements", _BANK_AS_CSV)
    if start.startswith("<") and (match := _CAMT.search(start)):
        purpose = "bank statements" if match[1] == "camt" else "payments"
        _refuse(f"{match[1].upper()} (ISO 20022), an XML format for {purpose}", _BANK_AS_CSV)
    if _WEB_PAGE.match(start) or (start.startswith("<") and "<html" in start):
        raise FileRefused(
            "The file is a web page, not a table. It is often an error or a sign-in page that "
            "was saved under the name of the table.",
            advice=_DOWNLOAD_AGAIN,
        )
    if _is_xml(start, data):
        raise FileRefused("The file is XML, not a table.", advice=AS_WORKBOOK)
    if _is_json(start, data):
        raise FileRefused("The file is JSON, not a table.", advice=AS_WORKBOOK)


def _refuse(description: str, advice: str) -> NoReturn:
    raise FileRefused(f"The file is {description}. Zixly reads tables.", advice=advice)


def _is_xml(start: str, data: bytes) -> bool:
    """Return whether a declaration, or an element that is closed again, begins the file."""
    if start.startswith(("<?xml", "<!--", "<!doctype")):
        return True
    element = _XML_TAG.match(start)
    return element is not None and (
        element[0].endswith("/>")
        or f"</{element[1]}>" in start
        or _text(data[-_START:]).rstrip().endswith(f"</{element[1]}>")
    )


def _is_json(start: str, data: bytes) -> bool:
    """Return whether an object with a name, or a list of objects, begins the file, or is all."""
    if _JSON_OBJECT.match(start):
        return True
    if not start.startswith(("{", "[")):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _text(data: bytes) -> str:
    """Return bytes as text in small letters, whatever their encoding, without blanks in front."""
    bare = data.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    return bare.decode("latin-1").lstrip().lower()
