"""Triggers of PostgreSQL that fire once a statement: a page of replies, or a batch of readings, is one change to the facts
of each publication.

Writers that take no turns (`Database.write(together=True)`) take them here: whoever first changes facts holds a lock until
it commits, so that no two wait for each other's rows."""

from collections.abc import Iterator

from social.migrations.facts_0006 import terms
from social.migrations.facts_0006.dialects import Dialect
from social.migrations.facts_0006.replies import COUNTED
from social.migrations.facts_0006.rows import new_facts
from social.migrations.facts_0006.terms import ASKED, KEY, REPLY_COUNTS

# The plan is kept for as long as the connection lives: it must not be one for tables that were small when it was made.
_PLAN = "SET enable_seqscan = off"
_TABLES = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "OLD TABLE AS was NEW TABLE AS fresh",
    "DELETE": "OLD TABLE AS was",
}


_LOCK = 0x6661_6374


def grouped_triggers(d: Dialect) -> Iterator[str]:
    yield (
        "CREATE FUNCTION facts_in_turn() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM pg_advisory_xact_lock({_LOCK}); RETURN NULL; END $$"
    )
    yield (
        "CREATE TRIGGER facts_in_turn BEFORE INSERT OR UPDATE OR DELETE ON publicationfacts "
        "FOR EACH STATEMENT EXECUTE FUNCTION facts_in_turn()"
    )
    yield from _trigger("facts_publication_new", "INSERT", "publication", _publications(d))
    yield from _trigger("facts_week_new", "INSERT", "publicationfacts", _weeks())
    for event, name in (("INSERT", "new"), ("UPDATE", "changed"), ("DELETE", "gone")):
        yield from _trigger(f"facts_reply_{name}", event, "interaction", _replies(event))
    for event, name in (("INSERT", "read"), ("UPDATE", "read_anew"), ("DELETE", "unread")):
        yield from _trigger(f"facts_{name}", event, "reading", _seen(event))


def _trigger(name: str, event: str, table: str, body: str) -> Iterator[str]:
    yield (f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {_PLAN} AS $$ BEGIN {body}; RETURN NULL; END $$")
    yield (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {_TABLES[event]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _publications(d: Dialect) -> str:
    row = new_facts(d, "fresh")
    return f"INSERT INTO publicationfacts ({', '.join(row)}) SELECT {', '.join(row.values())} FROM fresh"


def _weeks() -> str:
    sums = terms.weekly("fresh")
    key = ", ".join(terms.key("fresh"))
    places = ", ".join(str(number) for number in range(1, len(KEY) + 1))
    return (
        f"INSERT INTO weeklyfacts ({', '.join((*KEY, *sums))}) "
        f"SELECT {key}, {', '.join(f'sum({amount})' for amount in sums.values())} FROM fresh "
        f"GROUP BY {places} ORDER BY {places} ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET "
        + ", ".join(f"{name} = weeklyfacts.{name} + excluded.{name}" for name in sums)
        + "; DELETE FROM week_pack WHERE week IN (SELECT week FROM fresh)"
    )


def _seen(event: str) -> str:
    ids = {
        "INSERT": "SELECT interaction_id FROM fresh",
        "UPDATE": "SELECT fresh.interaction_id FROM fresh JOIN was ON was.id = fresh.id WHERE "
        "(was.interaction_id, was.kind, was.stance) IS DISTINCT FROM (fresh.interaction_id, fresh.kind, fresh.stance) "
        "UNION SELECT was.interaction_id FROM fresh JOIN was ON was.id = fresh.id "
        "WHERE was.interaction_id <> fresh.interaction_id",
        "DELETE": "SELECT interaction_id FROM was",
    }[event]
    kind, stance = terms.seen("kind", "interaction.id"), terms.seen("stance", "interaction.id")
    return (
        f"UPDATE interaction SET seen_kind = {kind}, seen_stance = {stance} "
        f"WHERE interaction.id = ANY (ARRAY({ids})) "
        f"AND (interaction.seen_kind, interaction.seen_stance) IS DISTINCT FROM ({kind}, {stance})"
    )


def _replies(event: str) -> str:
    """What came counts once, what went counts less once; an update is both."""
    columns = ", ".join(COUNTED)
    differ = f"({', '.join(f'was.{one}' for one in COUNTED)}) IS DISTINCT FROM ({', '.join(f'fresh.{one}' for one in COUNTED)})"
    came = f"SELECT 1 AS sign, {columns} FROM fresh WHERE NOT ours"
    went = f"SELECT -1 AS sign, {columns} FROM was WHERE NOT ours"
    if event == "UPDATE":
        both = f"FROM fresh JOIN was ON was.id = fresh.id WHERE {differ}"
        came, went = (
            f"SELECT {sign} AS sign, {', '.join(f'{p}.{one}' for one in COUNTED)} {both} AND NOT {p}.ours"
            for sign, p in ((1, "fresh"), (-1, "was"))
        )
    moved = {"INSERT": came, "DELETE": went, "UPDATE": f"{came} UNION ALL {went}"}[event]
    touched = f"SELECT publication_id FROM ({moved}) AS moved"
    sums = terms.reply("moved")
    asked = f"moved.seen_kind IN {ASKED}"
    totals = ", ".join(f"sum(sign * ({amount})) AS {name}" for name, amount in sums.items())
    moments = (
        f"min(created_at) FILTER (WHERE sign = 1 AND {asked}) AS came_at, "
        f"min(answered_at) FILTER (WHERE sign = 1 AND {asked}) AS came_answered, "
        f"min(created_at) FILTER (WHERE sign = -1 AND {asked}) AS went_at, "
        f"min(answered_at) FILTER (WHERE sign = -1 AND {asked}) AS went_answered"
    )
    set_sums = ", ".join(f"{name} = publicationfacts.{name} + total.{name}" for name in REPLY_COUNTS)
    set_first = ", ".join((
        _earliest("first_asked_at", "created_at", "came_at", "went_at"),
        _earliest("first_answered_at", "answered_at", "came_answered", "went_answered"),
    ))  # fmt: skip
    begin = f"IF NOT EXISTS ({touched}) THEN RETURN NULL; END IF"
    change = (
        f"UPDATE publicationfacts SET {set_sums}, {set_first} FROM (SELECT publication_id, {totals}, {moments} "
        f"FROM ({moved}) AS moved GROUP BY publication_id) AS total "
        "WHERE publicationfacts.publication_id = total.publication_id"
    )
    return f"{begin}; {change}"


def _earliest(column: str, mine: str, came: str, went: str) -> str:
    """A new one may come before; where the first went, and no other as early came, all are looked at."""
    here = f"publicationfacts.{column}"
    kept = (
        "NOT EXISTS (SELECT 1 FROM reply_tally WHERE reply_tally.publication_id = publicationfacts.publication_id "
        f"AND reply_tally.kind IN {ASKED} AND reply_tally.{column} <= {here})"
    )
    again = terms.first(f"other.{mine}", f"reply_tally.{column}")
    return (
        f"{column} = CASE WHEN total.{came} IS NOT NULL AND ({here} IS NULL OR total.{came} <= {here}) THEN total.{came} "
        f"WHEN total.{went} = {here} AND {kept} THEN {again} ELSE {here} END"
    )
