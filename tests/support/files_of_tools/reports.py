"""Reports and lists of payments as other programs export them, beside the files of documents."""

from __future__ import annotations

from tests.support.files_of_tools.exported_files import ExportedFile

_NO_TAX = {"tax": "NONE"}

REPORTS: dict[str, ExportedFile] = {
    # The balance adds up the sales of a client: it is none of a bank.
    "sales by customer detail": ExportedFile(
        "Sales by Customer Detail,,,,,,,\n"
        ",Date,Transaction Type,Num,Product/Service,Qty,Amount,Balance\n"
        "Kea,,,,,,,\n"
        ',15/01/2024,Invoice,1001,Design,10.00,"1,000.00","1,000.00"\n'
        ",20/01/2024,Credit Memo,1003,Dev,-2.00,-200.00,800.00\n"
        "Total for Kea,,,,8.00,,$800.00,\n",
        "800.00", "0.00",
    ),
    "invoices with a balance": ExportedFile(
        "Date,Client,Invoice #,Type,Amount,Balance\n"
        "2024-01-05,Kea,1,Invoice,1000,0\n"
        "2024-01-06,Kea,2,Credit note,-100,0\n",
        "900.00", "0.00",
    ),
    "statement of a client": ExportedFile(
        "Date,Customer,Type,Amount,Balance\n"
        "2024-01-05,Kea,Invoice,1000,1000\n"
        "2024-01-06,Kea,Credit note,-100,900\n"
        "2024-01-07,Kea,Payment,-900,0\n",
        "900.00", "0.00",
    ),
    "account transactions": ExportedFile(
        "Account Transactions,,,,,,\n"
        "Date,Source,Contact,Debit,Credit,Gross,GST\n"
        "Sales (200),,,,,,\n"
        "05 Jan 2024,Receivable Invoice,Kea,0.00,1000.00,1100.00,100.00\n"
        "Total Sales,,,0.00,1000.00,,\n"
        "Cost (310),,,,,,\n"
        "05 Jan 2024,Payable Invoice,Kea,100.00,0.00,110.00,10.00\n"
        "Total Cost,,,100.00,0.00,,\n",
        "1000.00", "100.00",
    ),
    "stripe balance": ExportedFile(
        "id,Type,Amount,Fee,Net,Currency,Created (UTC),customer_name\n"
        "txn_1,charge,1000.00,29.30,970.70,aud,2024-01-05 10:00,Kea\n"
        "txn_2,refund,-200.00,0.00,-200.00,aud,2024-01-07 10:00,Kea\n"
        "txn_3,stripe_fee,-2.00,0.00,-2.00,aud,2024-01-08 10:00,Kea\n"
        "txn_4,payout,-768.70,0.00,-768.70,aud,2024-01-09 10:00,\n",
        "800.00", "31.30",
    ),
    # PayPal writes fees with the sign of money out, and gives a part back with a refund.
    "paypal payments": ExportedFile(
        "Date,Name,Type,Currency,Gross,Fee,Net,Transaction ID\n"
        "2024-01-05,Kea,Website Payment,AUD,500.00,-15.00,485.00,7X1\n"
        "2024-01-16,Kea,Payment Refund,AUD,-200.00,6.00,-194.00,7X2\n",
        "300.00", "9.00", answers=_NO_TAX,
    ),
    "discounts": ExportedFile(
        "Date,Client,Invoice,Amount,Discount,GST,Total\n"
        "2024-01-05,Kea,1,1000.00,100.00,90.00,990.00\n"
        "2024-01-06,Kea,2,500.00,,50.00,550.00\n",
        "1400.00", "0.00", ("Revenue is net of AUD 140.00 GST.",),
    ),
    "discounts in per cent": ExportedFile(
        "Date,Client,Invoice,Amount,Discount %,Total\n2024-01-05,Kea,1,1000.00,10,900.00\n",
        "900.00", "0.00", answers=_NO_TAX,
    ),
    "fees and disbursements": ExportedFile(
        "Date,Client,Fees,Disbursements,GST,Total\n2024-01-05,Kea,1000.00,100.00,110.00,1210.00\n",
        "1100.00", "0.00", ("Revenue is net of AUD 110.00 GST.",),
    ),
    "sage": ExportedFile(
        "Type,Client,Date,Reference,Net Amount,Tax Amount\n"
        "SI,Kea,2024-01-05,INV1,1000.00,200.00\n"
        "SC,Kea,2024-01-16,CN1,100.00,20.00\n"
        "PI,Kea,2024-01-17,B1,200.00,40.00\n"
        "SR,Kea,2024-01-18,R1,900.00,0.00\n",
        "900.00", "200.00",
    ),
    "sevdesk": ExportedFile(
        "Rechnungsnummer;Rechnungsdatum;Kunde;Summe Netto;Summe Steuern;Summe Brutto;Status;"
        "Währung\n"
        "RE-1;15.01.2024;Kea;1.000,00;190,00;1.190,00;Bezahlt;EUR\n"
        "RE-2;17.01.2024;Kea;600,00;114,00;714,00;Entwurf;EUR\n",
        "1000.00", "0.00",
    ),
    "wave": ExportedFile(
        "Transaction ID,Transaction Date,Account Name,Debit Amount (Two Column Approach),"
        "Credit Amount (Two Column Approach),Customer,Account Type\n"
        "1,2024-01-05,Accounts Receivable,1100.00,,Kea,Expected Payments from Customers\n"
        "1,2024-01-05,Sales,,1000.00,Kea,Income\n"
        "1,2024-01-05,GST,,100.00,Kea,Sales Taxes\n",
        "1000.00", "0.00",
    ),
    "income by contact with percentages": ExportedFile(
        "Income by Contact,,,,\nContact,Jan-24,Feb-24,Total,%\nKea,1000.00,500.00,1500.00,100.0%\n",
        "1500.00", "0.00",
    ),
    "profit and loss by month": ExportedFile(
        "Client,Line,Jan 2024,Feb 2024\n"
        "Kea,Revenue,1000,2000\nKea,Expenses,400,500\nKea,Net Operating Income,600,1500\n",
        "3000.00", "900.00",
    ),
}  # fmt: skip
