"""Whatever changes something on a person's word asks the one permission function first (R17), on every surface.

Read from the code itself: who opens a transaction that writes, and who, directly or through what they call, reaches
`social.staff.require`. What no person does is named here with why nobody is asked."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SLICES = ("social", "scheduler", "insights")
ASKS = "social.staff:require"

NOBODY_ACTS = {
    "insights": "reads what residents wrote and keeps figures: nothing of it changes content or goes out",
    "scheduler.appeal_closing:catch_late": "the worker finishes what somebody who was asked has closed",
    "scheduler.audit_moves:record_published": "the worker records what went out",
    "scheduler.demo": "writes the invented force, on the practice network alone",
    "scheduler.alarming": "the worker looks for what needs a person",
    "scheduler.erasing:erase_due": "the worker erases what was marked by somebody who was asked",
    "scheduler.erasing:erase_if_due": "the worker erases what was marked by somebody who was asked",
    "scheduler.holds:sweep": "the worker holds what a hold reaches; whoever placed it was asked",
    "scheduler.notifying": "the worker tells people of what waits on them",
    "social.notices:choose": "a person says for themselves how they are told",
    "scheduler.outcomes": "the worker writes down what a network answered",
    "scheduler.queue": "moves an entry for the worker, or inside a transaction of a function that has asked",
    "scheduler.restored": "holds what may have gone out; `beatline restore` has asked",
    "scheduler.settling": "the worker writes down what a network answered",
    "social.web.taking": "queues what a network signed; nothing of it changes content or goes out",
    "social.webhook_work": "the worker brings looks forward; nothing of it changes content or goes out",
    "scheduler.lost_requests": "the worker looks for what somebody who was asked has ordered down",
    "scheduler.taking_down": "the worker takes down what somebody who was asked has ordered",
    "scheduler.sweeping": "the worker holds what a pause reaches; whoever ordered it was asked",
    "scheduler.worker": "says that the worker is alive",
    "social.accounts_admin:take_over": "part of verifying and of confirming a change, which ask",
    "social.alerts.notify_carrier": "counts what a text cost that the worker sent",
    "social.alerts.receipt_looking": "the worker asks what became of messages that left",
    "social.web.notify_callback": "what Notify tells with its token of messages that left",
    "social.alerts.digests": "the worker gathers what residents asked for of alerts that somebody approved",
    "social.alerts.joining:ask_to_join": "residents sign up themselves; their own address is asked before it counts",
    "social.alerts.feedback": "residents say what they think of a message; a signed link has proved whose it is",
    "social.alerts.membership": "residents act for themselves: a signed link has proved who it is",
    "social.alarm_mail": "the worker mails what needs a person to whoever is named",
    "social.alerts.sending": "the worker sends what was planned by somebody who was asked",
    "social.alerts.sending_lost": "the worker takes back what another left in its hands",
    "social.alerts.sending_batch": "the worker sends what was planned by somebody who was asked",
    "social.alerts.letter_alarms": "the worker tells whoever is on duty",
    "social.alerts.letterbox": "the worker takes in letters; nothing of it changes content or goes out",
    "social.alerts.letterbox_storing": "the worker takes in letters; whoever says what one is about was asked",
    "social.alerts.texts_in": "the worker takes in texts; nothing of it changes content or goes out",
    "social.alerts.survey_alarms:note_read": "the worker notes what it read and tells whoever is on duty",
    "social.alerts.survey_answering:keep_answers": "a resident answers for themselves",
    "social.alerts.survey_running:close_ended": "the worker closes what a person gave a last day",
    "social.answer_looking": "the worker looks for answers that somebody pressed send for",
    "social.answer_outcomes": "the worker writes down what a network answered",
    "social.answering": "the worker sends the answers that somebody pressed send for",
    "social.channels.alert": "the network of alerts is our own tables: whoever approved or takes down the post was asked",
    "social.collecting": "the worker reads what the networks tell",
    "social.copying": "copies a database whole; `beatline migrate` has asked",
    "social.duty_elsewhere": "the worker tells whoever is on duty",
    "social.duty_telling": "the worker tells whoever is on duty",
    "social.duty_texts": "the worker texts whoever is on duty",
    "social.exports": "records that somebody took a file; who may read it was asked before",
    "social.hiding_work": "the worker hides what somebody who was asked has ordered",
    "social.kept_uploads": "the worker keeps what a network gave it for a picture that is on its way",
    "social.lead_mail": "the worker tells a desk that a lead waits; whoever handed it off was asked",
    "social.rotating": "the worker listens to what the networks tell",
    "social.sweeping": "the worker listens to what the networks tell",
    "social.metering": "counts what requests cost",
    "social.operators": "names who acts by command; what they may do is asked where they do it",
    "social.police_data_refresh:refresh_due": "the worker reads anew what somebody who was asked has taken in",
    "social.rounds": "the worker writes down what was read",
    "social.sign_in": "signing in and out: a person acts for themselves, and proves who they are",
    "social.sign_in_elsewhere": "signing in: the provider or proxy proves who it is",
    "social.sign_in_guard": "counts guesses",
    "social.sign_in_links:link_for_first_administrator": "there is nobody to ask yet; it takes a shell on the machine",
    "social.sign_in_links:set_up": "the link was made by somebody who was asked",
    "social.tokens": "the worker renews credentials that the network let expire",
}
"""Module, or module:function, and why no permission is asked there."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in [ROOT / "app.py", *(path for name in SLICES for path in sorted((ROOT / name).rglob("*.py")))]:
        relative = path.relative_to(ROOT).with_suffix("")
        if not {"migrations", "practice"} & set(relative.parts):
            yield ".".join(relative.parts), ast.parse(path.read_text(encoding="utf-8"))


