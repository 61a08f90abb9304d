"""What residents fill in to be told (R30): the fields of signing up and of changing, what they say, and what is wrong."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from social.alerts.asked import Asked
from social.alerts.residents import Frequency
from social.alerts.topics import GROUPS, TOPICS
from social.alerts.wishes import DISTANCES, FREQUENCIES, LANGUAGES, MOST_AREAS, Preferences
from social.clock import as_local
from social.errors import InputError, Problem
from social.places import Place, PlaceKind
from social.web.alert_words import labels, say
from social.web.public_body import Form
from social.web.public_page import boxes, choices, dropdown, field, group

FIELDS = ("email", "phone", "topics", "areas", "within_km", "frequency", "ways", "quiet", "groups", "lang", "consent")
"""In the order of the page: the list of problems follows it."""
KEEP = "keep"
"""As a distance: each area keeps its own."""
_ONE_LIST = 12
"""Up to so many areas stand in one list; more are folded together by what they lie in."""
_IDS = {"quiet": "quiet_from"}
"""A column whose first field is called otherwise."""
_MILES = 0.621371


@dataclass(frozen=True)
class Choices:
    """What the form offers.  places: all of the force's.  texts: whether the service sends any.  joining: with address
    and agreement, as for somebody new.  force: its name.  own_groups: of the force's own, that the member is in."""

    places: tuple[Place, ...]
    texts: bool
    force: str = ""
    joining: bool = True
    own_groups: tuple[str, ...] = ()


def filled(preferences: Preferences) -> Form:
    """The form as it stands for these preferences."""
    distances = set(preferences.areas.values())
    within = KEEP if len(distances) > 1 else f"{next(iter(distances), 0.0):g}"
    quiet = preferences.quiet or ("", "")
    ways = [way for way, on in (("email", preferences.by_email), ("text", preferences.by_text)) if on]
    return Form({
        "topics": list(preferences.topics), "areas": [str(one) for one in preferences.areas], "within_km": [within],
        "frequency": [preferences.frequency], "ways": ways, "groups": list(preferences.groups),
        "lang": [preferences.lang], "quiet_from": [str(quiet[0])], "quiet_to": [str(quiet[1])],
    })  # fmt: skip


def empty(lang: str) -> Form:
    """The form before anything is filled in: nothing is chosen for anybody but how, how often and in which language."""
    return Form({"frequency": [Frequency.AT_ONCE.value], "ways": ["email"], "lang": [lang]})


def preferences_in(form: Form, *, texts: bool, kept: Mapping[int, float] | None = None) -> Preferences:
    """What the form says.  kept: the areas of before, for a form that leaves each its distance.

    What nobody could have chosen is passed on as it is, for `wishes.problems_of` to refuse; a distance or a time that is
    no number raises InputError with that field."""
    km = None if form.one("within_km") == KEEP else _number(form.one("within_km") or "0", "within_km")
    areas = {int(one) if re.fullmatch(r"[0-9]{1,9}", one) else -1: km for one in form.many("areas")}
    times = form.one("quiet_from"), form.one("quiet_to")
    quiet = (int(_number(times[0], "quiet")), int(_number(times[1], "quiet"))) if any(times) else None
    ways = form.many("ways")
    return Preferences(
        topics=tuple(form.many("topics")),
        areas={one: (kept or {}).get(one, 0.0) if far is None else far for one, far in areas.items()},
        groups=tuple(form.many("groups")),
        frequency=form.one("frequency"),
        by_email="email" in ways,
        by_text=texts and "text" in ways,
        lang=form.one("lang"),
        quiet=quiet,
    )


def _number(text: str, column: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text):
        raise InputError(Problem("not offered", column=column))
    return float(text)


def faults_in(error: InputError, lang: str, form: Form) -> dict[str, str]:
    """The problems in the page's language, by the id of the field, in the order of the page; {} for none of a field."""
    columns = {problem.column for problem in error.problems}
    return {
        _IDS.get(column, column): _fault(column, lang, form) for column in FIELDS if column in columns
    }  # fmt: skip


def _fault(column: str, lang: str, form: Form) -> str:
    if column == "areas":
        return say(lang, "wrong_areas", most=MOST_AREAS)
    if column == "phone" and not form.one("phone"):
        return say(lang, "wrong_phone_missing")
    return say(lang, f"wrong_{column}")


def fields(lang: str, offered: Choices, form: Form, faults: Mapping[str, str], phone: str = "") -> str:
    """Every field but the agreement, as HTML.  form: what was filled in.  phone: HTML in place of the number's field."""
    parts = [_email(lang, form, faults) if offered.joining else ""]
    parts.append(choices("topics", say(lang, "topics"), labels(lang, "topic", TOPICS), form.many("topics"),
                         hint=say(lang, "topics_hint"), fault=faults.get("topics", "")))  # fmt: skip
    parts.append(_areas(lang, offered.places, form, faults.get("areas", "")))
    parts.append(dropdown("within_km", say(lang, "within"), _distances(lang, form), form.one("within_km"),
                          hint=say(lang, "within_hint"), fault=faults.get("within_km", "")))  # fmt: skip
    often = {key: say(lang, key) for key in FREQUENCIES}
    parts.append(choices("frequency", say(lang, "frequency"), often, [form.one("frequency")], many=False,
                         hint=say(lang, "frequency_hint"), fault=faults.get("frequency", "")))  # fmt: skip
    if offered.texts:
        ways = {"email": say(lang, "way_email"), "text": say(lang, "way_text")}
        parts.append(choices("ways", say(lang, "ways"), ways, form.many("ways"), fault=faults.get("ways", "")))
        parts.append(phone or _phone(lang, form, faults))
    else:
        parts.append('<input type="hidden" name="ways" value="email">')
    parts.append(_quiet(lang, form, faults.get("quiet_from", "")))
    own = {one: one.replace("_", " ").capitalize() for one in offered.own_groups}
    parts.append(choices("groups", say(lang, "groups"), labels(lang, "group", GROUPS) | own, form.many("groups"),
                         hint=say(lang, "groups_hint"), fault=faults.get("groups", "")))  # fmt: skip
    parts.append(choices("lang", say(lang, "lang"), LANGUAGES, [form.one("lang")], many=False,
                         fault=faults.get("lang", "")))  # fmt: skip
    return "".join(parts)


