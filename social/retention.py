"""How long what is kept is kept: every class of records with its purpose, its clock and what becomes of it (R24, R28).

The days are settings and offers, not law: a force sets its own after its review, shorter at any time. Every table
that holds what people wrote is in one class; `tests/social/test_retention.py` walks the tables and holds this page to
them."""

from collections.abc import Mapping
from dataclasses import dataclass

from social.near_words import suggestion
from social.settings import Settings


@dataclass(frozen=True)
class RetentionClass:
    """key: as in `Interaction.retention`, and on the command line.  purpose: what it is kept for.

    counts_from: when its clock starts; '' where none runs.  setting: of the days, None where it is kept as long as the
    database.  ends: what becomes of it then.  tables: whose rows it holds."""

    key: str
    label: str
    purpose: str
    counts_from: str
    setting: str | None
    ends: str
    tables: tuple[str, ...]

    def days(self, settings: Settings) -> int | None:
        """How many days its rows are kept; None for as long as the database."""
        return int(getattr(settings, self.setting)) if self.setting else None


RAW_REPLY = RetentionClass(
    "raw_reply", "What residents write, and our answers",
    "engagement: residents are heard and answered, and the force sees how its posts are taken",
    "the moment it was written", "reply_days",
    "removed with readings, flags, corrections, notes, answers and attachments; its numbers stay",
    ("interaction", "reading", "reading_flag", "label", "reply_note", "reply_presence", "answer", "answer_step",
     "attachment", "letter_in", "letter_answer"),
)  # fmt: skip
LETTER = RetentionClass(
    "letter", "Letters that no alert claims",
    "engagement: a letter that names no alert reaches a person all the same",
    "its arrival", "reply_days",
    "removed; the letterbox at the mail server is the force's to empty",
    (),
)  # fmt: skip
LEAD = RetentionClass(
    "lead", "Leads",
    "law enforcement: a reply that may help an enquiry reaches the desk that looks into it",
    "the hand-off", "lead_days",
    "words, attachments, note and the reply are erased; the appeal's counts stay",
    ("lead",),
)  # fmt: skip
EVIDENCE = RetentionClass(
    "moderation_evidence", "Copies of hidden replies",
    "engagement: whoever was hidden may complain, and the force shows which house rule it was",
    "the hiding", "evidence_days",
    "the copy, the note and the network's number are erased; who hid it by which rule stays",
    ("hiding",),
)  # fmt: skip
SURVEY_TEXT = RetentionClass(
    "survey_text", "What residents write in surveys",
    "engagement: residents say what matters to them, and the force plans by it",
    "the day of the answer", "reply_days",
    "the words are erased; what was chosen stays as numbers",
    ("survey_answer",),
)  # fmt: skip
POST = RetentionClass(
    "post", "Posts with their approvals",
    "accountability: what the force said, who wrote and who approved it",
    "the last thing that happened to it", "post_days",
    "words, pictures, versions and reasons are erased; figures stay",
    ("post", "variant", "media", "post_version", "entry", "entryhistory", "attempt", "look", "hold_pass", "recurrence",
     "occurrence", "publication", "publication_part", "appeal", "appealchange", "takedown", "caserecord", "casestage", "nameexception",
     "mailing", "mailing_picture", "post_audience"),
)  # fmt: skip
DRAFT = RetentionClass(
    "draft", "What somebody is writing and has not saved",
    "accountability: nothing that was typed is lost before it is a post",
    "the last change", "draft_days",
    "removed with its picture",
    ("working_draft",),
)  # fmt: skip
UNCONFIRMED = RetentionClass(
    "unconfirmed_resident", "Sign-ups that nobody confirmed",
    "alerts: the owner of the address is asked whether they want them",
    "the sign-up", "unconfirmed_days",
    "removed with what was chosen and the messages to them",
    (),
)  # fmt: skip
LEFT = RetentionClass(
    "left_resident", "Residents who left the alert service, or cannot be reached",
    "alerts: the force sees how many leave and why",
    "the leaving, which empties address, number, name and choices at once", "left_days",
    "the tie to the address is cut; its keyed hash alone stays, so that no old list brings them back",
    ("resident", "resident_topic", "resident_area", "resident_group", "left_address"),
)  # fmt: skip
ALERT_MESSAGE = RetentionClass(
    "alert_message", "Which resident was sent which alert",
    "alerts: nobody is told twice or too often, and replies find their alert",
    "the day it was made", "message_days",
    "the tie to the resident is cut; counts stay",
    ("message", "digest_item"),
)  # fmt: skip
AGGREGATE = RetentionClass(
    "aggregate", "Numbers",
    "evaluation: what reached residents, and how they were answered",
    "", None, "kept: they are counts and say nothing of anybody",
    ("publicationfacts", "weeklyfacts", "week_pack", "reach_pack", "weekly_of_kinds", "folded_week",
     "measurement", "audience", "reply_tally", "reply_clock", "lead_tally",
     "survey_response", "mailing_facts"),
)  # fmt: skip
MARK = RetentionClass(
    "mark", "Marks of what was erased on request",
    "rights: what somebody had erased does not come back while the network still shows it",
    "the moment it was written", "reply_days",
    "removed when everything of its age is gone",
    ("forgotten_reply",),
)  # fmt: skip
AUDIT = RetentionClass(
    "audit", "The record of who did what",
    "accountability: the record is only ever added to",
    "", None, "kept; reasons in people's words are erased with what they were about",
    ("audit_record", "audit_reason", "audit_head"),
)  # fmt: skip

