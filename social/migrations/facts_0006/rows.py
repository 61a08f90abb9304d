"""Triggers that fire row by row: publications, reported counts, followers, forgotten replies, and the weekly sums."""

from collections.abc import Iterator

from social.migrations.facts_0006 import terms
from social.migrations.facts_0006.dialects import Dialect, Trigger
from social.migrations.facts_0006.replies import reply_triggers
from social.migrations.facts_0006.terms import AGES, KEY, METRICS, REPLY_COUNTS, SOURCED

REPLIES_BY_ROW = frozenset({
    "facts_publication_new", "facts_week_new", "facts_reply_new", "facts_reply_new_read", "facts_reply_changed",
    "facts_reply_moved", "facts_reply_first", "facts_reply_gone", "facts_reply_first_gone", "facts_read",
    "facts_read_anew", "facts_unread",
})  # fmt: skip
"""Those that PostgreSQL has once a statement in place of once a row (`grouped`)."""
_COPIED = ("account_id", "content_type", "place_id", "campaign", "published_at", "has_picture")
_HERE = "publication_id = {}.publication_id"


def row_triggers(d: Dialect) -> Iterator[Trigger]:
    yield from _publications(d)
    yield from _followers(d)
    yield from _measurements(d)
    yield from reply_triggers(d)
    yield from _tallies()
    yield from _minutes(d)
    yield from _weeks(d)
    yield from unfolded()


def dated(d: Dialect, p: str) -> dict[str, str]:
    """What of a row of facts follows from when its publication went out."""
    at = f"{p}.published_at"
    return {"week": d.week(at), "local_weekday": d.weekday(at), "local_hour": d.hour(at)}


def counted_followers(account: str, moment: str) -> str:
    """The account's followers at that moment: the last count at or before it."""
    return (
        f"(SELECT audience.followers FROM audience WHERE audience.account_id = {account} "
        f"AND audience.fetched_at <= {moment} ORDER BY audience.fetched_at DESC, audience.id DESC LIMIT 1)"
    )


def new_facts(d: Dialect, p: str) -> dict[str, str]:
    """The row of facts of a publication that nothing is known of yet."""
    return {
        "publication_id": f"{p}.id",
        **{name: f"{p}.{name}" for name in _COPIED},
        "channel": f"(SELECT account.channel FROM account WHERE account.id = {p}.account_id)",
        **dated(d, p),
        "followers": counted_followers(f"{p}.account_id", f"{p}.published_at"),
        **dict.fromkeys(REPLY_COUNTS, "0"),
    }


def _publications(d: Dialect) -> Iterator[Trigger]:
    fresh = new_facts(d, "NEW")
    put = f"INSERT INTO publicationfacts ({', '.join(fresh)}) VALUES ({', '.join(fresh.values())})"
    yield Trigger("facts_publication_new", "AFTER INSERT", "publication", [put])
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in _COPIED)
    skip = ("publication_id", *REPLY_COUNTS)
    values = ", ".join(f"{name} = {value}" for name, value in fresh.items() if name not in skip)
    anew = ", ".join(term for metric in METRICS for term in looked_up(d, metric, latest=False))
    unpack = "DELETE FROM week_pack WHERE week = (SELECT week FROM publicationfacts WHERE publication_id = NEW.id)"
    first, second = (f"UPDATE publicationfacts SET {some} WHERE publication_id = NEW.id" for some in (values, anew))
    change = [unpack, first, second, unpack]
    yield Trigger("facts_publication_changed", "AFTER UPDATE", "publication", change, changed, _COPIED)
    yield Trigger("facts_publication_gone", "BEFORE DELETE", "publication",
                  ["DELETE FROM publicationfacts WHERE publication_id = OLD.id"])  # fmt: skip


def _followers(d: Dialect) -> Iterator[Trigger]:
    counted = counted_followers("publicationfacts.account_id", "publicationfacts.published_at")

    def again(p: str) -> str:
        later = f"account_id = {p}.account_id AND published_at >= {p}.fetched_at"
        return f"UPDATE publicationfacts SET followers = {counted} WHERE {later}"

    yield Trigger("facts_followers_new", "AFTER INSERT", "audience", [again("NEW")])
    yield Trigger("facts_followers_changed", "AFTER UPDATE", "audience", [again("OLD"), again("NEW")])
    yield Trigger("facts_followers_gone", "AFTER DELETE", "audience", [again("OLD")])
    renamed = "UPDATE publicationfacts SET channel = NEW.channel WHERE account_id = NEW.id"
    yield Trigger(
        "facts_channel", "AFTER UPDATE", "account", [renamed], d.differs("OLD.channel", "NEW.channel"), ("channel",)
    )


