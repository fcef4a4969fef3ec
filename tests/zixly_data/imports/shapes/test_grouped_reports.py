"""Reports with the client in a line of its own: filled down if the shape is certain."""

from __future__ import annotations

import pytest

from tests.zixly_data.imports.shapes.test_months_across import opened

QUICKBOOKS = """Acme Services
Sales by Customer Detail
January - March 2024

,Transaction Date,Transaction Type,Num,Memo/Description,Quantity,Sales Price,Amount,Balance
Harbour Cafe,,,,,,,,
,13/03/2024,Invoice,1001,Retainer,1.00,1000.00,"1,000.00","1,000.00"
,14/03/2024,Invoice,1002,Retainer,1.00,500.00,500.00,"1,500.00"
Total for Harbour Cafe,,,,,,,"$1,500.00",
Kea,,,,,,,,
,15/03/2024,Credit Memo,1003,Workshop,1.00,250.00,-250.00,-250.00
Total for Kea,,,,,,,-$250.00,
TOTAL,,,,,,,"$1,250.00",


"Tuesday, Mar 05, 2024 09:05:02 AM GMT+11 - Accrual Basis"
"""
XERO = """Account Transactions
Acme Services
For the period 1 January 2024 to 31 March 2024

Date,Source,Description,Reference,Debit,Credit,Running Balance,Gross,GST

Sales
Opening Balance,,,,0.00,0.00,0.00,0.00,0.00
13 Jan 2024,Receivable Invoice,Harbour Cafe - Retainer,INV-1,0.00,1000.00,(1000.00),1100.00,100.00
14 Feb 2024,Receivable Invoice,Kea Group - Work,INV-2,0.00,500.00,(1500.00),550.00,50.00
Total Sales,,,,0.00,1500.00,(1500.00),1650.00,150.00
Closing Balance,,,,0.00,1500.00,(1500.00),0.00,0.00

Office Expenses
Opening Balance,,,,0.00,0.00,0.00,0.00,0.00
15 Jan 2024,Payable Invoice,Officeworks - Paper,,50.00,0.00,50.00,55.00,5.00
Total Office Expenses,,,,50.00,0.00,50.00,55.00,5.00
Closing Balance,,,,50.00,0.00,50.00,0.00,0.00

Total,,,,50.00,1500.00,(1450.00),1705.00,155.00
"""
GERMAN = """Kunde;Datum;Beleg;Betrag
Hafen Café;;;
;13.01.2024;R1;1.000,00
;14.01.2024;R2;500,00
Summe Hafen Café;;;1.500,00
Kea;;;
;15.01.2024;R3;250,00
Summe Kea;;;250,00
Gesamtsumme;;;1.750,00
"""


def test_quickbooks_customers_are_filled_into_an_unnamed_column() -> None:
    table = opened(QUICKBOOKS)
    assert table.header[:3] == ("Client", "Transaction Date", "Transaction Type")
    assert table.columns[0] == ("Harbour Cafe", "Harbour Cafe", "Kea")
    assert table.columns[7] == ("1,000.00", "500.00", "-250.00")
    assert (table.lines, table.totals) == ((7, 8, 11), (9, 12, 13, 16))
    assert table.notes == (
        "2 lines, such as “Harbour Cafe” in line 6, name the rows below. The name was added to "
        "each of those rows in the column “Client”.",
    )
    assert not table.is_bank


def test_xero_s_accounts_above_the_dates_become_a_column_of_their_own() -> None:
    table = opened(XERO)
    assert table.header[:2] == ("Account", "Date")
    assert table.columns[0] == ("Sales", "Sales", "Office Expenses")
    assert table.columns[1] == ("13 Jan 2024", "14 Feb 2024", "15 Jan 2024")
    assert table.totals == (11, 17, 20)
    assert table.notes[1] == (
        "Lines 8, 12, 15 and 18 hold opening or closing balances, which are left out."
    )


def test_a_column_of_its_own_keeps_its_name() -> None:
    table = opened(GERMAN)
    assert table.header == ("Kunde", "Datum", "Beleg", "Betrag")
    assert table.columns[0] == ("Hafen Café", "Hafen Café", "Kea")
    assert table.totals == (5, 8, 9)


def test_a_label_before_the_name_is_no_part_of_it() -> None:
    text = "Date,Invoice,Amount\nClient: Kea,,\n2024-03-01,1,5.00\nClient: Moa,,\n2024-03-02,2,7\n"
    table = opened(text)
    assert table.columns[0] == ("Kea", "Moa")


@pytest.mark.parametrize(
    "text",
    [
        # An ordinary list whose first client has nothing else.
        "client_name,industry,note\nAcme,,\nBeta,Retail,x\nGamma,Energy,y\n",
        # Clients alone, without rows below.
        "client_name,industry,note\nAcme,,\nBeta,,\nGamma,,\n",
        # A group within a group.
        "Client,Date,Amount\nHarbour,,\nSite A,,\n,2024-03-01,5\nKea,,\n,2024-03-02,7\n",
        # One group, and nothing that names it again.
        "Client,Date,Amount\nHarbour,,\n,2024-03-01,5\n,2024-03-02,7\n",
    ],
)
def test_a_table_without_certain_groups_stays_as_it_is(text: str) -> None:
    table = opened(text)
    assert table.lines == tuple(range(2, text.count("\n") + 1))
    assert not table.totals
    assert not any("The name was added" in note for note in table.notes)
