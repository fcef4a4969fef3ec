"""Formulas: a metric computed from recorded metrics and financials.

    revenue / billable_hours
    (open_tickets + reopened) * 1.5

Names are symbols of recorded metrics, and `revenue`, `expenses` and `profit`. There are numbers,
`+ - * /`, signs and parentheses, and nothing else. simpleeval reads the text, so that it is never
run as code, and builds the statement: PostgreSQL alone computes values, exactly.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from simpleeval import SimpleEval

from zixly_data.errors import InvalidInput

FIELD = "formula"
MONEY = ("revenue", "expenses", "profit")
LONGEST = 500
# SQLAlchemy renders a statement by recursion: a deeper one would end in an error.
MOST_PARTS, DEEPEST = 50, 10
_DIGITS = 10
# Quotients are computed to this many places, and the last of them are rounded away again, so that
# 1 / 3 * 3 is 1. The result is rounded to the places of a metric's value.
_PLACES, _EXACT_PLACES, MEASURE_PLACES = 40, 30, 4
# Every value of a metric is below this.
TOO_LARGE = Decimal(10) ** 14

_PART = re.compile(r"[a-z][a-z0-9_]*|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|[-+*/()]")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-"})
_ADVICE = "Use names, numbers, + - * / and parentheses, such as revenue / billable_hours."
_NODES = (
    ast.Expr, ast.BinOp, ast.UnaryOp, ast.Name, ast.Constant,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UAdd, ast.USub, ast.Load,
)  # fmt: skip

_ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A formula that can be read. `text` is as it is stored, `names` are in the order of use."""

    text: str
    names: tuple[str, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The metrics among the names."""
        return tuple(name for name in self.names if name not in MONEY)

    @property
    def is_ratio(self) -> bool:
        """Whether it is one name divided by another."""
        return re.fullmatch(r"[a-z]\w* ?/ ?[a-z]\w*", self.text) is not None

    @property
    def uses_money(self) -> bool:
        """Whether it uses financials, so that its values are in a currency, or a ratio of them."""
        return any(name in MONEY for name in self.names)


def ratio(numerator: str, denominator: str) -> str:
    """Return the formula of a ratio of two names."""
    return f"{numerator} / {denominator}"


def parse(text: str) -> Formula:
    """Return the formula of a text: upper or lower case, with × ÷ − too.

    Raises InvalidInput naming `formula` with the mistake and where it is. Names may be unknown.
    """
    if len(text) > LONGEST:
        raise _invalid(f"The formula has {len(text):,} characters. It can have up to {LONGEST}.")
    text = " ".join(text.translate(_SIGNS).lower().split())
    if not text:
        raise _invalid("Enter a formula, such as revenue / billable_hours.")
    _check_parts(text)
    tree = _read(text)
    names = dict.fromkeys(
        node.id.lower()
        for node in sorted(
            (node for node in ast.walk(tree) if isinstance(node, ast.Name)),
            key=lambda name: name.col_offset,
        )
    )
    if not names:
        raise _invalid("The formula uses no metric and no financials, so it would never change.")
    return Formula(text, tuple(names))


def as_sql(
    formula: Formula, columns: Mapping[str, sa.ColumnElement[Any]], *, times: int = 1
) -> sa.ColumnElement[Any]:
    """Return the formula over these columns, by name: a number of four places, times `times`.

    Null if a column is null or a divisor is zero. It may be too large for a value (`TOO_LARGE`).
    """
    names = {name.upper(): sa.type_coerce(column, sa.Numeric) for name, column in columns.items()}
    value = _Statement(names).eval(formula.text.upper())
    return _round(_round(value * times, _EXACT_PLACES), MEASURE_PLACES)


def refuse_zero_divisors(formula: Formula) -> None:
    """Raise InvalidInput naming `formula` if it divides by numbers that are zero."""
    for node in ast.walk(_read(formula.text)):
        match node:
            case ast.BinOp(op=ast.Div()) if _constant(node.right, formula.text) == 0:
                raise _invalid("The formula divides by zero, so it would never have a value.")


class _Statement(SimpleEval):  # type: ignore[misc]
    """Builds the statement of a formula in upper case: a metric may be called `class` or `in`."""

    def __init__(self, names: Mapping[str, sa.ColumnElement[Any]]) -> None:
        operators = {
            ast.Add: lambda left, right: left + right,
            ast.Sub: lambda left, right: left - right,
            ast.Mult: lambda left, right: left * right,
            ast.Div: _divide,
            ast.UAdd: lambda value: value,
            ast.USub: lambda value: -value,
        }
        super().__init__(operators=operators, functions={}, names=names)
        self.nodes: dict[type[ast.AST], Any] = {
            kind: handler for kind, handler in self.nodes.items() if kind in _NODES
        }
        self.nodes[ast.Constant] = self._number

    def _number(self, node: ast.Constant) -> sa.ColumnElement[Any]:
        # From the text: Python would read 0.1 as a binary fraction.
        return sa.literal(Decimal(self.expr[node.col_offset : node.end_col_offset]), sa.Numeric)


def _divide(left: sa.ColumnElement[Any], right: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return _round(left, _PLACES) / sa.func.nullif(right, 0, type_=sa.Numeric)


def _round(value: sa.ColumnElement[Any], places: int) -> sa.ColumnElement[Any]:
    return sa.func.round(value, places, type_=sa.Numeric)


def _constant(node: ast.AST, text: str) -> Fraction | None:
    """Return the value of a part of a formula without names; None with names or without a value."""
    match node:
        case ast.Constant():
            return Fraction(Decimal(text[node.col_offset : node.end_col_offset]))
        case ast.UnaryOp():
            value = _constant(node.operand, text)
            return -value if value is not None and isinstance(node.op, ast.USub) else value
        case ast.BinOp():
            left, right = _constant(node.left, text), _constant(node.right, text)
            if left is None or right is None or (right == 0 and isinstance(node.op, ast.Div)):
                return None
            return _ARITHMETIC[type(node.op)](left, right)
    return None


def _check_parts(text: str) -> None:
    """Raise InvalidInput unless the text is a short list of names, numbers and operators."""
    position = count = depth = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        part = _PART.match(text, position)
        if part is None or text.startswith(("**", "//"), position):
            raise _unreadable(text, position)
        is_number = not part[0][0].isalpha() and part[0][-1] in ".0123456789"
        if is_number and text[part.end() : part.end() + 1].isalpha():
            # `1e5` and `0x10` are numbers to Python.
            raise _unreadable(text, part.end())
        if is_number and any(len(digits) > _DIGITS for digits in part[0].split(".")):
            raise _invalid(
                f"The number {_shortened(part[0])} is too long. A number can have up to "
                f"{_DIGITS} digits before the point and {_DIGITS} after it."
            )
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth > DEEPEST:
            raise _invalid(f"The formula has more than {DEEPEST} parentheses inside each other.")
        count, position = count + 1, part.end()
    if count > MOST_PARTS:
        raise _invalid(
            f"The formula has {count} names, numbers and operators. It can have up to {MOST_PARTS}."
        )
    if depth > 0:
        raise _invalid("The formula has a parenthesis that is never closed.")


def _read(text: str) -> ast.AST:
    # In upper case no name is a word of Python: a metric may be called `class` or `in`.
    try:
        tree: ast.AST = SimpleEval.parse(text.upper())
    except SyntaxError as error:
        raise _unreadable(text, (error.offset or 1) - 1) from None
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            # A call, `()` or `*a`: nothing else passes as parts.
            end = node.func.end_col_offset if isinstance(node, ast.Call) else None
            raise _unreadable(text, text.find("(", end) if end else getattr(node, "col_offset", 0))
    return tree


def _unreadable(text: str, position: int) -> InvalidInput:
    rest = text[position:].strip()
    if not rest:
        return _invalid("The formula is not complete: something is missing at its end.")
    number = len(text) - len(text[position:].lstrip()) + 1
    return _invalid(
        f"The formula cannot be read from character {number} on, at “{_shortened(rest)}”."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def _invalid(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field=FIELD, advice=_ADVICE)
