"""The page that says what is kept of residents, why and for how long, in the words of the settings in force (R25, M08)."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from social.context import Context
from social.retention import ALERT_MESSAGE, LEFT, RAW_REPLY, UNCONFIRMED
from social.settings import Settings
from social.web.alert_words import WELSH, say
from social.web.public_page import HOME, PRIVACY, asked_language, listed, page, paragraphs

Section = tuple[str, tuple[str, ...]]
"""Heading, and what is said below it."""

_KEPT: tuple[Section, Section] = (
    ("What we keep", (
        "your e-mail address and, if you gave one, your mobile number: encrypted, and shown to nobody who does not need "
        "them to send you alerts",
        "the topics, areas, distance, groups, language, ways, frequency and quiet hours that you chose",
        "when and where you agreed to be told, and when you confirmed it",
        "which messages were sent to you, whether they arrived, and whether you said that one was useful",
        "what you write when you answer an alert",
    )),
    ("Yr hyn a gadwn", (
        "eich cyfeiriad e-bost ac, os rhoesoch un, eich rhif ffôn symudol: wedi'u hamgryptio, ac ni chânt eu dangos i neb "
        "nad oes arno eu hangen i anfon rhybuddion atoch",
        "y pynciau, yr ardaloedd, y pellter, y grwpiau, yr iaith, y ffyrdd, yr amlder a'r oriau tawel a ddewisoch",
        "pryd a ble y cytunoch i gael gwybod, a phryd y cadarnhaoch hynny",
        "pa negeseuon a anfonwyd atoch, a gyraeddasant, ac a ddywedoch fod un yn ddefnyddiol",
        "yr hyn a ysgrifennwch wrth ateb rhybudd",
    )),
)  # fmt: skip
_NOT: tuple[Section, Section] = (
    ("What we do with it, and what not", (
        "We do not ask or keep where you live, when you were born or what you do.",
        "We do not sell or pass on what we keep, and use it for nothing but these alerts and your answers to them.",
        "Messages are carried by our mail server or by GOV.UK Notify, a service of the government.",
        "These pages set no cookies and use no scripts.",
    )),
    ("Yr hyn a wnawn ag ef, a'r hyn na wnawn", (
        "Nid ydym yn gofyn nac yn cadw ble'r ydych yn byw, pryd y cawsoch eich geni na beth yr ydych yn ei wneud.",
        "Nid ydym yn gwerthu nac yn trosglwyddo'r hyn a gadwn, ac fe'i defnyddiwn at ddim ond y rhybuddion hyn a'ch "
        "atebion iddynt.",
        "Caiff negeseuon eu cludo gan ein gweinydd post neu gan GOV.UK Notify, un o wasanaethau'r llywodraeth.",
        "Nid yw'r tudalennau hyn yn gosod cwcis nac yn defnyddio sgriptiau.",
    )),
)  # fmt: skip
_OFF = (
    "We do not look whether you open a message: there is nothing in it that tells us.",
    "Nid ydym yn edrych a ydych yn agor neges: nid oes dim ynddi sy'n dweud wrthym.",
)
_ON = (
    "E-mails hold a small picture. When your mail program fetches it, we note that the message was opened, and when, and "
    "nothing else. It is counted for all members together. Most mail programs let you turn pictures off.",
    "Mae negeseuon e-bost yn cynnwys llun bach. Pan fydd eich rhaglen bost yn ei nôl, nodwn fod y neges wedi'i hagor, a "
    "phryd, a dim arall. Caiff ei gyfrif ar gyfer yr holl aelodau gyda'i gilydd. Mae'r rhan fwyaf o raglenni post yn "
    "gadael i chi ddiffodd lluniau.",
)
_WHY: tuple[Section, Section] = (
    ("Why", ("We send alerts because you agreed to it. You can take that back at any time, and we then stop at once.",)),
    ("Pam", ("Rydym yn anfon rhybuddion am eich bod wedi cytuno i hynny. Gallwch dynnu hynny'n ôl unrhyw bryd, ac yna "
             "byddwn yn stopio ar unwaith.",)),
)  # fmt: skip
_LONG: tuple[Section, Section] = (
    ("For how long", (
        "your address, your number and what you chose: until you stop the messages, and then they are deleted at once",
        "a sign-up that nobody confirms: {unconfirmed_days} days",
        "that you left, when, and why if you said so: {left_days} days",
        "which messages were sent to you: {message_days} days; after that only how many there were",
        "a code made from your address, from which nobody can read it: after you stopped, so that no old list brings you "
        "back",
        "what you write to us, and the address that it came from: {reply_days} days, or as long as the law asks where it helps an enquiry",
    )),
    ("Am ba hyd", (
        "eich cyfeiriad, eich rhif a'r hyn a ddewisoch: nes i chi stopio'r negeseuon, ac yna fe'u dilëir ar unwaith",
        "cofrestriad nad oes neb yn ei gadarnhau: {unconfirmed_days} diwrnod",
        "eich bod wedi gadael, pryd, a pham os dywedoch: {left_days} diwrnod",
        "pa negeseuon a anfonwyd atoch: {message_days} diwrnod; ar ôl hynny dim ond faint oedd",
        "cod a wneir o'ch cyfeiriad, na all neb ei ddarllen ohono: ar ôl i chi stopio, fel na ddaw hen restr â chi yn ôl",
        "yr hyn a ysgrifennwch atom, a'r cyfeiriad y daeth ohono: {reply_days} diwrnod, neu gyhyd ag y gofyn y gyfraith lle mae'n helpu ymholiad",
    )),
)  # fmt: skip
_RIGHTS: tuple[Section, Section] = (
    ("Your rights", (
        "see what we keep of you, and have a copy",
        "have it put right: by the settings link in every message",
        "have it deleted: by the stop link in every message, or by asking us",
        "complain to the Information Commissioner: ico.org.uk, 0303 123 1113",
    )),
    ("Eich hawliau", (
        "gweld yr hyn a gadwn amdanoch, a chael copi",
        "ei gywiro: drwy'r ddolen gosodiadau ym mhob neges",
        "ei ddileu: drwy'r ddolen stopio ym mhob neges, neu drwy ofyn i ni",
        "cwyno wrth y Comisiynydd Gwybodaeth: ico.org.uk, 0330 414 6421",
    )),
)  # fmt: skip
_ASK = (
    ("Who to ask", "Ask {contact}, or answer any alert.", "Answer any alert, or call 101 and ask for data protection."),
    (
        "Pwy i'w holi",
        "Gofynnwch i {contact}, neu atebwch unrhyw rybudd.",
        "Atebwch unrhyw rybudd, neu ffoniwch 101 a gofyn am ddiogelu data.",
    ),
)
_TITLE = ("What we keep about you, and why", "Yr hyn a gadwn amdanoch, a pham")
_OPENING = ("Opened messages", "Negeseuon a agorwyd")


def routes(open_: Callable[[], Context]) -> list[Route]:
    """The privacy page."""

    def shown(request: Request) -> Response:
        lang = asked_language(request)
        home = f'<p><a href="{HOME}?lang={lang}">{escape(say(lang, "sign_up_link"))}</a></p>'
        return page(request, _TITLE[lang == WELSH], _body(open_().settings, lang) + home, lang=lang)

    return [Route(PRIVACY, shown, methods=["GET"])]


def _body(settings: Settings, lang: str) -> str:
    mine = lang == WELSH
    tracking = (_ON if settings.alert_tracking else _OFF)[mine]
    title, ask, otherwise = _ASK[mine]
    contact = ask.format(contact=settings.alert_contact) if settings.alert_contact else otherwise
    heading, kept = _LONG[mine]
    long = heading, tuple(one.format_map(_days(settings)) for one in kept)
    return (
        _list(_KEPT[mine])
        + _text(_WHY[mine])
        + _text(_NOT[mine])
        + _text((_OPENING[mine], (tracking,)))
        + _list(long)
        + _list(_RIGHTS[mine])
        + _text((title, (contact,)))
    )


def _days(settings: Settings) -> dict[str, int | None]:
    """How long each class of records is kept by the settings in force, by the name of its setting."""
    classes = (UNCONFIRMED, LEFT, ALERT_MESSAGE, RAW_REPLY)
    return {one.setting: one.days(settings) for one in classes if one.setting}


def _list(section: Section) -> str:
    return f"<h2>{escape(section[0])}</h2>{listed(section[1])}"


def _text(section: Section) -> str:
    return f"<h2>{escape(section[0])}</h2>{paragraphs(*section[1])}"
