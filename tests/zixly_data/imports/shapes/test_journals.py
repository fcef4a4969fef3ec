"""Journals are recognised by their entries, whose debits are their credits."""

from __future__ import annotations

import pytest

from tests.zixly_data.imports.shapes.test_months_across import opened
from zixly_data.imports import FileRefused
from zixly_data.imports.cells.table import Table

JOURNAL = """Date,Account,Account Type,Client,Debit,Credit
13/02/2024,Sales,Income,Kea,,1000.00
13/02/2024,Accounts Receivable,Asset,Kea,1000.00,
"""
WAVE = """Transaction ID,Transaction Date,Account Name,Transaction Description,\
Amount (One column), ,Debit Amount (Two Column Approach),Credit Amount (Two Column Approach),\
Customer,Vendor,Account Group,Account Type
1001,2024-03-13,Accounts Receivable,Invoice 1,1100.00,,1100.00,,Harbour Cafe,,Asset,Receivable
1001,2024-03-13,Sales,Invoice 1,1000.00,,,1000.00,Harbour Cafe,,Income,Income
1001,2024-03-13,GST,Invoice 1,100.00,,,100.00,Harbour Cafe,,Liability,Sales Taxes
1002,2024-03-14,Office,Paper,55.10,,55.10,,,Officeworks,Expense,Operating Expense
1002,2024-03-14,Cash,Paper,-55.10,,,55.10,,Officeworks,Asset,Cash and Bank
"""
GNUCASH = """Date,Transaction ID,Number,Description,Full Account Name,Account Name,\
Amount With Sym,Amount Num.,Value Num.,Reconcile
13/03/2024,e3b1,INV-1,Harbour Cafe,Assets:Receivable,Receivable,"$1,000.00","1,000.00","1,000.00",n
,,,,Income:Sales,Sales,"-$1,000.00","-1,000.00","-1,000.00",n
14/03/2024,e3b2,,Officeworks,Expenses:Office,Office,$55.10,55.10,55.10,n
,,,,Assets:Bank,Bank,-$55.10,-55.10,-55.10,n
"""
QUICKBOOKS = """Acme
Journal
March 2024
,Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
,13/03/2024,Invoice,1001,Harbour Cafe,,Accounts Receivable,"$1,100.00",
,,,,Harbour Cafe,Retainer,Sales,,"1,000.00"
,,,,Harbour Cafe,,GST,,100.00
,,,,,,,"$1,100.00","$1,100.00"
,14/03/2024,Expense,,Officeworks,,Cash,,55.00
,,,,Officeworks,,Office,55.00,
,,,,,,,$55.00,$55.00
TOTAL,,,,,,,"$1,155.00","$1,155.00"
"""
IIF = """!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT
!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT
!ENDTRNS
TRNS\t1\tINVOICE\t3/13/2024\tAccounts Receivable\tHarbour Cafe\t1100
SPL\t2\tINVOICE\t3/13/2024\tSales\tHarbour Cafe\t-1100
ENDTRNS
"""
IIF_WITH_ACCOUNTS = """!ACCNT\tNAME\tREFNUM\tACCNTTYPE
ACCNT\tAR\t1\tAR
ACCNT\tSales\t2\tINC
!CUST\tNAME
CUST\tHarbour Cafe
!TRNS\tTRNSID\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\tMEMO
!SPL\tSPLID\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\tMEMO
!ENDTRNS
TRNS\t\tINVOICE\t7/16/2024\tAR\tHarbour Cafe\t"1,100.00"\t12\t"Retainer, June"
SPL\t\tINVOICE\t7/16/2024\tSales\t\t"-1,100.00"\t\t
ENDTRNS
"""


HLEDGER = """txnidx,date,status,code,description,account,amount,commodity,credit,debit
1,2024-03-13,,,Harbour Cafe,assets:receivable,1000.00,AUD,,1000.00
1,2024-03-13,,,Harbour Cafe,income:sales,-1000.00,AUD,1000.00,
2,2024-03-14,,,Officeworks,expenses:office,55.10,AUD,,55.10
2,2024-03-14,,,Officeworks,assets:bank,-55.10,AUD,55.10,
"""
MANUAL = """*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount
March sales,31/03/2024,Harbour Cafe,200,GST on Income,-1000.00
March sales,31/03/2024,Harbour Cafe,610,BAS Excluded,1000.00
Paper,31/03/2024,Officeworks,453,GST on Expenses,55.10
Paper,31/03/2024,Officeworks,800,BAS Excluded,-55.10
"""


def accounts(table: Table) -> list[tuple[object, ...]]:
    """Account, type, debit and credit of each row."""
    names = ("Account", "Account type", "Debit", "Credit")
    places = [table.header.index(name) for name in names]
    return list(zip(*(table.columns[place] for place in places), strict=True))


@pytest.mark.parametrize(
    "text", [JOURNAL, WAVE, GNUCASH, QUICKBOOKS, IIF, IIF_WITH_ACCOUNTS, HLEDGER, MANUAL]
)
def test_a_journal_says_that_both_sides_are_in_it(text: str) -> None:
    table = opened(text)
    assert table.is_journal
    assert any("both sides of each entry" in note for note in table.notes)


