"""Is Welsh treated no less favourably than English (R33)? A force in Wales publishes both versions together."""

import re
from collections.abc import Iterator
from typing import Literal

from scheduler.checks.base import Finding, Subject, words_of

_WELSH_FORCES = re.compile(
    r"\b(?:heddlu|dyfed[ -]powys|gwent|north wales|south wales|gogledd cymru|de cymru)\b", re.IGNORECASE
)
_CY = words_of(
    """
    llawen nadolig blwyddyn dda hapus penblwydd llongyfarchiadau diolch gau agor noswaith gwaith damwain gwrthdrawiad a'r a'ch a'n ac achos adeg adref ag am amdanom ar argyfwng arnom at atoch awr ba bach bob bod bore bydd byddant byddem byddwch byddwn
    bynnag cael caiff camera cartref chi chwilio cofiwch cyn cwrdd cymdogaeth cymuned cysylltwch dan dewch diogel
    diolch dod dros drwy dweud dydd ddydd ddim dyn dynes eich ein eisiau ei eto eu fe fel felly ffilm ffoniwch ffordd fod fy
    fyddwn gael gall gallwch gan gawn gellir ger gofynnwn gweld gwelsoch gwybod gwybodaeth gyda gyfer gan hefyd heddiw heddlu heno heol hoffem hon hwn
    hyd i'r i'n i'ch iawn lle llawer lleol mae mae'r maen mewn mis mwy na nac nad nawr neithiwr neu neuadd ni nid nos nhw oddi oed oedd oes ond os o'r o'n
    pan parc pawb pentref person plant pobl pryd roedd rhag rhaid rhif rhwng rydym rydyn sgwrs siarad sut swyddog swyddogion trosedd trwy tuag ty tŷ
    un unrhyw wedi welsoch wybodaeth wythnos y ych ydych ydym ydyn yfory ymlaen yma ymwneud yn yna yng ynghylch yng yno yr ystod
    ysgol yw'r yw rhowch cynnal cadw cefnogaeth croeso dal droseddau gennym gennych galw helpu hwyl mynd nghanol newydd rhan ry'n welwch
    llun mawrth mercher iau gwener sadwrn sul prynhawn dyfynnwch ddyfynnu apêl car ceir beic dwyn gafodd cafodd oherwydd ddoe dderbyn adroddiad
    """
)
_EN = words_of(
    """
    merry happy christmas year closed open road welcome thanks congratulations the and of to in we you at for is are was were it this that with or call from our your on if be by have has had not no
    they them their he she him her his us who what when where how will would can could please any all been about after before
    between into out up down there here more most if's we're we've we'll don't it's you're you've as an but so than then
    please information contact report see saw seen tell help make keep take get come join look morning evening week today
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOISE = re.compile(r"https?://\S+|[#@]\w+")
_SPLIT = re.compile(r"\s\|\s|\n+|(?<=[.!?…])\s+|\s/\s|\s[–—]\s")
LEAST_SHARE = 0.4
"""A version with less than this share of the other's words is no version of it."""


def check_welsh(subject: Subject) -> Iterator[Finding]:
    """WELSH_MISSING: a force in Wales with only one of the two languages, or with too little of one."""
    if not is_welsh_force(subject.force) or not subject.text.strip():
        return
    welsh, english = amounts(subject.text)
    if welsh + english < 2:
        absent = {"en": "Welsh", "cy": "English"}.get(subject.lang)
    elif welsh < LEAST_SHARE * english:
        absent = "Welsh"
    elif english < LEAST_SHARE * welsh:
        absent = "English"
    else:
        absent = None
    if absent is None:
        return
    some = welsh if absent == "Welsh" else english
    how = f"Most of the post has no {absent} version" if some else f"The post has no {absent} version"
    yield Finding(
        "WELSH_MISSING",
        "block",
        "R33",
        f"{how}. {subject.force} publishes both together, Welsh first, parted by ' | '. Add the {absent} words.",
        "text",
    )


def is_welsh_force(name: str | None) -> bool:
    """Whether the Welsh language standards bind this force: by its name in Welsh, or one of the four."""
    return bool(name and _WELSH_FORCES.search(name))


def amounts(text: str) -> tuple[int, int]:
    """How many words stand in Welsh and in English sentences; those of neither are left out."""
    welsh = english = 0
    for piece in _SPLIT.split(_NOISE.sub(" ", text)):
        words = [word.lower().replace("’", "'") for word in _WORD.findall(piece)]
        language = _language(words)
        if language == "cy":
            welsh += len(words)
        elif language == "en":
            english += len(words)
    return welsh, english


def _language(words: list[str]) -> Literal["cy", "en"] | None:
    cy = sum(word in _CY for word in words) + 0.5 * sum(_looks_welsh(word) for word in words)
    en = sum(word in _EN for word in words) + 0.5 * sum(_looks_english(word) for word in words)
    if cy == en:
        return None
    return "cy" if cy > en else "en"


def _looks_welsh(word: str) -> bool:
    return any(c in word for c in "ŵŷâêîôû") or (len(word) > 3 and bool(re.match(r"dd|ff|ll|ngh|mh|nh|rh|gw|cy", word)) and not re.search(
        r"[kqvxz]", word)) or word.endswith(("wch", "wyd", "ion", "odd", "aeth", "iau", "au"))  # fmt: skip


def _looks_english(word: str) -> bool:
    return bool(re.search(r"[kqvxz]|th|sh|ck|ee|oo|ing$|ed$|tion$|ough|ea", word)) and not any(
        c in word for c in "ŵŷâêîôû"
    )
