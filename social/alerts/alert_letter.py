"""What an alert says when it goes out, and what a correction says: the mailing's words, and where to turn.

The words are those that were approved, both languages of a bilingual alert, whoever reads it (R33). A mail also says that
one may answer it, that nobody sits beside it day and night (R16), and the numbers to ring where the words do not (R15)."""

from sqlmodel import Session

from social.alerts.letters import Letter
from social.alerts.mailings import Mailing, Message, MessageKind, Way
from social.alerts.pictures import pictures_of
from social.alerts.residents import Resident
from social.channels.canonical import with_link
from social.context import Context

_REFERENCE = {
    "en": "Reference {reference}. Give it when you get in touch.",
    "cy": "Cyfeirnod {reference}. Rhowch ef pan fyddwch yn cysylltu.",
}
_ANSWER = {
    "en": "You can answer this message with what you know, also with pictures and clips. It is not read round the clock.",
    "cy": "Gallwch ateb y neges hon gyda'r hyn a wyddoch, gan gynnwys lluniau a chlipiau. Nid yw'n cael ei darllen ddydd a "
    "nos.",
}
_RING = {
    "en": "To report something call 101. In an emergency call 999.",
    "cy": "I roi gwybod am rywbeth ffoniwch 101. Mewn argyfwng ffoniwch 999.",
}
BETWEEN_LANGUAGES = " | "


def write(session: Session, context: Context, message: Message, resident: Resident | None) -> Letter | None:
    """None for an alert that was taken back, or whose words were erased: nobody reads it any more (R10)."""
    mailing = session.get(Mailing, message.mailing_id) if message.mailing_id is not None else None
    if mailing is None or mailing.id is None or mailing.erased_at is not None:
        return None
    if message.kind == MessageKind.CORRECTION:
        return Letter(mailing.subject, in_paragraphs(mailing), lang=_lang(mailing))
    if mailing.stopped_at is not None:
        return None
    if message.way == Way.TEXT:
        return Letter(mailing.subject, with_link(mailing.text, mailing.link), lang=_lang(mailing))
    pictures = pictures_of(session, mailing.id, context.settings.media_folder)
    text = "\n\n".join([in_paragraphs(mailing), *_where_to_turn(mailing, resident)])
    return Letter(mailing.subject, text, pictures=pictures, useful_link=True, lang=_lang(mailing))


def in_paragraphs(mailing: Mailing) -> str:
    """The words with each language on its own, and the link below them."""
    text = mailing.text
    if "+" in mailing.lang:
        text = text.replace(BETWEEN_LANGUAGES, "\n\n")
    return f"{text}\n\n{mailing.link}" if mailing.link and mailing.link not in text else text


def _where_to_turn(mailing: Mailing, resident: Resident | None) -> list[str]:
    lang = resident.lang if resident is not None and resident.lang in _ANSWER else "en"
    lines = [_REFERENCE[lang].format(reference=mailing.reference)] if mailing.reference else []
    says_where = "999" in mailing.text and "101" in mailing.text
    return [*lines, _ANSWER[lang] if says_where else f"{_ANSWER[lang]} {_RING[lang]}"]


def _lang(mailing: Mailing) -> str | None:
    """The language of the words where it is one; None lets each reader's own stand."""
    return mailing.lang if "+" not in mailing.lang else None
