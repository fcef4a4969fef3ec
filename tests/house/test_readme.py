"""Commands, settings and files in the documents exist; no file names a personal machine."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from pydantic import TypeAdapter

from zixly_data import cli
from zixly_data.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
REQUIREMENTS = (ROOT / "requirements-dev.txt").read_text()
ZIXLY = ".venv/bin/python -m zixly_data"
# Folders of a person or a machine. An image's /tmp and an attack's target are exceptions.
PRIVATE = re.compile(r"(?<![\w./])/(?:work|root|home|Users|tmp)/[\w.-]")
TARGETS_OF_ATTACKS = {"tests/zixly_data/database/isolation/test_attacks.py"}


def tree() -> list[Path]:
    """Every file of the project, new ones too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted(path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file())


DOCUMENTS = [path for path in tree() if path.suffix == ".md"]


def commands(text: str) -> list[str]:
    """The lines of the shell blocks, continued ones joined, comments cut off."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for raw in lines if (line := raw.partition("  #")[0].strip())]


def parse(arguments: list[str]) -> None:
    """Parses a command line as ours does, and runs nothing. Raises for unknown arguments."""
    command = typer.main.get_command(cli.app)
    context = command.make_context("zixly_data", arguments)
    while isinstance(command, typer.core.TyperGroup):
        _, subcommand, arguments = command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert subcommand is not None
        command, context = (
            subcommand,
            subcommand.make_context(subcommand.name, arguments, parent=context),
        )


def offence(command: str) -> str:
    """The reason why a command of a document would fail, '' if it would not."""
    if command.startswith(ZIXLY):
        try:
            parse(shlex.split(command.removeprefix(ZIXLY)))
        except (Exception, SystemExit) as refusal:
            return f"{command}: {refusal!r}"
        return ""
    first, *others = command.split()
    if first == "make":
        targets = [word for word in others if "=" not in word]
        missing = [word for word in targets if not re.search(rf"^{word}:", MAKEFILE, re.M)]
        return f"no such target: {missing}" if missing else ""
    if first.startswith(".venv/bin/"):
        program = first.removeprefix(".venv/bin/")
        return "" if f"\n{program}==" in REQUIREMENTS else f"no such program: {program}"
    if first == "export":
        settings = set(variables())
        return "" if others[0].partition("=")[0] in settings else f"no such setting: {others[0]}"
    return "" if command.startswith("git clone ") else f"unknown: {command}"


def variables() -> dict[str, object]:
    """Each environment variable of the settings with its default."""
    defaults = {}
    for field in Settings.model_fields.values():
        (name,) = field.validation_alias.choices  # type: ignore[union-attr]
        defaults[str(name)] = field.default
    return defaults


def written(default: object) -> str:
    if isinstance(default, timedelta):
        return TypeAdapter(timedelta).dump_json(default).decode().strip('"')
    return str(default).lower()


def test_a_wrong_command_would_be_found() -> None:
    assert offence(f"{ZIXLY} repot")
    assert offence(f"{ZIXLY} report monthly --perod 2024-Q1 --as a@b.c")
    assert offence(f"{ZIXLY} report monthly --period 2024-Q1")
    assert offence("make tests")
    assert offence(".venv/bin/pre-commits install")
    assert offence("export DATABASE=x")
    assert offence("pip install zixly")


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_command_exists(document: str) -> None:
    shown = commands((ROOT / document).read_text())
    assert len(shown) >= 3
    assert [reason for command in shown if (reason := offence(command))] == []


def test_the_table_of_settings_is_that_of_the_code() -> None:
    table = README.partition("<!-- settings")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[3:]]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(variables())

    stated = 0
    for names, default, _ in rows:
        for name in re.findall(r"`(\w+)`", names):
            actual = variables()[name]
            if exact := re.fullmatch(r"`(.+)`", default):
                assert exact[1] == written(actual), name
                stated += 1
            elif isinstance(actual, Path):
                assert default == f"`{actual.relative_to(ROOT)}` beside the app"
            else:
                assert actual in (None, ""), name
    assert stated >= 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_documents_everyone_looks_for_are_there() -> None:
    for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"):
        assert (ROOT / name).stat().st_size > 500


def test_a_private_folder_would_be_found() -> None:
    for place in ("work/x", "root/x", "home/ada/x", "Users/ada/x", "tmp/x"):
        assert PRIVATE.search(f'open("/{place}")')
    assert not PRIVATE.search("zixly/root/x /home /tmpfs/x https://example.com/work/x")


def test_no_file_names_a_folder_of_a_personal_machine() -> None:
    offences = []
    for path in tree():
        name = path.relative_to(ROOT).as_posix()
        if name in TARGETS_OF_ATTACKS:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        offences += [f"{name}: {match[0]}" for match in PRIVATE.finditer(text)]
    assert offences == []
