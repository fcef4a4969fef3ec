"""Formulas are arithmetic of names and numbers, and nothing else; each mistake has its sentence."""

from __future__ import annotations

import sys
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.depth import examples
from tests.support.ledgers.formulas_by_hand import evaluate, formulas_of, rounded, source
from zixly_data.database.connection import reading
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.delivery import formulas
from zixly_data.records.delivery.formulas import as_sql, parse

NAMES = ("revenue", "billable_hours", "class", "none", "e5")


@pytest.mark.parametrize(
    ("text", "stored", "names"),
    [
        ("revenue / billable_hours", "revenue / billable_hours", ("revenue", "billable_hours")),
        ("  Open_Tickets+Reopened ", "open_tickets+reopened", ("open_tickets", "reopened")),
        ("(profit − 1,5)".replace(",", "."), "(profit - 1.5)", ("profit",)),
        ("a × b ÷ a", "a * b / a", ("a", "b")),
        ("-a * .5 + 2.", "-a * .5 + 2.", ("a",)),
        # Words of Python, which may be names of metrics.
        ("class / in + none - lambda", "class / in + none - lambda",
         ("class", "in", "none", "lambda")),
    ],
)  # fmt: skip
def test_formulas_that_can_be_read(text: str, stored: str, names: tuple[str, ...]) -> None:
    formula = parse(text)
    assert (formula.text, formula.names) == (stored, names)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a formula, such as revenue / billable_hours."),
        (" \n ", "Enter a formula, such as revenue / billable_hours."),
        ("x" * 10_000, "The formula has 10,000 characters. It can have up to 500."),
        ("(" * 10_000, "The formula has 10,000 characters. It can have up to 500."),
        ("a b", "The formula cannot be read from character 3 on, at “b”."),
        ("a +", "The formula is not complete: something is missing at its end."),
        ("* a", "The formula cannot be read from character 1 on, at “* a”."),
        ("a)", "The formula cannot be read from character 2 on, at “)”."),
        ("(a", "The formula has a parenthesis that is never closed."),
        ("()", "The formula cannot be read from character 1 on, at “()”."),
        ("2 + 2", "The formula uses no metric and no financials, so it would never change."),
        ("a * 99999999999", "The number 99999999999 is too long. A number can have up to 10 "
         "digits before the point and 10 after it."),
        ("a * " + "9" * 400, f"The number {'9' * 20}… is too long. A number can have up to 10 "
         "digits before the point and 10 after it."),
        ("a + " * 40 + "a",
         "The formula has 81 names, numbers and operators. It can have up to 50."),
        ("(" * 40 + "a" + ")" * 40,
         "The formula has more than 10 parentheses inside each other."),
        ("-" * 400 + "a",
         "The formula has 401 names, numbers and operators. It can have up to 50."),
    ],
)  # fmt: skip
def test_mistakes(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert (str(refused.value), refused.value.field) == (sentence, "formula")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("__import__('os').system('id')", 1), ("a.__class__", 2), ("a.real", 2), ("a[0]", 2),
        ("a ** 9 ** 9", 3), ("a // b", 3), ("a % b", 3), ("9e999999 * a", 2), ("0x10 * a", 2),
        ("1_000 * a", 2), ("1j * a", 2), ("a(b)", 2), ("(a)(b)", 4), ("open('x')", 6),
        ("a, b", 2), ("a; b", 2), ("a = b", 3), ("a := b", 3), ("a < b", 3), ("a @ b", 3),
        ("a if b else a", 3), ("lambda: a", 7), ("[a]", 1), ("{a}", 1), ("'a' * b", 1),
        ('f"{a}"', 2), ("a # b", 3), ("a & b", 3), ("~a", 1), ("not a", 5), ("a and b", 3),
        ("ｒevenue", 1), ("é / 2", 1), ("a\x00b", 2), ("a \\ b", 3), ("١ + a", 1), ("007 * a", 1),
        ("a; drop table zixly.users", 2), ("revenue -- comment'", 19), ("🙂", 1),
    ],
)  # fmt: skip
def test_nothing_but_arithmetic_is_read(text: str, position: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert f"cannot be read from character {position} on" in str(refused.value)
    assert refused.value.field == "formula"


@given(text=st.text(st.sampled_from("ab1.+-*/() _'\"[]{}:,;=%\\\n​é")))
def test_any_text_is_read_or_refused(text: str) -> None:
    formula = None
    with suppress(InvalidInput):
        formula = parse(text)
    assert formula is None or parse(formula.text) == formula


@pytest.mark.parametrize(
    "text",
    ["-" * 49 + "a", "/".join("a" * 25), "a" + "-a" * 24, "(" * 9 + "a" + "/a)" * 9 + "/a" * 6],
)
def test_the_longest_formula_is_rendered_far_down_in_a_page(text: str) -> None:
    def render() -> str:
        return str(sa.select(as_sql(parse(text), {"a": sa.column("a")})))

    def below(depth: int) -> str:
        return render() if depth == 0 else below(depth - 1)

    assert sys.getrecursionlimit() >= 1000
    assert below(400) == render()


numbers = st.decimals(-10_000, 10_000, places=4, allow_nan=False, allow_infinity=False)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    formula=formulas_of(NAMES),
    values=st.fixed_dictionaries({name: st.one_of(st.none(), numbers) for name in NAMES}),
)
def test_postgresql_computes_what_fractions_give(
    sarah: Identity, formula: Any, values: dict[str, Decimal | None]
) -> None:
    parsed = parse(source(formula))
    columns = {name: sa.cast(value, sa.Numeric) for name, value in values.items()}
    with reading(sarah) as connection:
        value = connection.execute(sa.select(as_sql(parsed, columns))).scalar_one()
    assert value == rounded(evaluate(formula, {k: v for k, v in values.items() if v is not None}))


