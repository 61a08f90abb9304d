"""The documentation is held to the code: settings, commands, the lifecycle, rules, links and what README tells to type."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
import typer.main

import app
from scheduler.content_types import CONTENT_TYPES
from scheduler.csv_rows import COLUMNS
from scheduler.lifecycle import MOVES
from social.settings import TABLE

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RULE = re.compile(r"\b[RMD]\d\d\b")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def rows(markdown: str) -> list[list[str]]:
    """Cells of every table row of a page, the heading's and the rule's lines left out."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    ruled = {n for n, row in enumerate(cells) if all(set(cell) <= set("-: ") for cell in row)}
    return [row for n, row in enumerate(cells) if n not in ruled and n + 1 not in ruled]


def test_the_configuration_page_is_the_table_of_settings() -> None:
    described = [
        [f"`{s.name}`", f"`{s.variable}`", f"`{s.default}`" if s.default else "", s.unit, s.help] for s in TABLE
    ]
    assert rows(read("docs/configuration.md")) == described


def test_the_importing_page_describes_every_column() -> None:
    table = read("docs/importing.md").split("## Columns")[1].split("\n## ")[0]
    assert rows(table) == [[f"`{name}`", words] for name, words in COLUMNS.items()]


def test_the_importing_page_lists_every_kind_of_post() -> None:
    late = {"ask": "held for a person", "lapse": "lapses", "go": "goes out"}
    kinds = [[f"`{k.key}`", k.label, k.approval, late[k.when_late]] for k in CONTENT_TYPES.values()]
    assert rows(read("docs/importing.md").split("## Kinds of post")[1]) == kinds


@cache
def commands() -> dict[str, click.Command]:
    """Every command of the command line by its path, such as 'accounts add'; groups that do nothing left out."""

    def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
        inner: dict[str, click.Command] = getattr(command, "commands", {})
        if not inner or getattr(command, "invoke_without_command", False):
            yield path, command
        for name, child in inner.items():
            if not child.hidden:
                yield from walk(child, f"{path} {name}".strip())

    return dict(walk(typer.main.get_command(app.build_cli()), ""))


def options(command: click.Command) -> set[str]:
    """Long names of its options, as typed; the `--no-...` of a switch is left out."""
    return {
        name
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("--") and name not in {"--help", "--install-completion", "--show-completion"}
    }


def sections(markdown: str) -> dict[str, str]:
    """Text of each section of the commands page by the command in its heading."""
    parts = re.split(r"^#+ `beatline ([^`]+)`$", markdown, flags=re.MULTILINE)[1:]
    return dict(zip((re.sub(r" [A-Z\[].*", "", name) for name in parts[::2]), parts[1::2], strict=True))


def test_the_commands_page_describes_every_command_and_no_other() -> None:
    assert set(sections(read("docs/commands.md"))) == set(commands())


def test_the_commands_page_describes_every_option_and_no_other() -> None:
    described = {
        name: set(re.findall(r"`(--[a-z0-9-]+)", text)) for name, text in sections(read("docs/commands.md")).items()
    }
    for name, command in commands().items():
        assert described.get(name, set()) == options(command), f"beatline {name}"


def test_every_command_and_option_says_what_it_does() -> None:
    for name, command in commands().items():
        assert command.help, f"beatline {name}"
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), f"beatline {name} {parameter.opts}"


def typed(markdown: str) -> Iterator[str]:
    """Every command line that a page tells to type: indented lines and fenced ones."""
    text = re.sub(r"^( *)```\w*\n(.*?)^\1```", lambda m: re.sub(r"(?m)^ *", "    ", m[2]), markdown, flags=re.M | re.S)
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("    ") and line.strip():
            yield line.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_line_that_a_page_tells_to_type_is_one_that_there_is(page: Path) -> None:
    for line in typed(page.read_text(encoding="utf-8")):
        words = shlex.split(line.removeprefix(".venv/bin/"), comments=True)
        words = words[next((n for n, word in enumerate(words) if "=" not in word), 0) :]
        if words[0] == "beatline":
            if words[1:2] == ["--home"]:  # the one option that stands before the command
                del words[1:3]
            there = [name for name in commands() if words[1 : 1 + len(name.split())] == name.split()]
            path = max(there, key=len, default=None)
            assert path is not None, line
            given = {word.split("=")[0] for word in words[1 + len(path.split()) :] if word.startswith("--")}
            assert given <= options(commands()[path]), line
        elif words[0] == "make":
            assert all(re.search(rf"^{target}:", read("Makefile"), re.M) for target in words[1:]), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_architecture_page_shows_the_lifecycle_as_it_is() -> None:
    table = read("docs/architecture.md").split("## The life of a queue entry")[1].split("\n## ")[0]
    shown = {(row[0].strip("`"), *move.split(" to ")) for row in rows(table) for move in row[1].split(", ") if row[1]}
    assert shown == {(state, event, after) for state, moves in MOVES.items() for event, after in moves.items()}


def cited(path: Path) -> set[str]:
    return set(RULE.findall(path.read_text(encoding="utf-8")))


def enforced() -> dict[str, list[Path]]:
    """Rule -> the files that the rules page says enforce and test it."""
    return {
        row[0]: [ROOT / name for name in re.findall(r"`([^`]+\.py)`", row[2])] for row in rows(read("docs/rules.md"))
    }


def test_a_rule_is_cited_in_every_file_that_is_said_to_enforce_it() -> None:
    for rule, files in enforced().items():
        assert files, rule
        for path in files:
            assert path.exists(), f"{rule}: {path}"
            assert rule in cited(path), f"{rule}: {path.relative_to(ROOT)} does not cite it"


def test_every_rule_that_the_code_cites_is_on_the_rules_page() -> None:
    known = set(enforced())
    for folder in ("social", "scheduler", "insights"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            assert cited(path) <= known, f"{path.relative_to(ROOT)} cites what docs/rules.md does not list"


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_says_what_why_and_how_to_undo_it(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.M)
    assert headings == ["What", "Why", "What it costs", "How to undo it"]
