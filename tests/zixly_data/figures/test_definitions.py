"""Each figure is defined once, and the page that says so is made of that."""

from __future__ import annotations

import importlib

import pytest

from tests.support.documents.figures_page import FILE, page
from zixly_data.figures.business.bridge_lines import BUSINESS_PARTS
from zixly_data.figures.definitions import FIGURES, OF_BUSINESS, OF_CHANGE, Figure


def test_the_page_is_the_one_of_the_code() -> None:
    assert FILE.read_text() == page(), "run: python -m tests.support.documents.figures_page"


def test_every_part_of_the_bridge_is_defined() -> None:
    assert tuple(OF_CHANGE) == (*BUSINESS_PARTS, "change")


@pytest.mark.parametrize("figure", [*FIGURES.values(), *OF_BUSINESS.values(), *OF_CHANGE.values()])
def test_a_definition_is_whole(figure: Figure) -> None:
    importlib.import_module(f"zixly_data.{figure.where}")
    for sentence in (figure.formula, figure.leaves_out):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