CLASSES: Mapping[str, RetentionClass] = {
    one.key: one
    for one in (
        RAW_REPLY,
        LEAD,
        EVIDENCE,
        LETTER,
        SURVEY_TEXT,
        POST,
        DRAFT,
        UNCONFIRMED,
        LEFT,
        ALERT_MESSAGE,
        AGGREGATE,
        MARK,
        AUDIT,
    )
}

_OF_THE_FORCE = "the force's own arrangements, not anybody's words"
_STAFF = "people who use Beatline, kept while they do"
_MACHINE = "how far the work has got: numbers, moments and sentences of Beatline's own"

ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(
        ("account", "account_change", "account_event", "asked_for", "awareness_date", "awareness_day", "budget", "campaign",
         "campaign_activity", "campaign_measure", "campaign_point", "content_target",
         "community_page", "desk", "done_about", "hold", "house_rule", "local_event", "page_share", "partner", "place_boundary",
         "place_language", "police_data_area", "priority", "report_schedule",
         "named_slot", "place", "post_template", "saved_answer", "sealed_secret", "survey", "survey_question", "token_renewal",
         "watched_hours"), _OF_THE_FORCE),
    **dict.fromkeys(
        ("calendar_feed", "duty_contact", "duty_text", "membership", "notice_choice", "password", "person", "set_up_link", "sign_in_try", "signed_in"), _STAFF),
    **dict.fromkeys(
        ("digest_run", "carrier_trouble",
         "alarm", "alarm_mail", "alarm_mail_item", "audit_followed", "collectingstate", "delivery", "duty_call", "finding_of_area", "finding_of_week", "heartbeat", "kept_finding",
         "letterbox", "notice", "rate_limit", "read_today", "reading_gap", "report_mail", "rotation", "spending", "survey_answered", "uploaded_picture"), _MACHINE),
}  # fmt: skip
"""Tables with text that hold neither residents' words nor posts, and why that is so."""


def class_named(key: str) -> RetentionClass:
    """Raises InputError with the nearest class there is."""
    from social.errors import InputError

    if key not in CLASSES:
        raise InputError(f"There is no class '{key}' of records. {suggestion(key, CLASSES)}")
    return CLASSES[key]
