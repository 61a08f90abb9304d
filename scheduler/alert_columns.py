"""What a file of posts says of alerts: a few columns, and what most alerts are where it says nothing."""

from collections.abc import Mapping

from scheduler.audience_words import subject_from, topic_for
from scheduler.post_audience import AlertInput
from social.alerts.audience import Audience
from social.alerts.topics import GROUPS, TOPICS
from social.errors import Problem
from social.near_words import suggestion

COLUMNS: dict[str, str] = {
    "alert_subject": "subject of an alert; the first sentence where it is empty",
    "alert_topic": "topic of an alert, such as appeals or roads; the usual one of its kind where it is empty",
    "alert_urgent": "yes: the alert goes to everybody at once, also as a text and at night",
    "alert_groups": "only members of these groups get the alert, parted by ;",
}


def alert_from(cells: Mapping[str, str], content_type: str, text: str) -> tuple[AlertInput | None, list[Problem]]:
    """The alert that a row asks for, None where it says nothing of one, and what of it cannot be read."""
    said = {name: cells[name].strip() for name in COLUMNS}
    if not any(said.values()):
        return None, []
    problems = []
    topic = said["alert_topic"] or topic_for(content_type)
    if said["alert_topic"] and topic not in TOPICS:
        problems.append(Problem(f"'{topic}' is not known. {suggestion(topic, TOPICS)}", column="alert_topic"))
    if said["alert_urgent"] not in ("", "yes", "no"):
        problems.append(Problem("Write yes or no.", column="alert_urgent"))
    groups = tuple(group.strip() for group in said["alert_groups"].split(";") if group.strip())
    for group in groups:
        if group not in GROUPS:
            problems.append(Problem(f"'{group}' is not known. {suggestion(group, GROUPS)}", column="alert_groups"))
    audience = Audience(topic or "prevention", groups_in=groups)
    return AlertInput(said["alert_subject"] or subject_from(text), audience, said["alert_urgent"] == "yes"), problems
