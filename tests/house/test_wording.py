"""The texts that people read keep to `docs/wording.md`: none has a phrase of its "Not used" table.

The texts are the string literals of the pages, the UI and the data layer, the help of the command
line, and the static pages and scripts in `zixly_ui/assets`.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from zixly_ui.shell.navigation import MENU

ROOT = Path(__file__).parents[2]
WORDING = (ROOT / "docs" / "wording.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
ASSETS = ROOT / "zixly_ui" / "assets"
# The docstrings of these functions are the help of a command.
COMMAND_LINE = ROOT / "zixly_data" / "cli"
# Keys, options, column names, file names and addresses.
KEY = re.compile(r"[a-z0-9_.:/%#*?=&-]*")
# Why a phrase of the table is right in a file.
EXEMPT = {
    ("zixly_data/operations/demo/pipeline.py", "customer"): "a project of a client in the demo",
}
DETACHED_ELLIPSIS = re.compile(r"\w …")


@dataclass(frozen=True)
class Advice:
    """A phrase that texts do not contain, and what to write instead."""

    phrase: str
    instead: str

    def occurs_in(self, text: str) -> bool:
        return re.search(_pattern(self.phrase), text, re.I) is not None


@dataclass(frozen=True)
class Text:
    """A text that people read, and its place in the source."""

    path: Path
    line: int
    text: str


def _pattern(phrase: str) -> str:
    """A phrase as whole words, with any space between them and `*` for any ending."""
    parts = [re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()]
    return r"\b" + r"\s+".join(parts) + r"\b"


def advice_table(document: str) -> list[Advice]:
    """The rows of the "Not used" table, one advice for each phrase of a row."""
    section = document.partition("\n## Not used\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [Advice(phrase.strip(), instead) for not_used, instead in rows
            for phrase in not_used.split(",")]  # fmt: skip


def python_texts(path: Path, source: str) -> list[Text]:
    """The string literals of a module that people could read.

    The parts of an f-string are one text, with `{}` for its values. Docstrings count only where
    they are the help of a command.
    """
    tree = ast.parse(source)
    skipped = _docstrings(tree, commands_too=not path.is_relative_to(COMMAND_LINE))
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            skipped |= {id(part) for part in node.values}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if id(node) not in skipped and is_readable(text):
            texts.append(Text(path, node.lineno, text))
    return texts


def _docstrings(tree: ast.Module, commands_too: bool) -> set[int]:
    """The ids of the docstring nodes, with or without those of commands."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and (commands_too or not getattr(node, "decorator_list", []))
    }


def is_readable(text: str) -> bool:
    """Whether a string literal has words and is no key. SQL counts: no statement has a phrase."""
    return any(character.isalpha() for character in text) and not KEY.fullmatch(text)


def asset_texts(path: Path, source: str) -> list[Text]:
    """The text of a static page, or the string literals of a script."""
    if path.suffix == ".html":
        source = re.sub(r"<style>.*?</style>|<script.*?</script>", _line_ends, source, flags=re.S)
        literal = r">([^<]+)<"
    else:
        source = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", _line_ends, source, flags=re.S)
        literal = r"""["'`]((?:[^"'`\\\n]|\\.)*)["'`]"""
    return [
        Text(path, source.count("\n", 0, match.start(1)) + 1, html.unescape(match[1].strip()))
        for match in re.finditer(literal, source)
        if is_readable(match[1].strip())
    ]


def _line_ends(match: re.Match[str]) -> str:
    """Keep only the line ends of a match, so that lines keep their numbers."""
    return "\n" * match[0].count("\n")


