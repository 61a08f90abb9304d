"""Replies, readings and corrections, row by row: for SQLite, and for both databases where it is seldom."""

from collections.abc import Iterator

from social.migrations.facts_0006 import terms
from social.migrations.facts_0006.dialects import Dialect, Trigger
from social.migrations.facts_0006.terms import ASKED, REPLY_COUNTS

COUNTED = ("publication_id", "ours", "seen_kind", "seen_stance", "answered_at", "created_at")
"""What of a reply its publication's facts depend on."""


def reply_triggers(d: Dialect) -> Iterator[Trigger]:
    yield from _seen(d)
    new, old = terms.reply("NEW"), terms.reply("OLD")
    read = REPLY_COUNTS[1:]
    at_new, at_old = (
        f"UPDATE publicationfacts SET {{}} WHERE publication_id = {p}.publication_id" for p in ("NEW", "OLD")
    )
    yield Trigger("facts_reply_new", "AFTER INSERT", "interaction", [at_new.format("replies_stored = replies_stored + 1")],
                  "NOT NEW.ours AND NEW.seen_kind IS NULL")  # fmt: skip
    yield Trigger("facts_reply_new_read", "AFTER INSERT", "interaction",
                  [at_new.format(f"{terms.added(new)}, {_earliest('NEW')}")],
                  "NOT NEW.ours AND NEW.seen_kind IS NOT NULL")  # fmt: skip
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in COUNTED[2:])
    stays = "OLD.publication_id = NEW.publication_id AND NOT OLD.ours AND NOT NEW.ours"
    yield Trigger("facts_reply_changed", "AFTER UPDATE", "interaction", [at_new.format(terms.added(new, old, read))],
                  f"({changed}) AND {stays}", COUNTED)  # fmt: skip
    yield Trigger("facts_reply_moved", "AFTER UPDATE", "interaction",
                  [at_old.format(terms.taken(old)) + " AND NOT OLD.ours",
                   at_new.format(terms.added(new)) + " AND NOT NEW.ours",
                   at_old.format(_looked_up()), at_new.format(_looked_up())],
                  "OLD.publication_id <> NEW.publication_id OR OLD.ours <> NEW.ours", COUNTED)  # fmt: skip
    asked = f"(OLD.seen_kind IN {ASKED} OR NEW.seen_kind IN {ASKED})"
    yield Trigger("facts_reply_first", "AFTER UPDATE", "interaction", [at_new.format(_earliest("NEW", "OLD"))],
                  f"{asked} AND ({changed}) AND {stays}", COUNTED)  # fmt: skip
    yield Trigger("facts_reply_gone", "AFTER DELETE", "interaction", [at_old.format(terms.taken(old))], "NOT OLD.ours")
    yield Trigger("facts_reply_first_gone", "AFTER DELETE", "interaction", [at_old.format(_earliest(None, "OLD"))],
                  f"NOT OLD.ours AND OLD.seen_kind IN {ASKED}")  # fmt: skip


def _seen(d: Dialect) -> Iterator[Trigger]:
    """What people see of a reply stands in its own row, so that every change knows what was counted before."""

    def again(p: str) -> str:
        id_ = f"{p}.interaction_id"
        return (
            f"UPDATE interaction SET seen_kind = {terms.seen('kind', id_)}, seen_stance = {terms.seen('stance', id_)} "
            f"WHERE id = {id_}"
        )

    columns = ("interaction_id", "kind", "stance")
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in columns)
    yield Trigger("facts_read", "AFTER INSERT", "reading", [again("NEW")])
    yield Trigger("facts_read_anew", "AFTER UPDATE", "reading", [again("OLD"), again("NEW")], changed, columns)
    yield Trigger("facts_unread", "AFTER DELETE", "reading", [again("OLD")])
    counts = "{}.aspect IN ('kind', 'stance')"
    said = ("interaction_id", "aspect", '"right"', "in_force")
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in said)
    yield Trigger("facts_said", "AFTER INSERT", "label", [again("NEW")], counts.format("NEW"))
    yield Trigger("facts_said_otherwise", "AFTER UPDATE", "label", [again("OLD"), again("NEW")], changed, said)
    yield Trigger("facts_unsaid", "AFTER DELETE", "label", [again("OLD")], counts.format("OLD"))


_MOMENTS = (("first_asked_at", "created_at"), ("first_answered_at", "answered_at"))


def _looked_up() -> str:
    return ", ".join(f"{column} = {_again(column, mine)}" for column, mine in _MOMENTS)


def _again(column: str, mine: str) -> str:
    return terms.first(f"other.{mine}", f"reply_tally.{column}")


def _earliest(new: str | None, old: str | None = None) -> str:
    """The first question and the first answer: a new one may come before, and where the first went all are looked at."""
    found = []
    for column, mine in _MOMENTS:
        cases = ""
        if new:
            earlier = f"{new}.{mine} IS NOT NULL AND ({column} IS NULL OR {new}.{mine} <= {column})"
            cases += f"WHEN {new}.seen_kind IN {ASKED} AND {earlier} THEN {new}.{mine} "
        if old:
            kept = (
                "NOT EXISTS (SELECT 1 FROM reply_tally WHERE reply_tally.publication_id = publicationfacts.publication_id "
                f"AND reply_tally.kind IN {ASKED} AND reply_tally.{column} <= {old}.{mine})"
            )
            cases += (
                f"WHEN {old}.seen_kind IN {ASKED} AND {old}.{mine} = {column} AND {kept} THEN {_again(column, mine)} "
            )
        found.append(f"{column} = CASE {cases}ELSE {column} END")
    return ", ".join(found)
