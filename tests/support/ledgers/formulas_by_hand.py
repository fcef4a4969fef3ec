"""Random formulas as trees, and their values by fractions: another route than SQL.

A tree is `("name", n)`, `("number", text)`, `("minus", tree)` or an operator with two trees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

Tree = Any


def formulas_of(names: Sequence[str]) -> st.SearchStrategy[Tree]:
    """Trees with at least one of these names."""
    leaves = st.one_of(
        st.tuples(st.just("name"), st.sampled_from(names)),
        st.tuples(st.just("number"), st.sampled_from(["0", "1", "2.5", ".1", "100", "3"])),
    )

    def grow(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return st.one_of(
            st.tuples(st.just("minus"), trees),
            st.tuples(st.sampled_from("+-*/"), trees, trees),
        )

    return st.recursive(leaves, grow, max_leaves=7).filter(names_in)


def names_in(tree: Tree) -> set[str]:
    """The names in a tree."""
    if tree[0] == "name":
        return {tree[1]}
    return set() if tree[0] == "number" else set().union(*map(names_in, tree[1:]))


def source(tree: Tree) -> str:
    """The tree as a person would type it, with all its parentheses."""
    match tree:
        case ("name" | "number", text):
            return str(text)
        case ("minus", part):
            return f"-({source(part)})"
        case (operator, left, right):
            return f"({source(left)} {operator} {source(right)})"
    raise AssertionError(tree)


def evaluate(tree: Tree, values: Mapping[str, Decimal]) -> Fraction | None:
    """The exact value; None if an input is missing or a divisor is zero."""
    match tree:
        case ("name", name):
            return Fraction(values[name]) if name in values else None
        case ("number", text):
            return Fraction(text if text[0] != "." else f"0{text}")
        case ("minus", part):
            value = evaluate(part, values)
            return None if value is None else -value
    left, right = (evaluate(part, values) for part in tree[1:])
    if left is None or right is None:
        return None
    if tree[0] == "/":
        return None if right == 0 else left / right
    return {"+": left + right, "-": left - right, "*": left * right}[tree[0]]


def rounded(value: Fraction | None) -> Decimal | None:
    """The value to four places, half away from zero."""
    if value is None:
        return None
    size, rest = divmod(abs(value.numerator) * 10_000, value.denominator)
    size += 2 * rest >= value.denominator
    return Decimal(size if value >= 0 else -size).scaleb(-4)
