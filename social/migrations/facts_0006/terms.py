"""The columns of facts, and what one row adds to each, as pieces of SQL that both databases take.

`p` is always what stands before a column: NEW, OLD, or the name of a table."""

from collections.abc import Sequence

METRICS = ("impressions", "reach", "reactions", "replies", "shares", "clicks", "saves")
ACTIONS = METRICS[2:]
SOURCED = ("impressions", "reach")
"""Metrics of which the network's own name is kept: a line breaks where it changes."""
AGES = (("1h", 2_700, 3_900), ("24h", 75_600, 88_200), ("7d", 561_600, 619_200), ("28d", 2_289_600, 2_462_400))
"""Age, and between which seconds after publication a look must lie to count for it."""
STANCES = ("negative", "neutral", "positive", "unknown")
KINDS = ("emergency", "lead", "complaint", "question", "thanks", "abuse", "banter", "other")
REPLY_COUNTS = (
    "replies_stored", "replies_read", *(f"n_{name}" for name in (*STANCES, *KINDS)), "answered", "unanswered",
)  # fmt: skip
KEY = ("week", "place_id", "content_type", "channel", "account_id", "campaign")
_NONE = {"place_id": "0", "campaign": "''"}
"""What stands in a key for no place and for no campaign."""
ASKED = "('question', 'complaint')"


def when(condition: str, amount: str = "1") -> str:
    return f"CASE WHEN {condition} THEN {amount} ELSE 0 END"


def key(p: str) -> list[str]:
    """The row of weekly sums that a row of facts counts in."""
    return [f"COALESCE({p}.{name}, {_NONE[name]})" if name in _NONE else f"{p}.{name}" for name in KEY]


def actions(p: str) -> str:
    return " + ".join(f"COALESCE({p}.{name}, 0)" for name in ACTIONS)


def counts(p: str) -> dict[str, str]:
    """What the reported counts of a row of facts add to the week's sums."""
    found = {"reach_posts": when(f"{p}.reach IS NOT NULL")}
    for name in METRICS:
        if name != "reach":  # the same people see several posts: reach is never summed (M03)
            found[name] = f"COALESCE({p}.{name}, 0)"
            found[f"{name}_posts"] = when(f"{p}.{name} IS NOT NULL")
    any_action = f"COALESCE({', '.join(f'{p}.{name}' for name in ACTIONS)}) IS NOT NULL"
    found["engagement_posts"] = when(any_action)
    found["engagement_where_shares"] = when(f"{p}.shares IS NOT NULL", actions(p))
    return found


def weekly(p: str) -> dict[str, str]:
    """What a row of facts adds to the week's sums: column -> expression."""
    picture = {"posts_with_picture": when(f"{p}.has_picture")}
    return {"posts": "1", **picture, **counts(p), **{name: f"{p}.{name}" for name in REPLY_COUNTS}}


def reply(p: str) -> dict[str, str]:
    """What a resident's reply adds to the facts of its publication."""
    found = {"replies_stored": "1", "replies_read": when(f"{p}.seen_kind IS NOT NULL")}
    found |= {f"n_{name}": when(f"{p}.seen_stance = '{name}'") for name in STANCES}
    found |= {f"n_{name}": when(f"{p}.seen_kind = '{name}'") for name in KINDS}
    asked = f"{p}.seen_kind IN {ASKED}"
    found["answered"] = when(f"{asked} AND {p}.answered_at IS NOT NULL")
    found["unanswered"] = when(f"{asked} AND {p}.answered_at IS NULL")
    return found


def tally(p: str) -> dict[str, str]:
    """What a number of forgotten replies adds to the facts of their publication (M13)."""
    found = {"replies_stored": f"{p}.replies", "replies_read": when(f"{p}.kind <> ''", f"{p}.replies")}
    found |= {f"n_{name}": when(f"{p}.kind <> '' AND {p}.stance = '{name}'", f"{p}.replies") for name in STANCES}
    found |= {f"n_{name}": when(f"{p}.kind = '{name}'", f"{p}.replies") for name in KINDS}
    asked = f"{p}.kind IN {ASKED}"
    found["answered"] = when(f"{asked} AND {p}.answered", f"{p}.replies")
    found["unanswered"] = when(f"{asked} AND NOT {p}.answered", f"{p}.replies")
    return found


def added(new: dict[str, str], old: dict[str, str] | None = None, names: Sequence[str] = ()) -> str:
    """`a = a + new - old, ...` of these columns, of all where none is named."""
    return ", ".join(f"{name} = {name} + ({new[name]})" + (f" - ({old[name]})" if old else "") for name in names or new)


def taken(old: dict[str, str]) -> str:
    return ", ".join(f"{name} = {name} - ({amount})" for name, amount in old.items())


def seen(aspect: str, interaction: str) -> str:
    """The kind or stance that people see of a reply: of its latest reading, and otherwise where a person said otherwise."""
    said = (
        f'SELECT label."right" FROM label WHERE label.interaction_id = {interaction} '
        f"AND label.aspect = '{aspect}' AND label.in_force"
    )
    return (
        f"(SELECT COALESCE(({said}), reading.{aspect}) FROM reading "
        f"WHERE reading.interaction_id = {interaction} ORDER BY reading.id DESC LIMIT 1)"
    )


def first(of_reply: str, of_tally: str) -> str:
    """The earliest such moment under a publication, looked up among all its replies: only where the earliest went."""
    here = "publicationfacts.publication_id"
    return (
        f"(SELECT min(one.at) FROM (SELECT min({of_reply}) AS at FROM interaction AS other WHERE "
        f"other.publication_id = {here} AND NOT other.ours AND other.seen_kind IN {ASKED} UNION ALL "
        f"SELECT min({of_tally}) AS at FROM reply_tally WHERE reply_tally.publication_id = {here} "
        f"AND reply_tally.kind IN {ASKED}) AS one)"
    )