def _source(p: str) -> str:
    return f"{p}.source_metric || ' v' || {p}.definition_version"


def _measurements(d: Dialect) -> Iterator[Trigger]:
    """A new count is the latest and is looked up nowhere; what changes or goes behind our back is looked up anew."""
    for metric in METRICS:
        terms_ = [f"{metric} = NEW.value"]
        for age, low, high in AGES:
            near = f"NEW.fetched_at <= {d.later('published_at', high)} AND NEW.checked_at >= {d.later('published_at', low)}"
            terms_.append(f"{metric}_{age} = CASE WHEN {near} THEN NEW.value ELSE {metric}_{age} END")
        if metric in SOURCED:
            source = _source("NEW")
            new = f"{metric}_source <> {source}"
            terms_ += [
                f"{metric}_source_before = CASE WHEN {new} THEN {metric}_source ELSE {metric}_source_before END",
                f"{metric}_changed_at = CASE WHEN {new} THEN NEW.fetched_at ELSE {metric}_changed_at END",
                f"{metric}_source = {source}",
            ]
        yield Trigger(f"facts_{metric}_new", "AFTER INSERT", "measurement",
                      [f"UPDATE publicationfacts SET {', '.join(terms_)} WHERE {_HERE.format('NEW')}"],
                      f"NEW.metric = '{metric}'")  # fmt: skip
        again = f"UPDATE publicationfacts SET {', '.join(looked_up(d, metric))} WHERE "
        yield Trigger(f"facts_{metric}_changed", "AFTER UPDATE", "measurement",
                      [again + _HERE.format("OLD"), again + _HERE.format("NEW")],
                      f"'{metric}' IN (OLD.metric, NEW.metric) AND NOT ({_only_checked(d)})")  # fmt: skip
        yield Trigger(f"facts_{metric}_gone", "AFTER DELETE", "measurement", [again + _HERE.format("OLD")],
                      f"OLD.metric = '{metric}'")  # fmt: skip
        # The same value was seen again: it counts for an age whose time has come since.
        crossed = " OR ".join(
            f"(OLD.checked_at < {d.later('published_at', low)} AND NEW.checked_at >= {d.later('published_at', low)} "
            f"AND NEW.fetched_at <= {d.later('published_at', high)})"
            for _, low, high in AGES
        )
        yield Trigger(f"facts_{metric}_again", "AFTER UPDATE", "measurement",
                      [f"UPDATE publicationfacts SET {', '.join(looked_up(d, metric, latest=False))} "
                       f"WHERE {_HERE.format('NEW')} AND ({crossed})"],
                      f"NEW.metric = '{metric}' AND NEW.checked_at > OLD.checked_at AND {_only_checked(d)}")  # fmt: skip


def _only_checked(d: Dialect) -> str:
    columns = ("publication_id", "metric", "value", "source_metric", "definition_version", "fetched_at")
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in columns)
    return f"NOT ({changed}) AND NEW.checked_at >= OLD.checked_at"


def looked_up(d: Dialect, metric: str, *, latest: bool = True) -> Iterator[str]:
    """`column = value` of everything that is known of one metric of one publication, from its few stored counts."""
    here = f"one.publication_id = publicationfacts.publication_id AND one.metric = '{metric}'"
    newest = "ORDER BY one.id DESC LIMIT 1"
    for age, low, high in AGES:
        at = "publicationfacts.published_at"
        near = f"one.fetched_at <= {d.later(at, high)} AND one.checked_at >= {d.later(at, low)}"
        yield f"{metric}_{age} = (SELECT one.value FROM measurement AS one WHERE {here} AND {near} {newest})"
    if not latest:
        return
    yield f"{metric} = (SELECT one.value FROM measurement AS one WHERE {here} {newest})"
    if metric in SOURCED:
        source = _source("one")
        now = f"(SELECT {source} FROM measurement AS one WHERE {here} {newest})"
        other = f"{here} AND {source} <> {now}"
        last_other = f"(SELECT max(one.id) FROM measurement AS one WHERE {other})"
        yield f"{metric}_source = {now}"
        yield f"{metric}_source_before = (SELECT {source} FROM measurement AS one WHERE {other} {newest})"
        yield (
            f"{metric}_changed_at = (SELECT one.fetched_at FROM measurement AS one WHERE {here} "
            f"AND one.id > {last_other} ORDER BY one.id LIMIT 1)"
        )


