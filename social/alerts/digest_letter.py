"""What a daily or weekly message says: one heading for each alert, with its area, link and reference, oldest first."""

from dataclasses import dataclass
from html import escape

from sqlmodel import Session, col, select

from social.alerts.letters import Letter
from social.alerts.mailings import DigestItem, Mailing, Message
from social.alerts.messages import force_name
from social.alerts.residents import Resident, ResidentState, ResidentTopic
from social.alerts.topics import TOPICS
from social.clock import as_local
from social.context import Context
from social.places import Place


@dataclass(frozen=True)
class _Words:
    """Sentences of one language; {force}, {count}, {moment}, {reference} are filled in."""

    one: str
    many: str
    opening: str
    read_more: str
    reference: str
    reporting: str


_WORDS = {
    "en": _Words(
        "1 alert from {force}",
        "{count} alerts from {force}",
        "What {force} had to tell about what you chose.",
        "Read more",
        "Reference {reference}. Give it when you get in touch.",
        "You can answer this message with what you know, also with pictures and clips. It is not read round the clock: to "
        "report something call 101, and in an emergency, when somebody is in danger or a crime is happening now, 999.",
    ),
    "cy": _Words(
        "1 neges gan {force}",
        "{count} neges gan {force}",
        "Yr hyn oedd gan {force} i'w ddweud am yr hyn a ddewisoch.",
        "Darllen mwy",
        "Cyfeirnod {reference}. Rhowch ef pan fyddwch yn cysylltu.",
        "Gallwch ateb y neges hon gyda'r hyn a wyddoch, gan gynnwys lluniau a chlipiau. Nid yw'n cael ei darllen ddydd a nos: "
        "i roi gwybod am rywbeth ffoniwch 101, ac mewn argyfwng, pan fo rhywun mewn perygl neu drosedd yn digwydd nawr, 999.",
    ),
}
_MONTHS_CY = ("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref",
              "Tachwedd", "Rhagfyr")  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """One alert.  about: its area, topic and moment, on one line."""

    heading: str
    about: str
    text: str
    link: str | None
    reference: str | None


def write(session: Session, _context: Context, message: Message, resident: Resident | None) -> Letter | None:
    """None when nothing is left to tell: what was taken back, erased, or is of a topic that was given up meanwhile."""
    if resident is None or resident.state != ResidentState.CONFIRMED:
        return None
    words, welsh = _WORDS.get(resident.lang, _WORDS["en"]), resident.lang == "cy"
    parts = [_part(mailing, place, welsh=welsh) for mailing, place in _told(session, message, resident)]
    if not parts:
        return None
    force = force_name(session)
    subject = (words.one if len(parts) == 1 else words.many).format(count=len(parts), force=force)
    opening = words.opening.format(force=force)
    text = "\n\n".join([opening, *(_plain(part, words) for part in parts), words.reporting])
    html = "".join([f"<p>{escape(opening)}</p>", *(_html(part, words) for part in parts),
                    f"<p>{escape(words.reporting)}</p>"])  # fmt: skip
    return Letter(subject, text, html)


def _told(session: Session, message: Message, resident: Resident) -> list[tuple[Mailing, Place | None]]:
    chosen = select(ResidentTopic.topic).where(ResidentTopic.resident_id == resident.id)
    query = (
        select(Mailing, Place)
        .join(DigestItem, col(DigestItem.mailing_id) == col(Mailing.id))
        .join(Place, col(Place.id) == col(Mailing.place_id), isouter=True)
        .where(DigestItem.message_id == message.id, col(DigestItem.dropped_at).is_(None),
               col(Mailing.stopped_at).is_(None), col(Mailing.erased_at).is_(None), col(Mailing.topic).in_(chosen))
        .order_by(col(Mailing.made_at), col(Mailing.id))
    )  # fmt: skip
    return list(session.exec(query))


def _part(mailing: Mailing, place: Place | None, *, welsh: bool) -> _Part:
    local = as_local(mailing.made_at)
    month = _MONTHS_CY[local.month - 1] if welsh else f"{local:%B}"
    facts = [place.name if place is not None else "", "" if welsh else TOPICS.get(mailing.topic, ""),
             f"{local.day} {month} {local:%H:%M}"]  # fmt: skip
    return _Part(
        mailing.subject, ", ".join(fact for fact in facts if fact), mailing.text, mailing.link, mailing.reference
    )


def _plain(part: _Part, words: _Words) -> str:
    lines = [part.heading, "-" * min(len(part.heading), 60), part.about, "", part.text]
    if part.link:
        lines += ["", f"{words.read_more}: {part.link}"]
    if part.reference:
        lines += ["", words.reference.format(reference=part.reference)]
    return "\n".join(lines)


def _html(part: _Part, words: _Words) -> str:
    paragraphs = [f"<h2>{escape(part.heading)}</h2>", f"<p><small>{escape(part.about)}</small></p>"]
    paragraphs += [f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in part.text.split("\n\n") if one.strip()]
    if part.link:
        paragraphs.append(f'<p><a href="{escape(part.link)}">{escape(words.read_more)}: {escape(part.heading)}</a></p>')
    if part.reference:
        paragraphs.append(f"<p>{escape(words.reference.format(reference=part.reference))}</p>")
    return "".join(paragraphs)
