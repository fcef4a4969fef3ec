"""The layout is the architecture: each rule of it, checked over the whole tree.

Each rule is a function that finds offences in a source; it is shown to find one in a bad sample
before it is turned on the tree.
"""

from __future__ import annotations

import ast
import inspect
import re
import types
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("zixly_data", "zixly_ui", "pages")
LONGEST = 300
LONGEST_STORY = 400  # Tests are read one at a time.
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
# What is about one tenant's rows, and so takes the identity of whoever asks.
ENTITIES = (
    "records.clients",
    "records.financials",
    "records.leads",
    "figures.funnel",
    "records.metrics",
    "records.metric_definitions",
    "people.team",
    "people.tenants",
    "figures.profitability",
    "figures.bridge",
    "figures.billable_hours",
    "findings.attention",
    "database.versioned_rows",
    "records.exchange_rates",
    "figures.breakdown",
    "figures.provenance",
    "figures.month_sums",
    "figures.ledger",
    "findings.contradictions",
    "findings.dismissals",
    "findings.evidence",
    "findings.ranking",
    "people.saved_views",
    "records.date_notes",
    "figures.conversion",
    "records.lead_states",
)
# Public functions of these modules that touch no database: formulas and parts of a query.
PURE = {
    "figures.breakdown.as_file",
    "figures.bridge.as_file",
    "figures.bridge.totals_of",
    # Takes the scoped transaction that the ledger's own statement runs in.
    "figures.ledger.require_rates",
    "findings.contradictions.as_file",
    "findings.dismissals.parse_reason",
    "records.date_notes.parse_words",
    "records.metric_definitions.validate_value",
    "figures.month_sums.margin",
    "figures.month_sums.month_of",
    "records.exchange_rates.as_file",
    "database.versioned_rows.explain_closed_month",
    "figures.profitability.as_file",
    "figures.profitability.margin_of",
    "figures.profitability.totals_of",
}
SQL = re.compile(
    r"\b(select\s+.+\s+from|insert\s+into|update\s+\w+\s+set|delete\s+from)\b", re.I | re.S
)


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"nothing in {folders}"
    return found


def imports(source: str) -> set[str]:
    """Every module a source imports, dotted, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out in full"
            found |= {f"{node.module}", *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def reaches(source: str, *forbidden: str) -> set[str]:
    """The imports that lie in one of the forbidden packages."""
    return {
        name
        for name in imports(source)
        if any(name == package or name.startswith(f"{package}.") for package in forbidden)
    }


def sql_texts(source: str) -> list[str]:
    """Texts that read like SQL statements, docstrings aside."""
    tree = ast.parse(source)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
        and SQL.search(node.value)
    ]


def without_identity(module: object) -> list[str]:
    """The public functions of a module that do not take the identity first."""
    found = []
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("_") or function.__module__ != getattr(module, "__name__", ""):
            continue
        first = next(iter(inspect.signature(function).parameters.values()), None)
        if (
            first is None
            or first.name != "identity"
            or first.annotation not in ("Identity", "'Identity'")
        ):
            found.append(name)
    return found


# ── the rules find what they are for ────────────────────────────────────────────────────────────
def test_a_forbidden_import_is_found_however_it_is_written() -> None:
    assert reaches("import streamlit as st", "streamlit")
    assert reaches("def late():\n    from streamlit.runtime import get_instance", "streamlit")
    assert reaches("from zixly_data import connection", "zixly_data.database.connection")
    assert not reaches("import streamlit_authenticator", "streamlit")


def test_sql_in_a_page_is_found_and_words_are_not() -> None:
    assert sql_texts('query = "select id from clients"')
    assert sql_texts('f"delete from {table}"')
    assert not sql_texts('"""Select a client from the list."""\nx = "Choose a client"')


def test_a_function_without_identity_is_found() -> None:
    module = types.ModuleType("sample")
    exec("def ambient(period): ...\ndef scoped(identity: 'Identity'): ...", vars(module))
    for function in (vars(module)["ambient"], vars(module)["scoped"]):
        function.__module__ = "sample"
    assert without_identity(module) == ["ambient"]


# ── and the tree follows them ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", sources("zixly_data"), ids=str)
def test_data_access_knows_nothing_of_the_app(path: Path) -> None:
    assert not reaches(path.read_text(), "streamlit", "zixly_ui", "pages", "plotly")


@pytest.mark.parametrize("path", sources("zixly_ui", "pages"), ids=str)
def test_the_app_reaches_the_database_through_data_access_alone(path: Path) -> None:
    source = path.read_text()
    assert not reaches(
        source, "sqlalchemy", "psycopg", "alembic", "zixly_data.database.schema",
        "zixly_data.operations.operator", "zixly_data.database.migration",
        "zixly_data.database.logins", "zixly_data.postgres", "zixly_data.database.versioned_rows",
    )  # fmt: skip
    assert not sql_texts(source)


@pytest.mark.parametrize("path", sources("pages"), ids=str)
def test_a_page_opens_no_connection(path: Path) -> None:
    assert not reaches(
        path.read_text(), "zixly_data.database.connection", "zixly_data.access.sessions"
    )


@pytest.mark.parametrize("path", sources("zixly_ui"), ids=str)
def test_what_pages_share_imports_no_page(path: Path) -> None:
    assert not reaches(path.read_text(), "pages")


@pytest.mark.parametrize("path", [ROOT / "app.py", *sources(*PACKAGES, "tests", "bench")], ids=str)
def test_no_file_is_too_long_or_vaguely_named(path: Path) -> None:
    is_story = path.is_relative_to(ROOT / "tests")
    assert len(path.read_text().splitlines()) <= (LONGEST_STORY if is_story else LONGEST)
    assert path.stem not in VAGUE


@pytest.mark.parametrize("name", ENTITIES)
def test_whoever_reads_or_writes_a_tenant_s_rows_says_who_asks(name: str) -> None:
    module = import_module(f"zixly_data.{name}")
    offences = {f"{name}.{function}" for function in without_identity(module)}
    assert offences <= PURE


def test_only_the_connection_module_opens_connections() -> None:
    engines = {
        path.relative_to(ROOT).as_posix()
        for path in sources("zixly_data")
        if "create_engine(" in path.read_text() or "psycopg.connect(" in path.read_text()
    }
    assert engines == {
        "zixly_data/database/connection.py",
        "zixly_data/database/migration.py",
        "zixly_data/postgres/process.py",
    }


def test_only_the_connection_module_sets_role_and_context() -> None:
    setters = {
        path.relative_to(ROOT).as_posix()
        for path in sources("zixly_data")
        if "set_config('role'" in path.read_text() or "app.context" in path.read_text()
    }
    assert setters == {"zixly_data/database/connection.py"}