class Code:
    """Every function of the slices with what it refers to.  A class counts as one function with all its methods."""

    def __init__(self) -> None:
        self.nodes: dict[str, ast.AST] = {}
        self.names: dict[str, set[str]] = {}
        for module, tree in sources():
            known = dict(self._imported(tree))
            own = {node.name: f"{module}:{node.name}" for node in tree.body if isinstance(node, _DEFINED)}
            for name, full in own.items():
                self.nodes[full] = next(n for n in tree.body if isinstance(n, _DEFINED) and n.name == name)
                self.names[full] = set(self._meant(self.nodes[full], {**known, **own}))

    @staticmethod
    def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield alias.asname or alias.name, f"{node.module}:{alias.name}"

    @staticmethod
    def _meant(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
        """`f` by its own name, and `module.f` by the module that was imported."""
        local = dict(Code._imported(ast.Module([node], [])))  # type: ignore[list-item]  # one statement
        known = {**known, **local}
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in known:
                yield known[part.id]
            elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in known:
                yield f"{known[part.value.id].replace(':', '.')}:{part.attr}"

    def reach(self, name: str, *, within: str | None = None) -> set[str]:
        """What the function refers to, and what that refers to.  within: only through functions of this module."""
        found, todo = set(), [name]
        while todo:
            for further in self.names.get(todo.pop(), ()):
                if further not in found and (within is None or further.startswith(f"{within}:")):
                    found.add(further)
                    todo.append(further)
        return found

    @cache  # noqa: B019 - one reading of the code, kept as long as the tests
    def writes(self, name: str) -> bool:
        return name in self.nodes and any(
            isinstance(part, ast.withitem)
            and isinstance(part.context_expr, ast.Call)
            and isinstance(part.context_expr.func, ast.Attribute)
            and part.context_expr.func.attr == "write"
            for part in ast.walk(self.nodes[name])
        )

    def people_asked_for(self, name: str) -> bool:
        """Whether the function is handed the running system and a person in whose name it acts."""
        node = self.nodes[name]
        if not isinstance(node, ast.FunctionDef):
            return False
        given = {ast.unparse(a.annotation) for a in (*node.args.args, *node.args.kwonlyargs) if a.annotation}
        return {"Context", "Person"} <= given


_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@cache
def code() -> Code:
    return Code()


def is_public(name: str) -> bool:
    return not name.partition(":")[2].startswith("_")


def excuse(name: str) -> str | None:
    module = name.partition(":")[0]
    parts = module.split(".")
    return next(
        (key for key in (name, *(".".join(parts[:n]) for n in range(len(parts), 0, -1))) if key in NOBODY_ACTS), None
    )


@cache
def changers() -> tuple[str, ...]:
    """Every public function that writes, itself or through private ones of its own module."""
    found = []
    for name in code().nodes:
        module = name.partition(":")[0]
        private = {n for n in code().reach(name, within=module) if not is_public(n)}
        if is_public(name) and any(code().writes(one) for one in {name, *private}):
            found.append(name)
    return tuple(found)


def test_the_reading_of_the_code_finds_what_is_known_to_write_and_to_ask() -> None:
    assert {"scheduler.planning:plan_post", "scheduler.approvals:approve_post", "social.people:shut_out"} <= set(
        changers()
    )
    assert ASKS in code().reach("scheduler.planning:plan_post")
    assert ASKS not in code().reach("social.sign_in_guard:count_try")


def test_whoever_changes_something_asks_whether_the_person_may() -> None:
    silent = [name for name in changers() if excuse(name) is None and ASKS not in code().reach(name)]
    assert not silent, "these write and never reach social.staff.require; ask there, or say in NOBODY_ACTS why not"


def test_whoever_acts_in_a_persons_name_asks_whether_the_person_may() -> None:
    silent = [
        name
        for name in code().nodes
        if is_public(name) and code().people_asked_for(name) and excuse(name) is None and ASKS not in code().reach(name)
    ]
    assert not silent


def test_every_excuse_is_needed() -> None:
    used = {excuse(name) for name in changers()}
    assert set(NOBODY_ACTS) == used - {None}


def test_pages_change_nothing_by_themselves() -> None:
    strays = [name for name in code().nodes if name.startswith("app:") or ".views." in name if code().writes(name)]
    assert not strays, "a page calls a function that asks; it opens no transaction that writes"


def test_nobody_but_the_one_table_looks_at_roles() -> None:
    strays = []
    for module, tree in sources():
        for node in ast.walk(tree) if module != "social.staff" else ():
            if isinstance(node, ast.alias) and node.name == "PERMISSIONS":
                strays.append(f"{module} reads PERMISSIONS")
            if isinstance(node, ast.Compare | ast.MatchValue):
                named = {ast.unparse(part) for part in ast.walk(node) if isinstance(part, ast.Attribute)}
                roles = {name for name in named if name.startswith("Role.") or name in _ROLE_OF_A_PERSON}
                strays += [f"{module}:{node.lineno} compares {name}" for name in roles]
    assert not strays, "what a role allows is asked of social.staff"


_ROLE_OF_A_PERSON = {f"{who}.role" for who in ("person", "page.person", "one", "by", "actor", "approver", "author",
                                               "editor", "known", "current", "p", "row")}  # fmt: skip
