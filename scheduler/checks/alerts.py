"""What an alert needs besides its words: a subject, a topic, and residents whom it is for (R30)."""

from collections.abc import Iterator

from scheduler.checks.base import Finding, Subject
from social.alerts.text_parts import MOST_CHARACTERS
from social.alerts.topics import TOPICS

LONGEST_SUBJECT = 100
"""Characters; telephones show fewer still."""


def check_alerts(subject: Subject) -> Iterator[Finding]:
    """ALERT_SUBJECT, ALERT_TOPIC, ALERT_AREA, ALERT_NOBODY, ALERT_TEXT_CUT; nothing for posts that are no alert.

    A row of a file that says nothing of an alert is not asked: it is given what most posts of its kind have."""
    alert = subject.alert
    if subject.channel != "alert" or (alert is None and not subject.answering):
        return
    words = alert.subject.strip() if alert is not None else ""
    if not words or len(words) > LONGEST_SUBJECT:
        wrong = f"It has {len(words)} characters." if words else "It has none yet."
        yield _block("ALERT_SUBJECT", f"An alert needs a subject of at most {LONGEST_SUBJECT} characters. {wrong}")
    if alert is None or alert.topic not in TOPICS:
        yield _block("ALERT_TOPIC", "An alert needs a topic: it goes to residents who chose that topic.", "alert_topic")
    if alert is None or not alert.has_area:
        yield _block("ALERT_AREA", "An alert needs an area: it goes to residents who chose that area.", "alert_areas")
    elif alert.reaches is False:
        yield _block("ALERT_NOBODY", "Nobody would get this alert: no confirmed resident chose this topic and area, in "
                     "these groups. Choose other areas, another topic or other groups.", "alert_areas")  # fmt: skip
    if alert is not None and alert.urgent and subject.length > MOST_CHARACTERS:
        yield Finding(
            "ALERT_TEXT_CUT", "advise", "",
            f"As a text message an urgent alert is cut to {MOST_CHARACTERS} characters. Say what matters first, or "
            "shorten it.", "text",
        )  # fmt: skip


def _block(code: str, message: str, column: str = "alert_subject") -> Finding:
    return Finding(code, "block", "R30", message, column)
