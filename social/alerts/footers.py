"""What stands below every message: whether it was useful, how to change what one gets, and how to leave (R30).

One list of lines for mail and texts alike, in the resident's language."""

from dataclasses import dataclass

from social.alerts.letters import Letter
from social.alerts.links import Purpose, link, useful_links
from social.alerts.mailings import Message
from social.alerts.residents import Resident, ResidentState
from social.context import Context


@dataclass(frozen=True)
class FooterLine:
    """label: what the link does, in the resident's language.  address: the signed link."""

    label: str
    address: str


@dataclass(frozen=True)
class _Words:
    useful: str
    not_useful: str
    settings: str
    leave: str
    not_me: str


_WORDS = {
    "en": _Words(
        "This was useful",
        "This was not useful",
        "Change what you get, or how often",
        "Stop these messages, without signing in",
        "It was not me: delete this address",
    ),
    "cy": _Words(
        "Roedd hyn yn ddefnyddiol",
        "Nid oedd hyn yn ddefnyddiol",
        "Newid yr hyn a gewch, neu ba mor aml",
        "Atal y negeseuon hyn, heb fewngofnodi",
        "Nid fi oedd hwn: dileu'r cyfeiriad hwn",
    ),
}


_PICTURE = {"en": "Picture", "cy": "Llun"}


def footer_lines(context: Context, message: Message, resident: Resident | None, letter: Letter) -> list[FooterLine]:
    """The links that this message carries; none for one that goes to somebody whom nothing is kept of.

    Raises InputError without `public_address`: nothing is sent that nobody could leave by a link."""
    if resident is None:
        return []
    words, lines = _WORDS.get(resident.lang, _WORDS["en"]), []
    if letter.useful_link:
        yes, no = useful_links(context, resident, message)
        lines += [FooterLine(words.useful, yes), FooterLine(words.not_useful, no)]
    if letter.settings_link:
        lines.append(FooterLine(words.settings, link(context, Purpose.SETTINGS, resident)))
    if letter.settings_link or letter.leave_link:
        label = words.not_me if resident.state == ResidentState.UNCONFIRMED else words.leave
        lines.append(FooterLine(label, leave_link(context, message, resident)))
    return lines


def picture_in_words(alt_text: str, lang: str) -> str:
    """What stands for a picture where only words can go: '[Picture: a red bicycle]'."""
    return f"[{_PICTURE.get(lang, _PICTURE['en'])}: {alt_text}]"


def leave_link(context: Context, message: Message, resident: Resident) -> str:
    """What a mail program's own button posts to: one click (RFC 8058). Opened, it is a page with one button."""
    return link(context, Purpose.LEAVE, resident, message.id)


def footer(context: Context, message: Message, resident: Resident | None, letter: Letter) -> str:
    """The same as plain text, one line a link, without a line break at the end; '' for none."""
    return "\n".join(f"{line.label}: {line.address}" for line in footer_lines(context, message, resident, letter))
