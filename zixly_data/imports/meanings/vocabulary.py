"""The terms by which a value such as `Bill` or `Voided` suggests a meaning, in English and German.

A suggestion is never applied unless a person confirms it. Terms are compared as whole words,
without case and without a plural s: `Sales invoices` has the terms `sale` and `invoice`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zixly_data.imports.meanings.meaning import Meaning

_CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_WORDS = re.compile(r"[^\W_]+|[+\-−]")
_SHORTEST_PLURAL = 4


def _singular(word: str) -> str:
    is_plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def normalise(text: str) -> str:
    """Return the words of a value in the singular: `sale credit note` for `SalesCreditNotes`."""
    words = _WORDS.findall(_CAMEL.sub(" ", text))
    return " ".join(_singular(word.casefold()) for word in words)


def _terms(text: str) -> frozenset[str]:
    return frozenset(normalise(term) for term in text.split(","))


# States of a document that counts. Compared with the whole value.
_STATES = _terms(
    "paid,part paid,partially paid,partly paid,fully paid,unpaid,not paid,partial,awaiting payment,"
    "payment due,authorised,authorized,approved,open,closed,overdue,past due,due,"
    "not due,sent,not sent,unsent,viewed,emailed,printed,outstanding,settled,cleared,uncleared,"
    "posted,reconciled,unreconciled,complete,completed,active,final,finalised,finalized,issued,"
    "succeeded,processed,confirmed,current,yes,no,true,false,ja,nein,bezahlt,unbezahlt,"
    "nicht bezahlt,teilbezahlt,teilweise bezahlt,offen,überfällig,fällig,versendet,gesendet,"
    "verschickt,festgeschrieben,abgeschlossen,gebucht,erledigt"
)
_DUE_IN_DAYS = re.compile(r"(?:overdue|past due|due)(?: in| by)? [0-9]+ day")
# States of a document that counts no more, or not yet.
_VOIDED = _terms(
    "void,voided,deleted,cancelled,canceled,draft,declined,rejected,storniert,gelöscht,entwurf"
)
_LEFT_OUT = _VOIDED | _terms(
    "quote,quotation,estimate,proforma,pro forma,failed,reverted,submitted,awaiting approval,"
    "pending approval,order,transfer,overpayment,prepayment,payment,payout,opening balance,"
    "storno,stornorechnung,angebot,kostenvoranschlag,auftragsbestätigung,lieferschein,zahlung,"
    "überzahlung,anzahlung,vorauszahlung,überweisung,umbuchung,auszahlung"
)
_SUPPLIER_CREDITS = _terms(
    "supplier credit,vendor credit,bill credit,purchase credit,credit from supplier,"
    "expense credit,expense refund,supplier refund,vendor refund,bill refund,purchase refund,"
    "purchase return,purchase adjustment,payable credit note,payable credit,"
    "lieferantengutschrift,eingangsgutschrift"
)
# Payments that a provider took, which are sales, and those that it gave back.
_PAYMENTS_RECEIVED = _terms(
    "website payment,express checkout payment,mobile payment,preapproved payment,"
    "subscription payment,checkout payment,payment received"
)
_PAYMENTS_RETURNED = _terms("payment refund,payment reversal,payment return")
_PAYMENTS = _terms("payment,zahlung")
_DOCUMENTS = _terms("invoice,credit note,credit memo,rechnung")
# Credits of a client or of a supplier, as the other values tell.
_CREDITS = _terms(
    "credit note,credit memo,creditnote,creditmemo,sale credit,client credit,"
    "adjustment note,sale return,refund,refunded,return,chargeback,accreccredit,accrec credit,"
    "gutschrift,rechnungskorrektur,korrekturrechnung,rückerstattung,erstattung"
)
_SUPPLIER_CREDIT_CODES = _terms("accpaycredit,accpay credit")
_EXPENSES = _terms(
    "bill,purchase,expense,payable invoice,expense claim,spend,spent,spending,cost,"
    "supplier invoice,vendor invoice,cheque,check,"
    "accpay,bank fee,bank charge,overhead,wage,payroll,subcontractor,withdrawal,money out,"
    "eingangsrechnung,lieferantenrechnung,ausgabe,ausgaben,aufwand,aufwendung,aufwendungen,kosten,einkauf"
)
_REVENUES = _terms(
    "income,sale,invoice,revenue,accrec,turnover,receive money,money in,billed,einnahme,einnahmen,"
    "rechnung,ausgangsrechnung,abschlagsrechnung,teilrechnung,schlussrechnung,erlös,erlöse,ertrag,"
    "erträge,umsatz,umsätze,verkauf"
)
# The two sides of an account, where a column has nothing else. Compared with the whole value.
_OUT = _terms("debit,debits,dr,d,out,outgoing,outflow,outbound,money out,paid out,withdrawal,-,−,"
              "minus,soll,s,ausgang")  # fmt: skip
_IN = _terms("credit,credits,cr,c,in,incoming,inflow,inbound,money in,paid in,deposit,+,plus,haben,"
             "h,eingang")  # fmt: skip
# Accounts of a journal that are neither income nor expenses.
_BALANCE_SHEET = _terms(
    "asset,liability,liabilities,equity,bank,receivable,payable,gst,vat,tax,taxes,cash,loan,"
    "credit card,"
    "undeposited fund,clearing,retained earning,inventory,depreciation accumulated,a r,a p,"
    "forderung,forderungen,verbindlichkeit,verbindlichkeiten,aktiva,passiva,eigenkapital,"
    "umsatzsteuer,vorsteuer,kasse"
)
_ACCOUNT_INCOME = _terms("fee,fees,income,revenue,sale")
_YES = _terms("yes,y,true,1,ja,j,wahr,billable,abrechenbar")
_NO = _terms("no,n,false,0,nein,falsch,non billable,not billable,unbillable,nicht abrechenbar")
# Terms too common to be searched within a value.
_WHOLE = {
    "credit": Meaning.CREDIT, "charge": Meaning.REVENUE, "fee": Meaning.EXPENSE,
    "stripe fee": Meaning.EXPENSE, "processing fee": Meaning.EXPENSE,
    # Sage: invoices, credits, receipts and payments, of sales and purchases.
    "si": Meaning.REVENUE, "sc": Meaning.CREDIT, "pi": Meaning.EXPENSE, "pc": Meaning.REFUND,
    "sr": Meaning.LEAVE_OUT, "sa": Meaning.LEAVE_OUT, "pp": Meaning.LEAVE_OUT,
    "pa": Meaning.LEAVE_OUT,
}  # fmt: skip
# MYOB's letters for the status of a sale or a purchase.
_MYOB = {"i": Meaning.COUNT, "c": Meaning.COUNT, "q": Meaning.LEAVE_OUT, "o": Meaning.LEAVE_OUT}


def suggest(
    values: Sequence[str], *, is_journal: bool = False, is_overhead: bool = False
) -> list[Meaning | None]:
    """Return the suggested meaning of each value of a column, None for a value without a term.

    A credit or a refund belongs to a supplier among bills and in files of overheads. `Debit` and
    `Credit` are money out and in where a column has these sides alone. Accounts of a journal that
    are neither income nor expenses are left out.
    """
    texts = [normalise(value) for value in values]
    filled = [text for text in texts if text]
    if filled and all(text in _OUT or text in _IN for text in filled):
        return [_side(text) for text in texts]
    read = _account if is_journal else _term
    meanings = [read(text) for text in texts]
    if not {Meaning.REVENUE, Meaning.EXPENSE} & set(meanings):
        # Payments pay documents of the file, or are all that it has.
        meanings = [
            None if text in _PAYMENTS else meaning
            for text, meaning in zip(texts, meanings, strict=True)
        ]
    is_of_suppliers = is_overhead or (
        Meaning.EXPENSE in meanings and Meaning.REVENUE not in meanings
    )
    return [
        Meaning.REFUND
        if meaning is Meaning.CREDIT and is_of_suppliers and "sale" not in text.split()
        else meaning
        for text, meaning in zip(texts, meanings, strict=True)
    ]


def is_voided(value: str) -> bool:
    """Return whether a document with this value counts no more: `Voided`, `Draft`."""
    return _has(normalise(value), _VOIDED)


def names_document(value: str) -> bool:
    """Return whether a value is a document of sales, which no account of a bank has."""
    return _has(normalise(value), _DOCUMENTS)


def is_payment(value: str) -> bool:
    """Return whether a value is a payment, which may pay a document or be all that there is."""
    return normalise(value) in _PAYMENTS


def suggest_billable(values: Sequence[str]) -> list[Meaning | None]:
    """Return the meaning of each value of a column that says whether something is billable."""
    texts = [normalise(value.replace("-", " ")) for value in values]
    return [
        Meaning.COUNT if text in _YES else Meaning.LEAVE_OUT if text in _NO else None
        for text in texts
    ]


def suggest_myob_status(values: Sequence[str]) -> list[Meaning | None]:
    """Return the meaning of each letter of MYOB: I for an invoice, Q for a quote, O for an order,
    C for closed. Other values mean what they do elsewhere."""
    return [
        _MYOB.get(value.strip().casefold()) or meaning
        for value, meaning in zip(values, suggest(values), strict=True)
    ]


def _side(text: str) -> Meaning | None:
    if not text:
        return Meaning.COUNT
    return Meaning.EXPENSE if text in _OUT else Meaning.REVENUE


def _account(text: str) -> Meaning | None:
    if not text:
        return None
    if _has(text, _EXPENSES):
        return Meaning.EXPENSE
    if _has(text, _BALANCE_SHEET):
        return Meaning.LEAVE_OUT
    return Meaning.REVENUE if _has(text, _ACCOUNT_INCOME) else _term(text)


def _term(text: str) -> Meaning | None:
    if not text or text in _STATES or _DUE_IN_DAYS.fullmatch(text):
        return Meaning.COUNT
    if text in _WHOLE:
        return _WHOLE[text]
    for terms, meaning in _TERMS:
        if _has(text, terms):
            return meaning
    return Meaning.CREDIT if text.endswith(" credit") else None


_TERMS: tuple[tuple[frozenset[str], Meaning], ...] = (
    (_PAYMENTS_RETURNED, Meaning.CREDIT),
    (_PAYMENTS_RECEIVED, Meaning.REVENUE),
    (_LEFT_OUT, Meaning.LEAVE_OUT),
    (_SUPPLIER_CREDITS | _SUPPLIER_CREDIT_CODES, Meaning.REFUND),
    (_CREDITS, Meaning.CREDIT),
    (_EXPENSES, Meaning.EXPENSE),
    (_REVENUES, Meaning.REVENUE),
)


def _has(text: str, terms: frozenset[str]) -> bool:
    """Return whether the text has one of the terms as whole words."""
    padded = f" {text} "
    return any(f" {term} " in padded for term in terms)
