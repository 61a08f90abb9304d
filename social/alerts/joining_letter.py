"""What somebody is told who signed up: please confirm, or that they are a member already, or the code for a number.

It says nothing that was typed into the form, not even the name: whoever typed it may be somebody else, and must not
speak to a stranger through us."""

from dataclasses import dataclass

from sqlmodel import Session

from social.alerts.letters import Letter
from social.alerts.links import Purpose, link
from social.alerts.mailings import Message, Way
from social.alerts.membership import code_of
from social.alerts.messages import force_name
from social.alerts.residents import Resident, ResidentState
from social.context import Context


@dataclass(frozen=True)
class _Words:
    """Sentences of one language; {force}, {link}, {code}, {days} are filled in."""

    confirm_subject: str
    confirm: str
    member_subject: str
    member: str
    code: str


_WORDS = {
    "en": _Words(
        "Please confirm that you want alerts from {force}",
        "Somebody, we hope you, asked for alerts from {force} to be sent to this address.\n\n"
        "If it was you, please confirm it with this link:\n\n{link}\n\n"
        "Nothing is sent to you until you do. If it was not you, the last link below deletes this address at once; if you "
        "do nothing, what was given is deleted after {days} days.",
        "You get alerts from {force} already",
        "Somebody, we hope you, asked for alerts from {force} to be sent to this address. It is signed up already, and "
        "nothing was changed.\n\nThis link shows what you get, and there you can change it or leave:\n\n{link}\n\n"
        "If it was not you, there is nothing to do.",
        "{code} is the code for alerts from {force} to this number. Give it on the page of your settings. "
        "Not you? Take your number out: {link}",
    ),
    "cy": _Words(
        "Cadarnhewch eich bod am gael negeseuon gan {force}",
        "Gofynnodd rhywun, chi gobeithio, i negeseuon gan {force} gael eu hanfon i'r cyfeiriad hwn.\n\n"
        "Os mai chi oedd hwnnw, cadarnhewch hynny drwy'r ddolen hon:\n\n{link}\n\n"
        "Ni anfonir dim atoch nes i chi wneud hynny. Os nad chi oedd hwnnw, mae'r ddolen olaf isod yn dileu'r cyfeiriad hwn "
        "ar unwaith; os na wnewch ddim, caiff yr hyn a roddwyd ei ddileu ar ôl {days} diwrnod.",
        "Rydych yn cael negeseuon gan {force} eisoes",
        "Gofynnodd rhywun, chi gobeithio, i negeseuon gan {force} gael eu hanfon i'r cyfeiriad hwn. Mae wedi'i gofrestru "
        "eisoes, ac ni newidiwyd dim.\n\nMae'r ddolen hon yn dangos yr hyn a gewch, ac yno gallwch ei newid neu adael:"
        "\n\n{link}\n\nOs nad chi oedd hwnnw, nid oes angen gwneud dim.",
        "{code} yw'r cod ar gyfer negeseuon gan {force} i'r rhif hwn. Rhowch ef ar dudalen eich gosodiadau. "
        "Nid chi? Tynnwch eich rhif oddi yma: {link}",
    ),
}


def write(session: Session, context: Context, message: Message, resident: Resident | None) -> Letter | None:
    """None for somebody who left, and for a code whose number was shown to be theirs, or was taken away, meanwhile.

    Raises InputError without `public_address`."""
    if (
        resident is None
        or resident.state == ResidentState.LEFT
        or (message.way == Way.TEXT and not _awaits_code(resident))
    ):
        return None
    words, member = _WORDS.get(resident.lang, _WORDS["en"]), resident.state == ResidentState.CONFIRMED
    known = {"force": force_name(session), "days": context.settings.unconfirmed_days}
    if message.way == Way.TEXT:
        # Whose number it is has yet to be shown, so that its link opens no settings: it takes the number out.
        not_mine = link(context, Purpose.NUMBER, resident, message.id)
        return _letter("", words.code.format(code=code_of(context, message, resident), link=not_mine, **known))
    if member and resident.email_stopped_at is None:
        settings = link(context, Purpose.SETTINGS, resident)
        return _letter(words.member_subject.format(**known), words.member.format(link=settings, **known))
    confirm = link(context, Purpose.CONFIRM, resident)
    return _letter(words.confirm_subject.format(**known), words.confirm.format(link=confirm, **known))


def _letter(subject: str, text: str) -> Letter:
    # What was asked for this minute holds its own link; below it stands the one that leaves, and nothing that buries it.
    return Letter(subject, text, settings_link=False, leave_link=True)


def _awaits_code(resident: Resident) -> bool:
    return resident.phone_key is not None and resident.phone_checked_at is None
