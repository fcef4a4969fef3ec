"""Files as other programs export them, with the columns that say what their rows are.

Each has the right sums of revenue and expenses once every suggestion is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_XERO = (
    "ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,TaxTotal,InvoiceAmountPaid,Description,"
    "Quantity,UnitAmount,LineAmount,AccountCode,TaxType,TaxAmount,Currency,Type,Sent,Status\n"
)


def _xero(*rows: str) -> str:
    """Rows of `number|total|tax|line|tax of the line|description|type|status`."""
    lines = []
    for row in rows:
        number, total, tax, line, line_tax, description, kind, status = row.split("|")
        lines.append(
            f"Kea,{number},13/03/2024,13/04/2024,{total},{tax},{total},{description},1.0000,{line},"
            f"{line},200,GST on Income,{line_tax},AUD,{kind},Sent,{status}\n"
        )
    return _XERO + "".join(lines)


@dataclass(frozen=True)
class ExportedFile:
    """A file with the sums of its rows in AUD, or in EUR if that is its currency; `notes` are told
    about it, `columns` chosen by hand, `answers` parts of the mapping."""

    text: str
    revenue: str
    expenses: str
    notes: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)


FILES: dict[str, ExportedFile] = {
    "xero sales": ExportedFile(
        _xero(
            "INV-0101|1100.0000|100.0000|1000.0000|100.0000|January|Sales invoice|Paid",
            "INV-0102|2200.0000|200.0000|1000.0000|100.0000|Build|Sales invoice|Paid",
            "INV-0102|2200.0000|200.0000|1000.0000|100.0000|Support|Sales invoice|Paid",
            "INV-0103|3300.0000|300.0000|2000.0000|200.0000|Talk|Sales invoice|Awaiting Payment",
            "INV-0103|3300.0000|300.0000|1000.0000|100.0000|Later|Sales invoice|Awaiting Payment",
            "INV-0104|5500.0000|500.0000|5000.0000|500.0000|Wrong|Sales invoice|Voided",
            "INV-0105|7700.0000|700.0000|7000.0000|700.0000|Not sent|Sales invoice|Draft",
            "CN-0001|550.0000|50.0000|500.0000|50.0000|Credit|Sales credit note|Paid",
            "|300.0000|0.0000|300.0000|0.0000|Overpaid|Sales overpayment|Paid",
        ),
        "5500.00", "0.00",
        ("2 lines repeat the total of their document, which is counted once.",
         "Revenue is net of AUD 550.00 GST."),
    ),
    "xero bills": ExportedFile(
        _xero(
            "B-881|220.0000|20.0000|200.0000|20.0000|Hosting|Bill|Paid",
            "B-882|1100.0000|100.0000|1000.0000|100.0000|Rent|Bill|Paid",
        ),
        "0.00", "1200.00", ("Expenses are net of AUD 120.00 GST.",),
    ),
    "xero bills and a credit note": ExportedFile(
        _xero(
            "B-881|220.0000|20.0000|200.0000|20.0000|Hosting|Bill|Paid",
            "B-883|55.0000|5.0000|50.0000|5.0000|Less|Bill credit note|Paid",
            "B-884|55.0000|5.0000|50.0000|5.0000|Deleted|Bill|Deleted",
        ),
        "0.00", "150.00", ("Expenses are net of AUD 15.00 GST.",),
    ),
    "xero by line, tax exclusive": ExportedFile(
        _xero(
            "INV-1|1650.0000|150.0000|1000.0000|100.0000|Build|Sales invoice|Paid",
            "INV-1|1650.0000|150.0000|500.0000|50.0000|Support|Sales invoice|Paid",
        ),
        "1500.00", "0.00", columns={"amount": "LineAmount", "tax": "TaxAmount"},
    ),
    "xero by line, tax inclusive": ExportedFile(
        _xero(
            "INV-1|1650.0000|150.0000|1100.0000|100.0000|Build|Sales invoice|Paid",
            "INV-1|1650.0000|150.0000|550.0000|50.0000|Support|Sales invoice|Paid",
        ),
        "1500.00", "0.00", ("Revenue is net of AUD 150.00 GST.",),
        columns={"amount": "LineAmount", "tax": "TaxTotal"},
    ),
    "zoho invoices": ExportedFile(
        "Invoice Date,Invoice Number,Invoice Status,Customer Name,Currency Code,Item Name,Quantity,"
        "Item Price,Item Total,SubTotal,Total,Balance,Item Tax %,Item Tax Amount\n"
        "2024-03-01,INV-1,Closed,Kea,AUD,Design,1,1000,1000.00,1500.00,1650.00,0.00,10,100.00\n"
        "2024-03-01,INV-1,Closed,Kea,AUD,Build,1,500,500.00,1500.00,1650.00,0.00,10,50.00\n"
        "2024-03-02,INV-2,Void,Kea,AUD,Build,1,500,500.00,500.00,550.00,0.00,10,50.00\n",
        "1500.00", "0.00",
        ("1 line repeats the total of its document, which is counted once.",
         "Revenue is net of AUD 150.00 tax."),
    ),
    "freshbooks invoices": ExportedFile(
        "Client Name,Invoice #,Date Issued,Invoice Status,Item Name,Rate,Quantity,Line Subtotal,"
        "Tax 1 Type,Tax 1 Amount,Line Total,Currency\n"
        "Kea,0001,2024-03-01,Paid,Design,100,2,200.00,GST,20.00,220.00,AUD\n"
        "Kea,0001,2024-03-01,Paid,Build,100,1,100.00,GST,10.00,110.00,AUD\n"
        "Kea,0002,2024-03-02,Draft,Build,100,1,100.00,GST,10.00,110.00,AUD\n",
        "300.00", "0.00",
    ),
    "lexoffice vouchers": ExportedFile(
        "Belegdatum;Belegnummer;Kunde;Typ;Status;Steuerbetrag;Bruttobetrag;Währung\n"
        "13.03.2024;RE-1;Kea;Rechnung;bezahlt;190,00;1.190,00;Euro\n"
        "14.03.2024;RE-2;Kea;Rechnung;storniert;95,00;595,00;EUR\n"
        "15.03.2024;GS-1;Kea;Gutschrift;offen;19,00;119,00;EUR\n"
        "16.03.2024;ER-1;Kea;Eingangsrechnung;bezahlt;9,50;59,50;EUR\n",
        "900.00", "50.00",
        ("Revenue is net of EUR 171.00 tax.", "Expenses are net of EUR 9.50 tax."),
        columns={"client_name": "Kunde", "currency": "Währung"},
    ),
    "quickbooks transactions": ExportedFile(
        "Date,Transaction Type,Num,Name,Memo/Description,Account,Amount\n"
        "01/03/2024,Invoice,1001,Kea,x,Sales,1000.00\n"
        "02/03/2024,Payment,,Kea,x,Bank,1000.00\n"
        "03/03/2024,Credit Memo,1002,Kea,x,Sales,-100.00\n"
        "15/03/2024,Bill,77,Kea,x,Hosting,50.00\n"
        "16/03/2024,Estimate,5,Kea,x,Sales,9999.00\n",
        "900.00", "50.00", columns={"client_name": "Name"},
    ),
    "stripe balance": ExportedFile(
        "id,Type,Source,Amount,Fee,Net,Currency,Date,Customer\n"
        "txn_1,charge,ch_1,110.00,3.00,107.00,aud,2024-03-01,Kea\n"
        "txn_2,refund,re_1,-10.00,0.00,-10.00,aud,2024-03-02,Kea\n"
        "txn_3,payout,po_1,-97.00,0.00,-97.00,aud,2024-03-03,\n",
        "100.00", "0.00",
    ),
    "myob sales": ExportedFile(
        "Co./Last Name\tInvoice No.\tDate\tDescription\tAmount\tInc-Tax Amount\tTax Code\t"
        "Sale Status\tCurrency Code\n"
        "Kea\t1\t13/03/2024\tRetainer\t$1,000.00\t$1,100.00\tGST\tI\tAUD\n"
        "Kea\t2\t14/03/2024\tWorkshop\t$2,000.00\t$2,200.00\tGST\tI\tAUD\n",
        "3000.00", "0.00",
    ),
    "myob sales and a quote": ExportedFile(
        "Co./Last Name\tInvoice No.\tDate\tAmount\tInc-Tax Amount\tTax Code\tSale Status\n"
        "Kea\t1\t13/03/2024\t$1,000.00\t$1,100.00\tGST\tI\n"
        "Kea\t2\t14/03/2024\t$2,000.00\t$2,200.00\tGST\tQ\n",
        "1000.00", "0.00",
    ),
    "income and expense": ExportedFile(
        "Client,Month,Amount,Type\nKea,Dec 2026,15000,Income\nKea,Dec 2026,8000,Expense\n",
        "15000.00", "8000.00",
    ),
    "expenses with a sign": ExportedFile(
        "Client,Date,Amount,Type\nKea,2024-03-13,110.00,Income\nKea,2024-03-14,-20.00,Expense\n",
        "110.00", "20.00",
        ("“Amount” has negative amounts for expenses. They are read as expenses.",),
    ),
    "ausgaben": ExportedFile(
        "Client,Date,Amount,Art\nKea,2024-03-13,110.00,Einnahme\nKea,2024-03-14,20.00,Ausgabe\n",
        "110.00", "20.00",
    ),
    "a credit note with a sign": ExportedFile(
        "Client,Date,Amount,Type\nKea,2024-03-01,1000,Invoice\nKea,2024-03-02,-400,Credit note\n",
        "600.00", "0.00",
    ),
    "a credit note without a sign": ExportedFile(
        "Client,Date,Amount,Type\nKea,2024-03-01,1000,Invoice\nKea,2024-03-02,400,Gutschrift\n",
        "600.00", "0.00",
    ),
    "debit and credit": ExportedFile(
        "Client,Date,Amount,DR/CR\nKea,2024-03-13,110.00,CR\nKea,2024-03-14,220.00,DR\n",
        "110.00", "220.00",
    ),
    "account types": ExportedFile(
        "Date,Account,Account Type,Client,Debit,Credit\n"
        "13/02/2024,Sales,Income,Kea,,1000.00\n"
        "13/02/2024,GST,Liability,Kea,,100.00\n"
        "13/02/2024,Accounts Receivable,Asset,Kea,1100.00,\n"
        "14/02/2024,Rent,Expense,Kea,30.00,\n"
        "14/02/2024,Bank,Asset,Kea,,30.00\n",
        "1000.00", "30.00",
    ),
    "net beside tax and total": ExportedFile(
        "Client,Date,Amount,GST,Total\nKea,2024-03-13,100,10,110.00\nKea,2024-03-14,220,22,242\n",
        "320.00", "0.00",
    ),
    "an amount with a column of tax": ExportedFile(
        "Client,Date,Amount,GST\nKea,2024-03-13,110,10.00\nKea,2024-03-14,-220,-20.00\n",
        "-100.00", "0.00", ("Revenue is net of AUD -10.00 GST.",),
        answers={"tax": "COLUMN", "negative": "CREDIT"},
    ),
    "gross at a rate": ExportedFile(
        "Client,Date,Amount (inc GST)\nKea,2024-03-13,110.00\nKea,2024-03-14,0.10\n",
        "100.09", "0.00", ("Revenue is net of AUD 10.01 tax at 10%.",),
        answers={"tax": "10"},
    ),
    "lines of a document at a rate": ExportedFile(
        "Client,Date,Invoice No,Gross\n"
        "Kea,2024-03-13,7,10.05\nKea,2024-03-13,7,20.06\nKea,2024-03-13,7,30.07\n",
        "54.71", "0.00", ("Revenue is net of AUD 5.47 tax at 10%.",), answers={"tax": "10"},
    ),
    "both sides at a rate": ExportedFile(
        "Client,Date,Revenue,Expenses\nKea,2024-03-13,110.00,55.00\nKea,2024-03-14,0,11.00\n",
        "100.00", "60.00",
        ("Revenue is net of AUD 10.00 tax at 10%.", "Expenses are net of AUD 6.00 tax at 10%."),
        answers={"tax": "10"},
    ),
    "both sides with a column of tax": ExportedFile(
        "Client,Date,Revenue,Expenses,GST\nKea,2024-03-13,110,0,10.00\nKea,2024-03-14,0,11,1.00\n",
        "100.00", "10.00",
        ("Revenue is net of AUD 10.00 GST.", "Expenses are net of AUD 1.00 GST."),
        answers={"tax": "COLUMN"},
    ),
    "rates are no tax": ExportedFile(
        "Client,Date,Amount,GST\nKea,2024-03-13,110,10%\nKea,2024-03-14,220,10%\n",
        "330.00", "0.00",
    ),
}  # fmt: skip