@pytest.mark.parametrize(
    ("text", "value"),
    [("a / 3 * 3", "1.0000"), ("a / 3", "0.3333"), ("0.1 * 3 * a", "0.3000"),
     ("a * 0.00005", "0.0001"), ("a / 20000", "0.0001"), ("a / 20001", "0.0000"),
     ("1 / (a - 1)", None), ("0 / (1 / (a - 1))", None)],
)  # fmt: skip
def test_values_are_exact_and_rounded_once(sarah: Identity, text: str, value: str | None) -> None:
    column = as_sql(parse(text), {"a": sa.literal(Decimal(1), sa.Numeric)})
    with reading(sarah) as connection:
        assert connection.execute(sa.select(column)).scalar_one() == (value and Decimal(value))


def test_a_hundred_times_is_for_percentages(sarah: Identity) -> None:
    column = as_sql(parse("a / 3"), {"a": sa.literal(Decimal(1), sa.Numeric)}, times=100)
    with reading(sarah) as connection:
        assert connection.execute(sa.select(column)).scalar_one() == Decimal("33.3333")


def test_the_hand_made_evaluator_knows_when_there_is_no_value() -> None:
    divide = ("/", ("name", "a"), ("-", ("name", "b"), ("number", "1")))
    assert evaluate(divide, {"a": Decimal(1), "b": Decimal(1)}) is None
    assert evaluate(divide, {"a": Decimal(1)}) is None
    assert evaluate(divide, {"a": Decimal(1), "b": Decimal(3)}) == Fraction(1, 2)
    assert formulas.ratio("a", "b") == "a / b"


@pytest.mark.parametrize(
    "text",
    ["a / 0", "a / (2 - 1.0 * 2.)", "1 / -.0 + a", "b / a / (1 / 2 - .5)", "a / (0 * 3 / 7)"],
)
def test_a_divisor_that_is_always_zero_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="divides by zero"):
        formulas.refuse_zero_divisors(parse(text))


@pytest.mark.parametrize("text", ["a / b", "0 / a", "a / .5", "a / (b * 0)", "a - 0 / 2"])
def test_a_divisor_that_may_have_a_value_is_not(text: str) -> None:
    formulas.refuse_zero_divisors(parse(text))
