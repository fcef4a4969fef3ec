"""The layout is the architecture: each rule of it, checked over the whole tree.

The order of the folders is import-linter's (`pyproject.toml`). The rules here walk the packages, so
that they apply to a new module without a list. Each rule is a function that
finds offences in a source; it is tested on a bad sample before it checks the tree.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("zixly_data", "zixly_ui", "pages")
LONGEST, LONGEST_TEST = 300, 400
MOST_MODULES = 20
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
# The folders whose functions read or write one tenant's rows.
SCOPED = ("people", "records", "figures", "findings", "exports", "imports")
OPENERS = {"scoped", "reading", "reporting", "snapshot"}
SCHEMA = "zixly_data.database.schema"
EXEMPT = {
    # A part of a statement; the statement around it names the tenant.
    "findings.finding.finding_query",
    "records.pipeline.lead_order.earliest_of_day_first",
    "records.pipeline.lead_order.latest_first",
    "records.pipeline.lead_order.latest_of_day_first",
}
SQL = re.compile(
    r"\b(select\s+.+\s+from|insert\s+into|update\s+\w+\s+set|delete\s+from)\b", re.I | re.S
)


def sources(*folders: str) -> list[Path]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert paths, f"nothing in {folders}"
    return paths


def packages(*folders: str) -> list[Path]:
    return sorted({path.parent for path in sources(*folders)})


def imports(source: str) -> set[str]:
    """Every module a source imports anywhere, dotted."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written out in full"
            names |= {f"{node.module}", *(f"{node.module}.{name.name}" for name in node.names)}
    return names


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


def without_identity(source: str) -> set[str]:
    """The public functions that open a transaction or name a table, directly or through a private
    function of their module, and take first neither the identity nor an open transaction."""
    tree = ast.parse(source)
    touching = OPENERS | {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and f"{node.module}" in (SCHEMA, SCHEMA.rpartition(".")[0])
        for alias in node.names
        if node.module == SCHEMA or alias.name == "schema"
    }
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    names = {
        name: {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}
        for name, node in functions.items()
    }
    while more := {n for n in functions if n.startswith("_") and names[n] & touching} - touching:
        touching |= more
    return {
        name
        for name, node in functions.items()
        if not name.startswith("_") and names[name] & touching and not _is_scoped(node)
    }


def _is_scoped(function: ast.FunctionDef) -> bool:
    first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
    if first is None or first.annotation is None:
        return False
    annotation = ast.unparse(first.annotation)
    return (first.arg, annotation) == ("identity", "Identity") or annotation == "Connection"


def frames_without_hashing(source: str) -> list[int]:
    """The lines that read a frame in a transaction in which joins may be nested loops."""
    return [
        call.lineno
        for block in ast.walk(ast.parse(source))
        if isinstance(block, ast.With)
        and any(
            isinstance(item.context_expr, ast.Call)
            and ast.unparse(item.context_expr.func).rpartition(".")[2] in ("scoped", "reading")
            for item in block.items
        )
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "fetch"
    ]


# ── the rules find what they are for ────────────────────────────────────────────────────────────
def test_a_forbidden_import_is_found_however_it_is_written() -> None:
    assert reaches("import streamlit as st", "streamlit")
    assert reaches("def late():\n    from streamlit.runtime import get_instance", "streamlit")
    assert reaches("from zixly_data.database import connection", "zixly_data.database.connection")
    assert not reaches("import streamlit_authenticator", "streamlit")


def test_sql_in_a_page_is_found_and_words_are_not() -> None:
    assert sql_texts('query = "select id from clients"')
    assert sql_texts('f"delete from {table}"')
    assert not sql_texts('"""Select a client from the list."""\nx = "Choose a client"')


def test_a_function_without_identity_is_found_also_where_a_private_one_reads() -> None:
    source = """
from zixly_data.database.connection import reading
from zixly_data.database.schema import financials

def ambient(period):
    with reading(CURRENT) as connection: ...
def scoped_well(identity: Identity, period):
    with reading(identity) as connection: ...
def through_another(period): return _deeper(period)
def formula(revenue, expenses): return revenue - expenses
def within(connection: Connection): return _query(None)
def _deeper(period): return _query(period)
def _query(period): return sa.select(financials.c.id)
"""
    assert without_identity(source) == {"ambient", "through_another"}


def test_a_frame_that_may_be_read_by_nested_loops_is_found() -> None:
    source = """
with scoped(identity) as connection:
    frame = fetch(connection, query, Model)
with connection.reading(identity) as transaction:
    if wanted:
        frame = frames.fetch(transaction, query, Model)
with reporting(identity) as connection:
    frame = fetch(connection, query, Model)
"""
    assert frames_without_hashing(source) == [3, 6]


