"""The profile of one area as a document: plain values for programs, lines for people."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from insights.area_profile import AreaProfile
from insights.area_tables import say_members, say_rate, say_residents
from insights.labels import CHANNEL_LABELS
from insights.sentiment_tables import headline
from social.alerts.survey_concerns import Concerns, in_words
from social.profiles import LANGUAGES, PAGE_CHANNELS
from social.words import say_day, say_moment


def as_json_document(found: AreaProfile, concerns: Concerns | None) -> dict[str, Any]:
    """The whole profile as plain values; days and instants as ISO text, shares and rates as numbers, unknown as null."""
    place, total, people = found.place, found.figures, found.residents
    return {
        "area": place.name, "kind": place.kind, "lies_in": list(found.above),
        "population": people.number if people else None, "population_year": people.year if people else None,
        "population_source": people.source if people else None,
        "since": found.since, "posts": total.posts, "reactions": found.reactions,
        "reactions_per_1000_residents": found.per_1000,
        "sentiment": found.sentiment.as_row(), "answers": asdict(found.answers), "named_officers": found.contactable,
        "areas_with_named_officer": list(found.with_officer) if found.with_officer else None,
        "reached": list(found.reached), "concerns": asdict(concerns) if concerns else None,
        "priorities": [{"issue": one.issue, "action": one.action, "since": one.issued_on, "source": one.source}
                       for one in found.priorities],
        "channels": [asdict(one) for one in found.channels],
        "alert_members": say_members(None) if found.members is None else found.members,
        "community_pages": [{"name": one.name, "channel": one.channel, "address": one.address,
                             "followers": one.followers, "read_on": one.followers_on} for one in found.pages],
        "partners": [{"name": one.name, "kind": one.kind, "about": one.about} for one in found.partners],
        "languages": [{"lang": one.lang, "share": one.share, "year": one.year, "source": one.source}
                      for one in found.languages],
        "asked": [{"on": one.asked.asked_on, "by": one.asked.by, "text": one.asked.text, "finished": one.asked.closed_on,
                   "done": [{"on": act.done_on, "text": act.text} for act in one.done]} for one in found.asked],
        "events": [{"title": one.title, "starts_at": one.starts_at, "address": one.address} for one in found.events],
        "latest_posts": [{key: value for key, value in asdict(one).items() if key != "text"} for one in found.posts],
        "credit": found.credit,
    }  # fmt: skip


def plain(value: object) -> str:
    """What JSON has no form for: a day or an instant, as ISO text."""
    assert isinstance(value, date | datetime)
    return value.isoformat()


def as_lines(found: AreaProfile, concerns: Concerns | None) -> Iterator[str]:
    """The same, a line at a time."""
    place, total = found.place, found.figures
    yield " > ".join((*found.above, place.name))
    yield f"Residents: {say_residents(found.residents)}"
    yield (f"Posts in 28 days: {total.posts}; reactions per 1,000 residents: {say_rate(found.per_1000)}; "
           f"questions and complaints without an answer: {found.answers.waiting}")  # fmt: skip
    yield headline(found.sentiment)
    yield from found.reached
    if concerns is not None:
        yield in_words(concerns)
    for priority in found.priorities:
        yield f"Priority{f' since {say_day(priority.issued_on)}' if priority.issued_on else ''}: {priority.issue}"
    for one in found.asked:
        yield f"You said, {say_day(one.asked.asked_on)}: {one.asked.text}"
        for act in one.done:
            yield f"  We did, {say_day(act.done_on)}: {act.text}"
    for channel in found.channels:
        label = CHANNEL_LABELS.get(channel.channel, channel.channel)
        yield f"Channel: {channel.account} ({label}), {channel.posts} posts here in a year"
    yield f"Members of the alert service here: {say_members(found.members)}"
    for page in found.pages:
        yield f"Community page: {page.name} ({PAGE_CHANNELS.get(page.channel, page.channel)}), {page.address}"
    for partner in found.partners:
        yield f"Partner: {partner.name}"
    for spoken in found.languages:
        share = f" {spoken.share:.1%} ({spoken.year}, {spoken.source})" if spoken.share is not None else ""
        yield f"Language: {LANGUAGES.get(spoken.lang, spoken.lang)}{share}"
    for event in found.events:
        yield f"Event: {say_moment(event.starts_at)}: {event.title}"
    if found.credit:
        yield found.credit