def in_words(asked: Asked, names: Mapping[int | None, str], lang: str) -> str:
    """What a sign-up asks for, as one line.  names: of areas."""
    wanted = asked.preferences
    told = [
        *labels(lang, "topic", {key: "" for key in wanted.topics if key in TOPICS}).values(),
        *(names[place] for place in wanted.areas if place in names),
        *labels(lang, "group", {key: "" for key in wanted.groups if key in GROUPS}).values(),
        say(lang, wanted.frequency),
    ]
    if asked.phone:
        told.append(say(lang, "phone_kept", end=asked.phone[-3:]).removesuffix("."))
    return f"{as_local(asked.at):%d/%m/%Y %H:%M}: {'; '.join(told)}"


def _email(lang: str, form: Form, faults: Mapping[str, str]) -> str:
    return field("email", say(lang, "email"), form.one("email"), kind="email", purpose="email",
                 hint=say(lang, "email_hint"), fault=faults.get("email", ""))  # fmt: skip


def _phone(lang: str, form: Form, faults: Mapping[str, str]) -> str:
    return field("phone", say(lang, "phone"), form.one("phone"), kind="tel", purpose="tel", longest=30,
                 hint=say(lang, "phone_hint"), fault=faults.get("phone", ""))  # fmt: skip


def _distances(lang: str, form: Form) -> dict[str, str]:
    kept = form.one("within_km")
    offered = {f"{km:g}": say(lang, "within_km", km=f"{km:g}", miles=f"{km * _MILES:.1f}") for km in DISTANCES if km}
    offered = {"0": say(lang, "within_none"), **offered}
    if kept == KEEP or (kept and kept not in offered):
        offered = {KEEP: say(lang, "within_keep"), **offered}
    return offered


def _quiet(lang: str, form: Form, fault: str) -> str:
    times = {"": say(lang, "quiet_none")}
    times |= {str(minute): f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 24 * 60, 30)}
    lists = "".join(
        dropdown(name, say(lang, name), times | _kept_time(form.one(name), times), form.one(name))
        for name in ("quiet_from", "quiet_to")
    )
    return group("quiet", say(lang, "quiet"), lists, hint=say(lang, "quiet_hint"), fault=fault)


def _kept_time(kept: str, offered: Mapping[str, str]) -> dict[str, str]:
    """A time that somebody chose elsewhere, to the minute."""
    if kept in offered or not re.fullmatch(r"[0-9]{1,4}", kept):
        return {}
    return {kept: f"{int(kept) // 60:02d}:{int(kept) % 60:02d}"}


def _areas(lang: str, places: Iterable[Place], form: Form, fault: str) -> str:
    """Every area as a box; many are folded by the area that they lie in, and one with a tick is open."""
    chosen = set(form.many("areas"))
    lists = _by_parent(lang, tuple(places))
    if sum(len(inner) for _, inner in lists) <= _ONE_LIST:
        everything = {value: words for _, inner in lists for value, words in inner.items()}
        html = boxes("areas", everything, chosen)
    else:
        parts = []
        for number, (title, inner) in enumerate(lists):
            first = None if number == 0 else f"areas-{next(iter(inner))}"
            is_open = " open" if number == 0 or chosen & set(inner) else ""
            parts.append(
                f"<details{is_open}><summary>{escape(title)}</summary>"
                f"{boxes('areas', inner, chosen, first_id=first)}</details>"
            )
        html = "".join(parts)
    return group("areas", say(lang, "areas"), html, hint=say(lang, "areas_hint", most=MOST_AREAS), fault=fault)


def _by_parent(lang: str, places: tuple[Place, ...]) -> list[tuple[str, dict[str, str]]]:
    """Lists of areas with a title: first those that hold others which hold others, then one for each that holds some.

    Value -> words.  An area that holds others comes as 'all of' it."""
    children: dict[int | None, list[Place]] = {}
    for place in places:
        children.setdefault(place.parent_id, []).append(place)
    order = [kind.value for kind in PlaceKind]
    by_size = sorted(places, key=lambda place: (order.index(place.kind), place.name))
    whole: dict[str, str] = {}
    lists: list[tuple[str, dict[str, str]]] = []
    for place in by_size:
        below = sorted(children.get(place.id, []), key=lambda one: one.name)
        leaves = {str(one.id): one.name for one in below if not children.get(one.id)}
        if leaves:
            lists.append((place.name, {str(place.id): _all_of(lang, place)} | leaves))
        elif below:
            whole[str(place.id)] = _all_of(lang, place)
        elif place.parent_id is None:
            whole[str(place.id)] = place.name
    lists.sort(key=lambda one: one[0])
    return [(say(lang, "areas_whole"), whole), *lists] if whole else lists


def _all_of(lang: str, place: Place) -> str:
    if place.kind == PlaceKind.FORCE:
        return say(lang, "areas_force")
    return say(lang, "areas_all_of", name=place.name)
