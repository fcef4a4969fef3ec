"""Formats of text that are no tables are named; a table that begins like one is read."""

from __future__ import annotations

import pytest

from tests.zixly_data.imports.shapes.test_months_across import opened
from zixly_data.imports import FileRefused

QIF = "!Type:Bank\nD13/03/2024\nT2200.00\nPHARBOUR CAFE\n^\nD14/03/2024\nT-55.10\nPOFFICEWORKS\n^\n"
OFX_1 = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><SIGNONMSGSRSV1><SONRS></OFX>"
OFX_2 = '<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n<OFX><SIGNONMSGSRSV1/></OFX>'
MT940 = ":20:STARTUMSE\n:25:10020030/1234567\n:28C:00001/001\n:60F:C240301EUR1000,00\n"
SWIFT = "{1:F01BANKDEFFXXXX0000000000}{2:I940}{4:\n:20:X\n"
CAMT = '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>'
TABLE = "Client,Date,Revenue\nKea,2024-03-01,5.00\n"
MYOB = (
    "{}\r\nCo./Last Name\tFirst Name\tInvoice No.\tDate\tAmount\tCurrency Code\r\n"
    "Harbour Cafe\t\t00000101\t13/03/2024\t$1,000.00\tAUD\r\n\r\n"
    "Kea Group\t\t00000102\t14/03/2024\t$2,000.00\tAUD\r\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (QIF, "QIF, Quicken's format"),
        ("!Account\nNCash\nTCash\n^\n!Type:Cash\n", "QIF"),
        ("!Option:AutoSwitch\n!Account\nNSavings\n^\n", "QIF"),
        ("\ufeff" + QIF, "QIF"),
        (OFX_1, "OFX, a format for bank accounts"),
        (OFX_2, "OFX"),
        ("<OFX><SIGNONMSGSRSV1>", "OFX"),
        (MT940, "MT940, a format for bank statements"),
        (SWIFT, "MT940"),
        (CAMT, "CAMT (ISO 20022), an XML format for bank statements"),
        (CAMT.replace("camt.053", "pain.001"), "PAIN (ISO 20022), an XML format for payments"),
    ],
)
def test_a_format_of_banks_is_named_with_what_to_export_instead(text: str, name: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        opened(text)
    assert f"The file is {name}" in str(refusal.value)
    assert "choose CSV instead, or Excel" in (refusal.value.advice or "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rows><row>1</row></rows>", "XML"),
        ('<?xml version="1.0"?><rows/>', "XML"),
        ("<Workbook\n xmlns='urn:x'>" + "<Row/>" * 2000 + "</Workbook>\n", "XML"),
        ('{"clients": [1, 2', "JSON"),
        ("[1, 2, 3]", "JSON"),
        ('[\n {"client": "Acme"},\n', "JSON"),
        ("{}", "JSON"),
        ('{"client": "Acme"}\n{"client": "Beta"}\n', "JSON"),
    ],
)
def test_xml_and_json_are_named(text: str, name: str) -> None:
    with pytest.raises(FileRefused, match=f"The file is {name}, not a table"):
        opened(text)


@pytest.mark.parametrize(
    "title",
    [
        "{}", "{Draft}", "{Acme} Sales", "[Draft]", "[1] Sales", "<Draft> Sales", "<Header>",
        "<Sales 2024>", "<<<", "{\"Acme\"}", "!Important",
    ],
)  # fmt: skip
def test_a_title_that_begins_like_json_or_xml_is_a_title(title: str) -> None:
    table = opened(f"{title}\n{TABLE}")
    assert table.header == ("Client", "Date", "Revenue")
    assert table.lines == (3,)


def test_myob_s_braces_are_no_json() -> None:
    table = opened(MYOB)
    assert table.header[0] == "Co./Last Name"
    assert table.columns[4] == ("$1,000.00", "$2,000.00")
    assert table.lines == (3, 5)
