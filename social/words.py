"""How pages, reports and mails say things: times, dates, states, shares. No Streamlit here: it can be tested by itself."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from social.clock import as_local

NOT_REPORTED = "not reported"
"""A figure that a network did not give. Never 0 and never blank."""

STATES: dict[str, str] = {
    "draft": "Draft",
    "sent_back": "Sent back",
    "in_review": "Waiting for approval",
    "approved": "Approved",
    "queued": "Going out",
    "publishing": "Going out now",
    "unconfirmed": "Not sure that it went out",
    "held": "Held",
    "lapsed": "Too late to go out",
    "failed": "Could not go out",
    "published": "Out",
    "withdrawn": "Taken down",
    "discarded": "Discarded",
}

EVENTS: dict[str, str] = {
    "create": "Written",
    "submit": "Sent for approval",
    "discard": "Discarded",
    "approve": "Approved",
    "request_changes": "Sent back",
    "recall": "Taken back by the author",
    "schedule": "Given its time",
    "edit": "Changed",
    "claim": "Started to go out",
    "hold": "Held",
    "lapse": "Too late to go out",
    "unschedule": "Taken out of the queue",
    "confirm": "Out",
    "defer": "Put off: the network asked us to wait",
    "refuse": "Refused by the network",
    "escalate": "Held: a person must look",
    "lose": "Not sure that it went out",
    "find": "Found on the network",
    "rule_out": "Looked for on the network and not found",
    "release": "Let go again",
    "withdraw": "Taken down",
    "go_on": "A part is out, the next one follows",
    "finish": "Ended with the parts that are out",
}

NETWORKS: dict[str, str] = {"x": "X", "facebook": "Facebook", "alert": "Alert service", "memory": "In-memory network"}

KINDS: dict[str, str] = {
    "emergency": "Emergency",
    "lead": "May help an enquiry",
    "complaint": "Complaint",
    "question": "Question",
    "thanks": "Thanks",
    "abuse": "Abuse",
    "banter": "Banter",
    "other": "Other",
}

FLAGS: dict[str, str] = {
    "names_person": "Names somebody",
    "personal_data": "Personal details",
    "prejudicial": "Speaks of guilt",
    "threat": "Threat",
    "spam": "Spam",
    "political": "Party politics",
    "takedown_request": "Asks for a removal",
    "welfare": "Somebody may be at risk",
}

STANCES: dict[str, str] = {
    "negative": "Critical",
    "neutral": "Neutral",
    "positive": "Supportive",
    "unknown": "Cannot be told",
}

METRICS: dict[str, str] = {
    "reach": "Reach",
    "impressions": "Times shown",
    "engagement": "Engagement",
    "engagement_rate": "Engagement rate",
    "amplification": "Amplification",
    "replies": "Replies",
}


def word(words: dict[str, str], key: str | None) -> str:
    """The words for a key; a key without words is shown readably, never hidden."""
    if not key:
        return "Not known"
    return words.get(key) or key.replace("_", " ").replace("-", " ").capitalize()


def say_time(moment: datetime) -> str:
    """10am, 5:30pm, midday, midnight: as a clock in the force's area shows it."""
    local = as_local(moment)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    hour = local.hour % 12 or 12
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minute}{'am' if local.hour < 12 else 'pm'}"


def say_day(day: date) -> str:
    """Tuesday 24 November 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def say_date(moment: datetime) -> str:
    """The local day of an instant: Tuesday 24 November 2026."""
    return say_day(as_local(moment).date())


def say_moment(moment: datetime | None) -> str:
    """Tuesday 24 November 2026, 10am; 'no time yet' for None."""
    return "no time yet" if moment is None else f"{say_date(moment)}, {say_time(moment)}"


def say_soon(moment: datetime, now: datetime) -> str:
    """The same, shorter near now: 'today, 10am', 'tomorrow, 5:30pm', 'yesterday, midday'."""
    days = (as_local(moment).date() - as_local(now).date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    return f"{near}, {say_time(moment)}" if near else say_moment(moment)


def say_long(length: timedelta) -> str:
    """How long, roughly: '40 seconds', '12 minutes', '3 hours', '5 days'."""
    seconds = max(0, int(length.total_seconds()))
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (seconds >= size and size > 60):
            return say_count(seconds // size, name)
    return say_count(seconds, "second")


def say_count(number: int, thing: str, things: str | None = None) -> str:
    """'1 post', '3 posts', '1,200 replies'."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def in_sentence(label: str) -> str:
    """'Crime prevention' as it stands inside a sentence; 'CCTV appeal' as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def say_number(number: float | None) -> str:
    """'1,234', or 'not reported'. Medians that fall between two counts are rounded to a whole."""
    return NOT_REPORTED if number is None else f"{number:,.0f}"


def say_share(share: float | None) -> str:
    """'62%', '4.1%' under a tenth, or 'not reported'.  share: 0 to 1, though a rate may pass 1."""
    if share is None:
        return NOT_REPORTED
    return f"{share * 100:.0f}%" if share >= 0.1 or share == 0 else f"{share * 100:.1f}%"


def shorten(text: str, most: int = 90) -> str:
    """The text on one line, cut between words, with an ellipsis when something was left out."""
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) <= most:
        return line
    cut = line[: most - 1].rsplit(" ", 1)[0] or line[: most - 1]
    return cut.rstrip(" ,.;:") + "…"


def is_web_address(url: str | None) -> bool:
    """Whether a link may be offered: a network's word for where a post is is still an outsider's word."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
