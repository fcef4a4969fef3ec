"""Each CSV that a page hands out begins with a byte order mark, and a table has a workbook too.

Each rule finds offences in a source; it is tried on a bad sample before it checks the tree.
`tests.support.page_runs` checks the mark of each file that a test of a page downloads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.test_layers import ROOT, sources

DOWNLOADS = ROOT / "zixly_ui" / "components" / "downloads.py"
LINKS = ROOT / "zixly_ui" / "http" / "download_links.py"
FORMATS = ROOT / "zixly_data" / "exports" / "file_format.py"


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def buttons_of_their_own(source: str) -> list[str]:
    """Buttons for a file that are drawn without `components.downloads`, except for plain text."""
    offences = []
    for call in _calls(source):
        mime = next((word.value for word in call.keywords if word.arg == "mime"), None)
        is_plain = isinstance(mime, ast.Constant) and mime.value == "text/plain"
        if _name(call) == "download_button" and not is_plain:
            offences.append(ast.unparse(call))
    return offences


def csv_without_a_mark(source: str) -> list[str]:
    """CSV files that are written without `excel_bom`."""
    return [
        ast.unparse(call)
        for call in _calls(source)
        if _name(call) in {"to_csv", "iter_csv"} or ast.unparse(call.func) == "record_files.write"
        if not any(
            word.arg == "excel_bom" and ast.unparse(word.value) == "True" for word in call.keywords
        )
    ]


def test_the_rules_find_what_they_are_for() -> None:
    assert buttons_of_their_own('st.download_button("CSV", data, mime="text/csv")')
    assert buttons_of_their_own('st.download_button("CSV", data)')
    assert not buttons_of_their_own('st.download_button("Codes", data, mime="text/plain")')
    assert csv_without_a_mark("to_csv(frame)")
    assert csv_without_a_mark("frame.to_csv(None, excel_bom=False)")
    assert csv_without_a_mark("record_files.write(identity, rows, file_format)")
    assert not csv_without_a_mark("record_files.write(identity, rows, excel_bom=True)")
    assert not csv_without_a_mark("to_csv(frame, excel_bom=True)")


def test_files_are_offered_in_one_way() -> None:
    offences = {
        path: buttons_of_their_own(path.read_text())
        for path in sources("zixly_ui", "pages")
        if path != DOWNLOADS
    }
    assert {path: calls for path, calls in offences.items() if calls} == {}
    assert buttons_of_their_own(DOWNLOADS.read_text()), "positive control"


def test_every_csv_of_a_page_has_the_mark() -> None:
    offences = {path: csv_without_a_mark(path.read_text()) for path in sources("zixly_ui", "pages")}
    assert {path: calls for path, calls in offences.items() if calls} == {}


def test_no_other_module_names_the_type_of_a_csv() -> None:
    naming = {
        path
        for path in [ROOT / "app.py", *sources("zixly_data", "zixly_ui", "pages")]
        if "text/csv" in path.read_text()
    }
    assert naming == {FORMATS}


def test_a_csv_of_a_table_has_a_workbook_beside_it() -> None:
    """`download` and `download_rows` draw both; a CSV alone is for correcting and importing."""
    alone = {
        path.name
        for path in sources("zixly_ui", "pages")
        if path != DOWNLOADS
        if any(_name(call) == "download_csv" for call in _calls(path.read_text()))
    }
    assert alone == {"samples.py", "preview.py", "confirm.py"}
    for path in (DOWNLOADS, LINKS):
        assert "EXCEL" in path.read_text()