def _tallies() -> Iterator[Trigger]:
    def changed(p: str, sums: str) -> str:
        moments = f"{_earliest(p, 'first_asked_at', 'created_at')}, {_earliest(p, 'first_answered_at', 'answered_at')}"
        return f"UPDATE publicationfacts SET {sums}, {moments} WHERE {_HERE.format(p)}"

    more = changed("NEW", terms.added(terms.tally("NEW")))
    less = changed("OLD", terms.taken(terms.tally("OLD")))
    yield Trigger("facts_tally_new", "AFTER INSERT", "reply_tally", [more])
    yield Trigger("facts_tally_changed", "AFTER UPDATE", "reply_tally", [less, more])
    yield Trigger("facts_tally_gone", "AFTER DELETE", "reply_tally", [less])


def _earliest(p: str, column: str, of_reply: str) -> str:
    asked = f"{p}.kind IN {terms.ASKED}"
    if p == "NEW":
        earlier = f"{asked} AND {p}.{column} IS NOT NULL AND ({column} IS NULL OR {p}.{column} < {column})"
        return f"{column} = CASE WHEN {earlier} THEN {p}.{column} ELSE {column} END"
    again = terms.first(f"other.{of_reply}", f"reply_tally.{column}")
    return f"{column} = CASE WHEN {asked} AND {p}.{column} = {column} THEN {again} ELSE {column} END"


def _minutes(d: Dialect) -> Iterator[Trigger]:
    changed = " OR ".join(d.differs(f"OLD.{name}", f"NEW.{name}") for name in ("first_asked_at", "first_answered_at"))
    minutes = d.minutes("first_asked_at", "first_answered_at")
    known = "first_asked_at IS NOT NULL AND first_answered_at IS NOT NULL"
    body = f"UPDATE publicationfacts SET response_minutes = CASE WHEN {known} THEN {minutes} END WHERE {_HERE.format('NEW')}"
    yield Trigger(
        "facts_minutes",
        "AFTER UPDATE",
        "publicationfacts",
        [body, "DELETE FROM week_pack WHERE week = NEW.week"],
        changed,
        ("first_asked_at", "first_answered_at"),
    )


def _weeks(d: Dialect) -> Iterator[Trigger]:
    """Facts -> weekly sums. What is added to a week's row is the difference, so nothing is counted twice."""
    new, old = terms.weekly("NEW"), terms.weekly("OLD")
    at_new, at_old = _at("NEW"), _at("OLD")
    put = (
        f"INSERT INTO weeklyfacts ({', '.join((*KEY, *new))}) VALUES ({', '.join((*terms.key('NEW'), *new.values()))}) "
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET "
        + ", ".join(f"{name} = weeklyfacts.{name} + excluded.{name}" for name in new)
    )
    less = [
        f"UPDATE weeklyfacts SET {terms.taken(old)} WHERE {at_old}",
        f"DELETE FROM weeklyfacts WHERE {at_old} AND posts = 0",
        "DELETE FROM week_pack WHERE week = OLD.week",
    ]
    unpack = "DELETE FROM week_pack WHERE week = NEW.week"
    stays = " AND ".join(f"{one} = {other}" for one, other in zip(terms.key("NEW"), terms.key("OLD"), strict=True))
    yield Trigger("facts_week_new", "AFTER INSERT", "publicationfacts", [put, unpack])
    yield Trigger("facts_week_moved", "AFTER UPDATE", "publicationfacts", [*less, put, unpack], f"NOT ({stays})", KEY)
    yield Trigger("facts_week_gone", "AFTER DELETE", "publicationfacts", less)
    groups = {
        "stored": (("replies_stored",), ("replies_stored",)),
        "read": (REPLY_COUNTS[1:], REPLY_COUNTS[1:]),
        "counts": (METRICS, tuple(terms.counts("NEW"))),
        "picture": (("has_picture",), ("posts_with_picture",)),
    }
    for name, (columns, sums) in groups.items():
        changed = " OR ".join(d.differs(f"OLD.{column}", f"NEW.{column}") for column in columns)
        body = [f"UPDATE weeklyfacts SET {terms.added(new, old, sums)} WHERE {at_new}"]
        if name == "counts":
            body.append(unpack)
        yield Trigger(
            f"facts_week_{name}", "AFTER UPDATE", "publicationfacts", body, f"({changed}) AND {stays}", columns
        )


def unfolded() -> Iterator[Trigger]:
    """Sums that were added up over a week are not right any more when one of the week's sums changes."""
    for event, p in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        body = f"DELETE FROM folded_week WHERE week = {p}.week"
        yield Trigger(f"facts_unfold_{event.lower()}", f"AFTER {event}", "weeklyfacts", [body])


def _at(p: str) -> str:
    return " AND ".join(f"{name} = {value}" for name, value in zip(KEY, terms.key(p), strict=True))