def texts_of_the_product() -> Iterator[Text]:
    for folder in ("pages", "zixly_ui", "zixly_data"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from python_texts(path, path.read_text("utf-8"))
    yield from python_texts(ROOT / "app.py", (ROOT / "app.py").read_text("utf-8"))
    for path in sorted((*ASSETS.glob("*.html"), *ASSETS.glob("*.js"))):
        yield from asset_texts(path, path.read_text("utf-8"))


def offences(texts: Iterable[Text], table: list[Advice]) -> list[str]:
    """File and line of each text with a phrase of the table, and what to write instead."""
    return [
        f"{_place(text)}: “{_shortened(text.text)}” has “{advice.phrase}”. Write: {advice.instead}"
        for text in texts
        for advice in table
        if advice.occurs_in(text.text)
        and (text.path.relative_to(ROOT).as_posix(), advice.phrase) not in EXEMPT
    ]


def _place(text: Text) -> str:
    return f"{text.path.relative_to(ROOT).as_posix()}:{text.line}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:159]}…"


# ── the checks find what they are for ───────────────────────────────────────────────────────────
TABLE = advice_table(WORDING)
PAGE = ROOT / "pages" / "planted.py"
COMMAND = COMMAND_LINE / "planted.py"


def test_the_table_is_read_whole() -> None:
    assert len(TABLE) > 50
    assert Advice("anew", "again") in TABLE
    assert Advice("mends", "correct, fix") in TABLE
    assert all(advice.phrase and advice.instead for advice in TABLE)


@pytest.mark.parametrize("advice", TABLE, ids=lambda advice: advice.phrase)
def test_each_phrase_is_found_where_it_is_planted(advice: Advice) -> None:
    planted = advice.phrase.replace("*", "ing")
    (offence, *_) = offences(
        python_texts(PAGE, f'st.write(\n    f"Then {planted.capitalize()}, {{name}}.")'), [advice]
    )
    assert offence.startswith("pages/planted.py:2: ")
    assert offence.endswith(f"Write: {advice.instead}")
    assert offences(python_texts(PAGE, f'st.write("Un{planted}ly said.")'), [advice]) == []


def test_a_phrase_is_found_across_literals_that_are_joined() -> None:
    source = 'st.write("Deleted for " "good.")\nst.write(f"{name} is not" f" there any\\nmore.")'
    assert len(offences(python_texts(PAGE, source), TABLE)) == 3


def test_keys_and_docstrings_are_no_texts() -> None:
    source = '"""Set up anew."""\nst.button("Set up", key="set-up anew"[:6], on_click=anew("anew"))'
    assert [text.text for text in python_texts(PAGE, source)] == ["Set up", "set-up anew"]


def test_the_help_of_a_command_is_a_text() -> None:
    command = '@app.command()\ndef renew() -> None:\n    """Set up anew."""\n'
    helper = 'def renew() -> None:\n    """Set up anew."""\n'
    assert len(offences(python_texts(COMMAND, command), TABLE)) == 1
    assert python_texts(COMMAND, helper) == []
    assert python_texts(PAGE, command) == []


def test_texts_of_static_pages_and_scripts_are_found() -> None:
    page = "<style>p { anew }</style>\n<p>Set up <b>anew</b>&hellip;</p>"
    script = '// Set up anew\nshow("Set up anew", `for ${name}`);'
    texts = [*asset_texts(ASSETS / "a.html", page), *asset_texts(ASSETS / "a.js", script)]
    assert [(text.line, text.text) for text in texts] == [
        (2, "Set up"),
        (2, "…"),
        (2, "Set up anew"),
        (2, "for ${name}"),
    ]


# ── the product ─────────────────────────────────────────────────────────────────────────────────
PRODUCT = list(texts_of_the_product())


def test_no_text_has_a_phrase_that_is_not_used() -> None:
    assert len(PRODUCT) > 2500
    assert not (unwanted := offences(PRODUCT, TABLE)), "\n".join(unwanted)


def test_an_ellipsis_joins_the_word_before_it() -> None:
    assert DETACHED_ELLIPSIS.search("Importing … 12 rows")
    detached = [
        f"{_place(text)}: “{_shortened(text.text)}”"
        for text in PRODUCT
        if DETACHED_ELLIPSIS.search(text.text)
    ]
    assert not detached, "\n".join(detached)


def test_each_exemption_is_needed() -> None:
    phrases = {(text.path.relative_to(ROOT).as_posix(), advice.phrase)
               for text in PRODUCT for advice in TABLE if advice.occurs_in(text.text)}  # fmt: skip
    assert set(EXEMPT) - phrases == set()


def test_the_readme_lists_the_pages_of_the_menu() -> None:
    section = README.partition("\n## What is in it\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| ([^|]+?) \|", section, re.M)[2:]
    entries = [entry for section_entries in MENU.values() for entry in section_entries]
    # A client opens from the list of clients; links in emails lead to the pages open to all.
    titles = {entry.title for entry in entries if not entry.open_to_all} - {"Client"}
    assert len(listed) > 12
    assert set(listed) == titles
