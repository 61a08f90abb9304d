"""What is known of an area besides figures: its priorities, what was asked for and done, and where to meet its police."""

from datetime import timedelta

from insights.denominators import residents_of_choice
from insights.reports.document import NOT_MEASURED, Block, Column, Table, Value
from insights.reports.scope import Scope, local_day, short_day, table_day
from social.asked_and_done import Asked, asked_and_done
from social.local_events import events_of
from social.places import Place
from social.priorities import is_old, priorities_of
from social.profiles import ASKED_BY, AskedBy
from social.words import say_count, say_moment

AHEAD = timedelta(days=90)
_MOST = 20


def priorities(scope: Scope) -> list[Block]:
    """What the neighbourhood asked its police to work on, each with its age (M15)."""
    today = local_day(scope.now)
    found = priorities_of(scope.session, scope.place_ids)
    several = len({one.place_id for one in found}) > 1
    rows: list[tuple[Value, ...]] = []
    for one in found[:_MOST]:
        where = (_name(scope, one.place_id),) if several else ()
        day = table_day(one.issued_on) if one.issued_on else "no day given"
        old = {True: "yes: look at it again", False: "no", None: "not known"}[is_old(one, today)]
        rows.append(
            (one.issue, *where, one.action or "nothing is on record yet", day, *(() if scope.outside else (old,)))
        )
    head = (Column("Priority"), *((Column("Area"),) if several else ()), Column("What was done"), Column("Set on"),
            *(() if scope.outside else (Column("Older than 90 days"),)))  # fmt: skip
    return [
        Table(
            f"Priorities of {scope.where}", head, tuple(rows),
            notes=(f"The first {_MOST} of {len(found)}.",) if len(found) > _MOST else (),
            source=" and ".join(sorted({one.source for one in found})),
            empty=f"No priority of {scope.where} is on record: {NOT_MEASURED}.",
        )
    ]  # fmt: skip


def asked(scope: Scope) -> list[Asked]:
    """What was asked for up to the period's end and not closed before it began, the latest first."""
    found = [
        one
        for one in asked_and_done(scope.session, scope.place_ids)
        if one.asked.asked_on <= scope.until and (one.asked.closed_on is None or one.asked.closed_on >= scope.since)
    ]
    return sorted(found, key=lambda one: one.asked.asked_on, reverse=True)


def you_said_we_did(scope: Scope) -> list[Block]:
    """What residents asked for and what was done about it, in the force's own words."""
    rows: list[tuple[Value, ...]] = []
    for one in asked(scope)[:_MOST]:
        done = [deed for deed in one.done if deed.done_on <= scope.until]
        did = (
            " ".join(f"{short_day(deed.done_on)}: {deed.text.rstrip('.')}." for deed in done)
            or "nothing is on record yet"
        )
        how = ASKED_BY[AskedBy(one.asked.by)] if one.asked.by in set(AskedBy) else one.asked.by
        rows.append((one.asked.text, table_day(one.asked.asked_on), *(() if scope.outside else (how,)), did))
    return [
        Table(
            f"What residents of {scope.where} asked for, and what was done",
            (Column("You said"), Column("Asked on"), *(() if scope.outside else (Column("How we know"),)),
             Column("We did")), tuple(rows),
            source="kept by the neighbourhood team",
            empty=f"Nothing that residents of {scope.where} asked for is on record: {NOT_MEASURED}.",
        )
    ]  # fmt: skip


def asked_in_words(scope: Scope) -> str:
    """'Residents asked for 4 things; something was done about 3.'"""
    found = asked(scope)
    if not found:
        return f"What residents asked for is not on record: {NOT_MEASURED}."
    done = sum(any(deed.done_on <= scope.until for deed in one.done) for one in found)
    return f"Residents asked for {say_count(len(found), 'thing')}; something was done about {done}."


def events(scope: Scope) -> list[Block]:
    """Where residents can meet their police in the three months ahead."""
    found = [
        one
        for one in events_of(scope.session, scope.place_ids, since=scope.now, until=scope.now + AHEAD)
        if one.starts_at is not None
    ]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (one.title, say_moment(one.starts_at), one.address or "place not given") for one in found[:_MOST]
    )
    return [
        Table(
            f"Where to meet your police in {scope.where}", (Column("Event"), Column("When"), Column("Where")), rows,
            source=" and ".join(sorted({one.source for one in found})),
            empty=f"No event in {scope.where} is on record for the next three months.",
        )
    ]  # fmt: skip


def population(scope: Scope) -> str:
    """'About 7,400 residents (2024, ONS).', or that it is not known (D09)."""
    found = residents_of_choice(scope.session, scope.place_id)
    if found is None:
        where = scope.where if scope.about else "the force's area"
        return f"The population of {where} is not on record, so no figure is given per 1,000 residents."
    known = ", ".join(str(part) for part in (found.year, found.source) if part)
    where = found.area if scope.about else f"the area of {found.area}"
    return f"About {say_count(found.number, 'resident')} live in {where} ({known or 'source not kept'})."


def _name(scope: Scope, place_id: int) -> str:
    place = scope.session.get(Place, place_id)
    return place.name if place is not None else "Unknown area"
