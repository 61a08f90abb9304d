"""Every action that a person can do leaves a row in the audit record: found by reading the code, and by doing them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import col, select

from scheduler.lifecycle import State
from scheduler.planning import (
    approve_post,
    ask_for_changes,
    discard_post,
    edit_post,
    move_post,
    plan_post,
    send_for_approval,
    withdraw_post,
)
from scheduler.worker import publish_due
from social.audit import AuditRecord
from social.staff import Action
from tests.scheduler.helpers import Force

ROOT = Path(__file__).parents[2]
REPORT = "Call 101, in an emergency 999, or Crimestoppers on 0800 555 111."
RECORD = ("social.audit", "record")
LOOKING = {Action.READ_REPLIES, Action.READ_FIGURES, Action.READ_AUDIT}
"""Nothing is changed by them. Taking rows along as a file is recorded, and tried in tests/views."""
LEAVES_NO_ROW: dict[str, str] = {
    "insights.reports.mailing.write_message": "composes a mail and changes nothing",
    "insights.reports.writing.read_report": "changes nothing; whoever takes the file away leaves the row (R24)",
    "scheduler.draft_ending.drop_draft": "a draft is no post, is its writer's alone and goes nowhere",
    "scheduler.working_drafts.keep_draft": "a draft is no post, is its writer's alone and goes nowhere",
    "scheduler.post_seen.note_seen": "says which version an approver was shown, and decides nothing",
    "social.alerts.letterbox_people.waiting_letters": "changes nothing; whoever decides on a letter leaves the row",
    "social.alerts.letterbox_people.waiting_letter": "changes nothing; the page that shows it leaves the row of a look",
    "social.account_care.see_alarm": "the alarm itself keeps who knows of it since when",
    "social.alarm_mail.write_message": "composes a mail and changes nothing",
    "social.desk.here": "says who has a reply open, and is forgotten within the hour",
    "social.handing_off.see_lead": "changes nothing; the page that shows it leaves the row of a look (R24)",
    "social.purging.purge": "each class leaves a row of its own, with its counts",
}
"""Public functions that take a person and change nothing of what the record is about, each with the reason."""


@dataclass
class Function:
    """A function of ours.  calls: (module, name) of what it may call.  needs: names of actions it asks `require` for."""

    module: str
    name: str
    parameters: str
    calls: set[tuple[str, str]] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        return self.module, self.name

    @property
    def is_entry(self) -> bool:
        """What a page, a command or a job calls in a person's name."""
        return not self.name.startswith("_") and "Context" in self.parameters and "Person" in self.parameters


def names_of(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """What each imported name stands for: (module, name), and ('module', '') for a module."""
    known: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                known[alias.asname or alias.name] = (node.module, alias.name)
    return known


def read(path: Path) -> Iterator[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    known = names_of(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            said = " ".join(ast.unparse(one.annotation) for one in arguments if one.annotation is not None)
            one = Function(module, node.name, said)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name):
                    one.calls.add(known.get(inner.id, (module, inner.id)))
                elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                    place, name = known.get(inner.value.id, (module, inner.value.id))
                    one.calls.add((f"{place}.{name}", inner.attr))
                    if (place, name) == ("social.staff", "Action"):
                        one.needs.add(inner.attr)
            yield one


@cache
def functions() -> dict[tuple[str, str], Function]:
    paths = [path for slice_name in ("social", "scheduler", "insights") for path in (ROOT / slice_name).rglob("*.py")]
    return {one.key: one for path in paths if "migrations" not in path.parts for one in read(path)}


@cache
def reached(key: tuple[str, str]) -> frozenset[tuple[str, str]]:
    """All that a function may come to call."""
    found: set[tuple[str, str]] = set()
    todo = [key]
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += functions()[at].calls if at in functions() else ()
    return frozenset(found)


def entries() -> list[Function]:
    return [one for one in functions().values() if one.is_entry and "views" not in one.module.split(".")]


def test_what_is_read_here_is_there() -> None:
    assert len(entries()) > 25
    assert ("scheduler.planning", "plan_post") in {one.key for one in entries()}
    assert {f"{one.module}.{one.name}" for one in entries()} >= set(LEAVES_NO_ROW)


def test_every_function_that_acts_in_a_persons_name_leaves_a_row() -> None:
    silent = {f"{one.module}.{one.name}" for one in entries() if RECORD not in reached(one.key)}
    assert silent == set(LEAVES_NO_ROW)


@pytest.mark.parametrize("action", [action for action in Action if action not in LOOKING], ids=lambda one: one.name)
def test_every_action_has_a_function_that_asks_for_it_and_leaves_a_row(action: Action) -> None:
    doing = [
        one
        for one in functions().values()
        if not one.name.startswith("_")
        and "views" not in one.module.split(".")
        and RECORD in reached(one.key)
        and any(action.name in functions()[key].needs for key in reached(one.key) if key in functions())
    ]
    assert doing, action


def actions(force: Force) -> list[tuple[str, str, str]]:
    with force.context.database.read() as session:
        rows = session.exec(select(AuditRecord).order_by(col(AuditRecord.seq)))
        return [(row.actor, row.action, f"{row.subject_kind} {row.subject_id}") for row in rows]


def test_the_life_of_a_post_is_in_the_record_with_who_did_each_step(force: Force) -> None:
    context, author, corporate = force.context, force.author, force.corporate
    post_id = plan_post(context, force.post(content_type="appeal_witness", text=f"Did you see it? {REPORT}"), author)
    send_for_approval(context, post_id, author)
    ask_for_changes(context, post_id, corporate, "Say which street.")
    given = force.post(content_type="appeal_witness", text=f"Did you see it on Mill Road? {REPORT}")
    edit_post(context, post_id, given, author, expected_version=1)
    send_for_approval(context, post_id, author)
    approve_post(context, post_id, corporate)
    move_post(context, post_id, force.local_now().replace(hour=18), author)
    discard_post(context, post_id, author)
    assert [
        (actor.split("@")[0], action) for actor, action, subject in actions(force) if subject == f"post {post_id}"
    ] == [
        (author.email.split("@")[0], "plan post"),
        (author.email.split("@")[0], "send for approval"),
        (corporate.email.split("@")[0], "ask for changes"),
        (author.email.split("@")[0], "edit post"),
        (author.email.split("@")[0], "send for approval"),
        (corporate.email.split("@")[0], "approve post"),
        (author.email.split("@")[0], "move post"),
        (author.email.split("@")[0], "discard post"),
    ]


def test_taking_a_post_down_is_in_the_record_with_its_reason(force: Force) -> None:
    post_id = force.queued()
    assert publish_due(force.context) == 1
    assert force.entry(post_id).state == State.PUBLISHED
    withdraw_post(force.context, post_id, force.corporate, "The ducks are home.")
    assert (force.corporate.email, "take down post", f"post {post_id}") in actions(force)
