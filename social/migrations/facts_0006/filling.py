"""Facts of what was stored before there were triggers: every row of them, worked out once."""

from collections.abc import Iterator

from social.migrations.facts_0006 import terms
from social.migrations.facts_0006.dialects import Dialect
from social.migrations.facts_0006.rows import looked_up, new_facts
from social.migrations.facts_0006.terms import KEY, METRICS, REPLY_COUNTS


def fill(d: Dialect) -> Iterator[str]:
    """The statements, in the order in which they build on each other."""
    kind, stance = terms.seen("kind", "interaction.id"), terms.seen("stance", "interaction.id")
    yield f"UPDATE interaction SET seen_kind = {kind}, seen_stance = {stance} WHERE NOT ours"
    yield "DELETE FROM publicationfacts"
    row = new_facts(d, "publication")
    yield f"INSERT INTO publicationfacts ({', '.join(row)}) SELECT {', '.join(row.values())} FROM publication"
    yield f"UPDATE publicationfacts SET {', '.join(term for one in METRICS for term in looked_up(d, one))}"
    yield _summed(terms.reply("interaction"), "interaction", "NOT interaction.ours")
    yield _summed(terms.tally("reply_tally"), "reply_tally", "replies > 0")
    asked, answered = (terms.first(f"other.{mine}", f"reply_tally.{column}")
                       for column, mine in (("first_asked_at", "created_at"), ("first_answered_at", "answered_at")))  # fmt: skip
    yield (
        f"UPDATE publicationfacts SET first_asked_at = {asked}, first_answered_at = {answered} "
        "WHERE answered > 0 OR unanswered > 0"
    )
    minutes = d.minutes("first_asked_at", "first_answered_at")
    yield f"UPDATE publicationfacts SET response_minutes = {minutes} WHERE first_answered_at IS NOT NULL"
    sums = terms.weekly("publicationfacts")
    key = ", ".join(terms.key("publicationfacts"))
    yield (
        f"INSERT INTO weeklyfacts ({', '.join((*KEY, *sums))}) SELECT {key}, "
        f"{', '.join(f'sum({amount})' for amount in sums.values())} FROM publicationfacts GROUP BY {key}"
    )


def _summed(amounts: dict[str, str], table: str, where: str) -> str:
    totals = ", ".join(f"sum({amount}) AS {name}" for name, amount in amounts.items())
    changes = ", ".join(f"{name} = publicationfacts.{name} + total.{name}" for name in REPLY_COUNTS)
    return (
        f"UPDATE publicationfacts SET {changes} FROM (SELECT publication_id, {totals} FROM {table} WHERE {where} "
        "GROUP BY publication_id) AS total WHERE publicationfacts.publication_id = total.publication_id"
    )