def test_a_folder_that_imports_upwards_is_found(tmp_path: Path) -> None:
    """The contract is the project's; the offence is one line in a copy of the tree."""
    for package in ("zixly_data", "zixly_ui"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert lint_imports(tmp_path).returncode == 0
    offender = tmp_path / "zixly_data" / "values" / "amounts.py"
    offender.write_text(offender.read_text() + "\nimport zixly_data.records.clients\n")
    refused = lint_imports(tmp_path)
    assert refused.returncode == 1
    assert "zixly_data.values is not allowed to import zixly_data.records" in refused.stdout


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()",
         "--no-cache"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


# ── and the tree follows them ───────────────────────────────────────────────────────────────────
def test_the_order_of_the_folders_is_kept() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


def test_pages_and_shared_ui_contain_no_sql() -> None:
    texts = {path: sql_texts(path.read_text()) for path in sources("zixly_ui", "pages")}
    assert {path: statements for path, statements in texts.items() if statements} == {}


def test_a_page_reaches_the_database_only_through_data_access() -> None:
    forbidden = (
        "sqlalchemy", "psycopg", "alembic", "zixly_data.database", "zixly_data.postgres",
        "zixly_data.operations", "zixly_data.access.sessions",
    )  # fmt: skip
    reached = {path: reaches(path.read_text(), *forbidden) for path in sources("pages")}
    assert {path: names for path, names in reached.items() if names} == {}


def test_only_the_app_imports_pages() -> None:
    assert [p for p in sources("zixly_data", "zixly_ui") if reaches(p.read_text(), "pages")] == []


def test_no_file_is_too_long_or_vaguely_named() -> None:
    paths = [ROOT / "app.py", *sources(*PACKAGES, "tests", "bench")]
    lengths = {path: len(path.read_text().splitlines()) for path in paths}
    limits = {
        path: LONGEST_TEST if path.is_relative_to(ROOT / "tests") else LONGEST for path in paths
    }
    assert {path: length for path, length in lengths.items() if length > limits[path]} == {}
    assert [path for path in paths if path.stem in VAGUE] == []


def test_no_folder_holds_too_many_modules() -> None:
    counts = {
        folder: len([path for path in folder.glob("*.py") if path.name != "__init__.py"])
        # The folder of the pages is flat: the menu groups them.
        for folder in packages(*PACKAGES, "tests")
        if folder != ROOT / "pages"
    }
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_each_folder_s_docstring_is_its_map() -> None:
    unnamed = {}
    for init in sorted(
        [*ROOT.glob("zixly_data/**/__init__.py"), *ROOT.glob("zixly_ui/**/__init__.py")]
    ):
        contents = ast.get_docstring(ast.parse(init.read_text())) or ""
        modules = {path.stem for path in init.parent.glob("*.py")} - {"__init__", "__main__"}
        folders = {path.parent.name for path in init.parent.glob("*/__init__.py")}
        names = {name for name in modules | folders if not re.search(rf"\b{name}\b", contents)}
        if names:
            unnamed[init] = names
    assert unnamed == {}


def test_a_function_that_touches_a_tenant_s_rows_takes_the_identity_first() -> None:
    offences = set()
    for path in sources(*(f"zixly_data/{folder}" for folder in SCOPED)):
        module = path.relative_to(ROOT / "zixly_data").with_suffix("").as_posix().replace("/", ".")
        offences |= {f"{module}.{name}" for name in without_identity(path.read_text())}
    assert offences == EXEMPT


def test_frames_are_read_by_hashing() -> None:
    """Rows that nobody counted yet are joined rows times rows otherwise (`tests/scale`)."""
    offences = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sources("zixly_data")
        if (lines := frames_without_hashing(path.read_text()))
    }
    assert offences == {}


def test_only_the_database_folder_opens_connections() -> None:
    engines = {
        path.relative_to(ROOT).as_posix()
        for path in sources("zixly_data")
        if "create_engine(" in path.read_text() or "psycopg.connect(" in path.read_text()
    }
    assert engines == {
        "zixly_data/database/pool.py",
        "zixly_data/database/administration.py",
        "zixly_data/database/reachability.py",
        "zixly_data/database/integrity.py",
        "zixly_data/postgres/process.py",
    }


def test_only_the_connection_module_sets_role_and_context() -> None:
    setters = {
        path.relative_to(ROOT).as_posix()
        for path in sources("zixly_data")
        if "set_config('role'" in path.read_text() or "app.context" in path.read_text()
    }
    assert setters == {"zixly_data/database/connection.py"}
