"""What a reply can be read as: the words that readings, people's corrections, figures and pages share."""

from enum import StrEnum


class Stance(StrEnum):
    """Toward the police or the post, never the mood of the text.  UNKNOWN: the analyser cannot read it (R34)."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What sort of reply it is, in order: the first that fits."""

    EMERGENCY = "emergency"
    LEAD = "lead"
    ABUSE = "abuse"
    COMPLAINT = "complaint"
    QUESTION = "question"
    THANKS = "thanks"
    BANTER = "banter"
    OTHER = "other"


class Flag(StrEnum):
    """What a person should look at beside the kind; a reply may have several or none. Criticism is none (R20).

    NAMES_PERSON: a private person is named or tagged as suspect, victim or witness (R21).  PERSONAL_DATA: a telephone
    number, number plate, e-mail address, postcode or numbered address (R21).  PREJUDICIAL: speaks of guilt or of a
    record.  THREAT: of violence, or calls for it.  TAKEDOWN_REQUEST: asks for a post or picture to be removed.
    WELFARE: somebody may harm themselves or is at risk."""

    NAMES_PERSON = "names_person"
    PERSONAL_DATA = "personal_data"
    PREJUDICIAL = "prejudicial"
    THREAT = "threat"
    SPAM = "spam"
    POLITICAL = "political"
    TAKEDOWN_REQUEST = "takedown_request"
    WELFARE = "welfare"
