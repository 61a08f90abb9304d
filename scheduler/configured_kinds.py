"""A force's own content types, and how it tightens those that there are: the tables `[content_types.KEY]` of
beatline.toml. docs/content-types.md is held to FIELDS by a test.

Tightening is always allowed. Loosening is not: the approval (R41), the lateness (R42), the holds (R35, R37, R38) and
what is never ranked (R11) of the built-in kind are the least. Asking a person or letting lapse what is late (R42) is
left to the force, and so are the names of its own kinds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, get_args

from scheduler.checks.codes import CODES
from scheduler.content_types import APPROVALS, BUILT_IN, CHECKS, Approval, ContentType, WhenLate, use_kinds
from scheduler.hold_kinds import HoldKind
from social.context import Context
from social.doctor import Finding, Level
from social.errors import InputError
from social.sorting import also_known

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "like": "the built-in kind whose rules a kind of the force's own follows",
        "label": "what people call a kind of the force's own",
        "approval": "none, supervisor or corporate; not below the built-in one (R41)",
        "late_after": "minutes late that still go out; not above the built-in 30 (R42)",
        "when_late": "ask or lapse; go only where it is built in (R42)",
        "passes": "holds that do not stop it; none beyond the built-in ones (R35, R37, R38)",
        "ranked": "false keeps its results out of comparisons; true only where it is built in (R11)",
        "also_checks": "families of checks that apply as well",
        "blocks": "codes of findings that stop this kind, whatever their level",
        "asks": "codes of findings that ask for corporate communications",
    }
)
"""What a table may say, and within what bounds."""
_OF_ONE_S_OWN = ("like", "label")


def use_configuration(tables: Mapping[str, Any]) -> None:
    """Put the built-in kinds in force as these tables change and add to them.  {} puts the built-in ones in force.

    Raises InputError with everything that is wrong, or that would loosen what a rule asks; then nothing changes."""
    kinds = kinds_from(tables)
    use_kinds(kinds.values())
    also_known(
        {kind.key: kind.label for kind in kinds.values()},
        {key for key, kind in kinds.items() if not kind.ranked},
        {key for key, kind in kinds.items() if kind.light},
        never_timed={
            key for key, kind in kinds.items() if HoldKind.CRITICAL_INCIDENT in kind.passes or not kind.ranked
        },
        appeals={key for key, kind in kinds.items() if kind.appeal},
    )


def kinds_from(tables: Mapping[str, Any]) -> dict[str, ContentType]:
    """Every kind by its key, the built-in ones first.  Raises InputError."""
    kinds = dict(BUILT_IN)
    problems: list[str] = []
    for key, table in tables.items():
        try:
            kinds[key] = _kind(key, table)
        except InputError as error:
            problems += (f"beatline.toml, [content_types.{key}]: {problem.message}" for problem in error.problems)
    if problems:
        raise InputError(*problems)
    return kinds


def _kind(key: str, table: Any) -> ContentType:
    if not isinstance(table, Mapping):
        raise InputError(f"this is no table. Begin it with a line [content_types.{key}].")
    unknown = sorted(set(table) - set(FIELDS))
    if unknown:
        raise InputError(*(f"'{name}' is not known. Give one of: {', '.join(FIELDS)}." for name in unknown))
    kind = _begun(key, table)
    problems: list[str] = []
    for name, given in table.items():
        if name not in _OF_ONE_S_OWN:
            try:
                kind = replace(kind, **_READERS[name](kind, given))
            except InputError as error:
                problems += (problem.message for problem in error.problems)
    if problems:
        raise InputError(*problems)
    return kind


def _begun(key: str, table: Mapping[str, Any]) -> ContentType:
    """The kind that the table starts from."""
    if key in BUILT_IN:
        if given := [name for name in _OF_ONE_S_OWN if name in table]:
            raise InputError(f"'{given[0]}' is for a kind of your own; '{key}' is built in.")
        return BUILT_IN[key]
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", key):
        raise InputError("the key of a kind is made of small letters, digits and _, such as dog_show.")
    like, label = table.get("like"), table.get("label")
    if not isinstance(like, str) or like not in BUILT_IN:
        raise InputError(f"a kind of your own needs 'like', one of: {', '.join(BUILT_IN)}. It follows its rules.")
    if not isinstance(label, str) or not label.strip():
        raise InputError("a kind of your own needs a 'label', what people call it.")
    return replace(BUILT_IN[like], key=key, label=label.strip(), base=like)


def _approval(kind: ContentType, given: Any) -> dict[str, Approval]:
    if given not in APPROVALS:
        raise InputError(f"approval '{given}' is not known. Give one of: {', '.join(APPROVALS)}.")
    level: Approval = given
    if APPROVALS.index(level) < APPROVALS.index(kind.approval):
        raise InputError(
            f"approval '{given}' is less than '{kind.approval}', which R41 asks. It may only be tightened."
        )
    return {"approval": level}


def _late_after(kind: ContentType, given: Any) -> dict[str, timedelta]:
    most = kind.late_after // timedelta(minutes=1)
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise InputError(f"late_after '{given}' is no number of minutes, 1 to {most}.")
    if given > most:
        raise InputError(f"late_after {given} is more than the {most} minutes of R42. It may only be tightened.")
    return {"late_after": timedelta(minutes=given)}


def _when_late(kind: ContentType, given: Any) -> dict[str, WhenLate]:
    if given not in get_args(WhenLate):
        raise InputError(f"when_late '{given}' is not known. Give ask or lapse.")
    if given == "go" and kind.when_late != "go":
        raise InputError("when_late 'go' would let a late post out without a person, which R42 forbids for this kind.")
    return {"when_late": given}


def _passes(kind: ContentType, given: Any) -> dict[str, frozenset[HoldKind]]:
    names = _names(given, "passes", [hold.value for hold in HoldKind])
    chosen = frozenset(HoldKind(name) for name in names)
    if more := sorted(chosen - kind.passes):
        raise InputError(f"the hold '{more[0]}' stops this kind (R35, R37, R38), and may not be made to let it pass.")
    return {"passes": chosen}


def _ranked(kind: ContentType, given: Any) -> dict[str, bool]:
    if not isinstance(given, bool):
        raise InputError(f"ranked '{given}' is neither true nor false.")
    if given and not kind.ranked:
        raise InputError("ranked may not be true: results of this kind are never compared or recommended (R11).")
    return {"ranked": given}


def _also_checks(kind: ContentType, given: Any) -> dict[str, frozenset[str]]:
    return {"leaves_out": kind.leaves_out - set(_names(given, "also_checks", CHECKS))}


def _blocks(_kind: ContentType, given: Any) -> dict[str, frozenset[str]]:
    return {"blocks": frozenset(_names(given, "blocks", CODES))}


def _asks(_kind: ContentType, given: Any) -> dict[str, frozenset[str]]:
    return {"asks": frozenset(_names(given, "asks", CODES))}


def _names(given: Any, field: str, known: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise InputError(f'{field} is a list of names, such as ["{next(iter(known))}"].')
    if unknown := [name for name in given if name not in known]:
        raise InputError(f"{field}: '{unknown[0]}' is not known. Give of: {', '.join(known)}.")
    return given


_READERS: Mapping[str, Callable[[ContentType, Any], Mapping[str, Any]]] = {
    "approval": _approval,
    "late_after": _late_after,
    "when_late": _when_late,
    "passes": _passes,
    "ranked": _ranked,
    "also_checks": _also_checks,
    "blocks": _blocks,
    "asks": _asks,
}


def findings(context: Context) -> Sequence[Finding]:
    """What `beatline doctor` says about the content types that the configuration changes or adds."""
    changed = ", ".join(context.settings.content_types)
    return (Finding(Level.OK, f"Content types as the configuration has them: {changed}."),) if changed else ()