def test_a_journal_has_the_type_of_each_account_from_the_file() -> None:
    assert accounts(opened(JOURNAL)) == [
        ("Sales", "Income", None, "1000.00"),
        ("Accounts Receivable", "Asset", "1000.00", None),
    ]


def test_wave_s_two_columns_count_not_its_one() -> None:
    assert accounts(opened(WAVE))[1:4] == [
        ("Sales", "Income", None, "1000.00"),
        ("GST", "Sales Taxes", None, "100.00"),
        ("Office", "Operating Expense", "55.10", None),
    ]


def test_gnucash_s_signed_values_are_split_and_its_first_lines_filled_down() -> None:
    table = opened(GNUCASH)
    assert accounts(table) == [
        ("Assets:Receivable", "Assets", "1,000.00", None),
        ("Income:Sales", "Income", None, "1,000.00"),
        ("Expenses:Office", "Expenses", "55.10", None),
        ("Assets:Bank", "Assets", None, "55.10"),
    ]
    assert table.columns[0] == ("13/03/2024", "13/03/2024", "14/03/2024", "14/03/2024")
    assert table.columns[3] == ("Harbour Cafe", "Harbour Cafe", "Officeworks", "Officeworks")


def test_hledger_s_accounts_begin_with_their_type_and_xero_s_codes_have_none() -> None:
    assert accounts(opened(HLEDGER))[1] == ("income:sales", "income", None, "1000.00")
    assert accounts(opened(MANUAL))[0] == ("200", None, None, "1000.00")


def test_the_sums_below_each_entry_of_quickbooks_are_totals() -> None:
    table = opened(QUICKBOOKS)
    assert (table.lines, table.totals) == ((5, 6, 7, 9, 10), (8, 11, 12))
    assert accounts(table)[1] == ("Sales", None, None, "1,000.00")
    assert table.columns[0][:3] == ("13/03/2024",) * 3


def test_iif_is_a_table_with_debits_and_credits() -> None:
    table = opened(IIF)
    assert table.header == (
        "Date", "Type", "Account", "Account type", "Client", "Debit", "Credit",
    )  # fmt: skip
    assert table.lines == (4, 5)
    assert list(zip(*table.columns, strict=True))[1] == (
        "3/13/2024", "INVOICE", "Sales", None, "Harbour Cafe", None, "1100",
    )  # fmt: skip


def test_iif_gives_a_split_what_only_its_entry_says_and_types_from_its_accounts() -> None:
    table = opened(IIF_WITH_ACCOUNTS)
    assert list(zip(*table.columns, strict=True))[1] == (
        "7/16/2024", "INVOICE", "12", "Sales", "Income", "Harbour Cafe", None, None, "1,100.00",
    )  # fmt: skip
    assert table.notes[0] == (
        "The file also has lists without amounts, which are not imported: CUST (1)."
    )


def test_iif_without_transactions_is_refused_in_words() -> None:
    with pytest.raises(FileRefused, match="IIF file of QuickBooks with lists"):
        opened("!CUST\tNAME\nCUST\tHarbour Cafe\n")


@pytest.mark.parametrize(
    "text",
    [
        # A bank's account: money in and out, but one account.
        "Date,Account,Description,Debit,Credit\n2024-03-01,062,Rent,45.00,\n"
        "2024-03-01,062,Harbour,,45.00\n",
        # Invoices of a day that cancel each other.
        "Date,Account,Amount\n2024-03-01,Kea,100.00\n2024-03-01,Moa,-100.00\n",
        # A journal of which one side was exported.
        "Date,Account,Debit,Credit\n2024-03-01,Sales,,100.00\n2024-03-02,Office,20.00,\n",
        # A trial balance has no dates.
        "Account,Debit,Credit\nSales,,100.00\nBank,100.00,\n",
    ],
)
def test_a_table_with_one_side_is_no_journal(text: str) -> None:
    assert not opened(text).is_journal


def test_one_cell_that_is_no_amount_does_not_hide_a_journal() -> None:
    entries = "".join(
        f"{day},2024-03-{day:02},Bank,5.00,\n{day},2024-03-{day:02},Sales,,5.00\n"
        for day in range(1, 21)
    )
    text = f"Entry,Date,Account,Debit,Credit\n{entries}"
    assert opened(text).is_journal
    assert opened(text.replace("5.00", "see note", 1)).is_journal


def test_a_running_balance_is_a_bank_s_except_in_a_report_by_client() -> None:
    assert opened("Date,Description,Amount,Balance\n2024-03-01,Rent,-5.00,95.00\n").is_bank
    assert opened('01/03/2024,"-45.00","WOOLWORTHS"\n02/03/2024,"7.00","ACME"\n').is_bank
    assert not opened("Date,Client,Amount\n2024-03-01,Kea,5.00\n").is_bank
    assert not opened(JOURNAL).is_bank
