"""Six posts to begin with. Their reporting lines are right for their kind, and a test runs the checks over each (R15).

What stands in square brackets waits to be filled in, and the checks stop the post until it is (PLACEHOLDER)."""

from typing import NamedTuple

from scheduler.checks.reporting_line import LINE, MISSING_LINE


class Starter(NamedTuple):
    """key: in the address of Write a post.  name: for people.  content_type: a key of `content_types`."""

    key: str
    name: str
    content_type: str
    text: str


STARTERS: tuple[Starter, ...] = (
    Starter(
        "missing-person", "Missing person: have you seen them?", "appeal_missing",
        "We are worried about [insert first name], [insert age], who was last seen in [insert place] at [insert time].\n\n"
        "[insert what they wear and how they look]\n\n"
        f"{MISSING_LINE} Quote [insert reference].",
    ),
    Starter(
        "witnesses", "Appeal for witnesses", "appeal_witness",
        "Were you in [insert place] on [insert day] between [insert time] and [insert time]?\n\n"
        "We have a report of [insert what happened]. If you saw something or have dashcam or doorbell footage, tell us.\n\n"
        f"{LINE} Quote [insert reference].",
    ),
    Starter(
        "burglary-advice", "Crime prevention: sheds and garages", "crime_prevention",
        "Sheds and garages in [insert area] have been broken into.\n\n"
        "Lock tools away, use a closed-shackle padlock, and mark what you would miss.\n\n"
        f"{LINE}",
    ),
    Starter(
        "meet-us", "Event: meet your local officers", "event",
        "Meet your neighbourhood officers at [insert place] on [insert day], [insert time] to [insert time].\n\n"
        "Tell us what matters to you where you live.\n\n"
        "Cannot come? Call 101 or use our website. In an emergency always call 999.",
    ),
    Starter(
        "road-closed", "Road closed or delays", "road_info",
        "[insert road] is closed at [insert place] after [insert what happened]. Please use another way.\n\n"
        "We will say here when it is open again. Saw it happen, or have dashcam footage? Call 101 and quote "
        "[insert reference]. In an emergency always call 999.",
    ),
    Starter(
        "you-said-we-did", "You said, we did", "you_said_we_did",
        "You said: [insert what residents of the area told us].\n\n"
        "We did: [insert what was done, and when].\n\n"
        "Seen it again? Call 101 or use our website. In an emergency always call 999. Crimestoppers is anonymous on "
        "0800 555 111.",
    ),
)  # fmt: skip
"""What every force has from its first day, in the order in which they are offered."""
