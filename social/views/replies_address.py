"""What the page of replies shows is said by its address alone, so that a link shows the same list and Back works.

A widget of the page writes to the address when it is changed; every run sets the widgets by the address."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from social.inbox_query import State, Wanted
from social.kinds import Flag
from social.staff import Action
from social.views.parts import Page, number_in_address
from social.views.replying import LANGUAGES
from social.views.words import FLAGS, KINDS, NETWORKS, STANCES

SHOWS: dict[str, str] = {
    "open": "Open",
    "mine": "Mine",
    "nobody": "Nobody's yet",
    "overdue": "Overdue",
    "closed": "Closed",
    "all": "All",
}
"""Which replies to show, by the word in the address."""

PERIODS: dict[str, str] = {
    "7": "In the last 7 days",
    "28": "In the last 28 days",
    "90": "In the last 90 days",
    "any": "At any time",
}
"""When they were written.  The past that an account brings in would otherwise bury what is new."""

USUAL_PERIOD = "28"
_ALL = 0
"""What a box to choose one from holds while nothing is chosen."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as far as it makes sense; nonsense is left out.

    place: number of an area.  page: from 1.  reply, letter: number of the reply to open, or of the letter that
    names no alert; None for none."""

    show: str = "open"
    kinds: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    network: str | None = None
    place: int | None = None
    period: str = USUAL_PERIOD
    page: int = 1
    reply: int | None = None
    letter: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but what to show and when is chosen."""
        return self != Asked(self.show, period=self.period, page=self.page, reply=self.reply, letter=self.letter)


_NAMES = {
    "show": "show", "kinds": "kinds", "stances": "stance", "flags": "flag", "langs": "lang", "network": "network",
    "place": "area", "period": "written", "page": "page", "reply": "reply",
    "letter": "letter",
}  # fmt: skip
"""The field of `Asked`, and its name in the address."""
_SEVERAL = frozenset({"kinds", "stances", "flags", "langs"})


def asked(places: Collection[int]) -> Asked:
    """What the address asks for.  places: the areas that may be asked for."""
    place = number_in_address("area")
    network, period, show = (st.query_params.get(name, "") for name in ("network", "written", "show"))
    return Asked(
        show if show in SHOWS else "open",
        _several("kinds", KINDS),
        _several("stance", STANCES),
        _several("flag", [flag.value for flag in Flag]),
        _several("lang", LANGUAGES),
        network if network in NETWORKS else None,
        place if place in places else None,
        period if period in PERIODS else USUAL_PERIOD,
        max(1, number_in_address("page") or 1),
        number_in_address("reply"),
        number_in_address("letter"),
    )


def _several(name: str, known: Collection[str]) -> tuple[str, ...]:
    given = st.query_params.get(name, "").split(",")
    return tuple(one for one in known if one in given)


def address_of(wanted: Asked) -> dict[str, str]:
    """The part of the address that asks for this; what is usual is left out."""
    found: dict[str, str] = {}
    for field, name in _NAMES.items():
        value = getattr(wanted, field)
        if value != getattr(Asked(), field):
            found[name] = ",".join(value) if isinstance(value, tuple) else str(value)
    return found


def go_to(wanted: Asked) -> None:
    """Put it into the address, and leave alone what others keep there."""
    to_address(address_of(wanted))


def to_thread(publication_id: int) -> None:
    """Put into the address that everything under one post is to be shown."""
    to_address({"thread": str(publication_id)})


def to_reply(reply_id: int) -> None:
    """Open another reply, whatever else is shown."""
    st.query_params["reply"] = str(reply_id)


def to_address(own: Mapping[str, str]) -> None:
    """Say in these words alone what the page shows.  A link to the page itself would not do: Streamlit draws what it
    asks for and leaves the browser's address as it was.

    An empty list takes a word out. All of it is one change: each would be a step that Back has to go through. Words of
    others are not even set to what they are: Streamlit refuses those that a widget keeps there."""
    there = [name for name in (*_NAMES.values(), "thread") if name in st.query_params]
    st.query_params.update({**{name: [] for name in there}, **own})


def replies_asked_for(page: Page, wanted: Asked) -> Wanted:
    """What to list for it."""
    days = None if wanted.period == "any" else int(wanted.period)
    return Wanted(
        {"closed": State.CLOSED, "all": State.ALL}.get(wanted.show, State.OPEN),
        kinds=wanted.kinds or None,
        stances=wanted.stances or None,
        flags=wanted.flags or None,
        langs=wanted.langs or None,
        channel=wanted.network,
        place_id=wanted.place,
        since=page.now - timedelta(days=days) if days else None,
        overdue_at=page.now if wanted.show == "overdue" else None,
        assignee_id=page.person.id if wanted.show == "mine" else None,
        unassigned=wanted.show == "nobody",
        areas=page.areas,
        leads=sees_leads(page),
    )


def sees_leads(page: Page) -> bool:
    """Whether what is kept for law enforcement is for the person's eyes (R24)."""
    return page.may(Action.HAND_OFF)


def filters(wanted: Asked, places: Mapping[int, str], counts: Mapping[str, int], everywhere: str) -> None:
    """The widgets.  counts: how many there are by the word of SHOWS, for those that are counted.
    everywhere: what no area in particular is called."""
    _widget("r_show", wanted.show)
    st.segmented_control(
        "Show", list(SHOWS), key="r_show", required=True, on_change=_taken, args=(wanted, "show", "r_show"),
        format_func=lambda show: f"{SHOWS[show]} ({counts[show]:,})" if show in counts else SHOWS[show],
    )  # fmt: skip
    one, two, three = st.columns([5, 3, 3])
    with one:
        _choose("Kind", "r_kind", wanted, "kinds", KINDS, "Every kind")
    _widget("r_area", wanted.place or _ALL)
    two.selectbox(
        "Area", [_ALL, *places], key="r_area", on_change=_taken, args=(wanted, "place", "r_area"),
        format_func=lambda number: places.get(number, everywhere),
    )  # fmt: skip
    _widget("r_period", wanted.period)
    three.selectbox(
        "Written", list(PERIODS), key="r_period", format_func=lambda period: PERIODS[period],
        on_change=_taken, args=(wanted, "period", "r_period"),
    )  # fmt: skip
    more = sum(map(bool, (wanted.stances, wanted.flags, wanted.langs, wanted.network)))
    with st.expander(f"More filters ({more} chosen)" if more else "More filters", expanded=bool(more)):
        one, two = st.columns(2)
        with one:
            _choose("Stance", "r_stance", wanted, "stances", STANCES, "Every stance")
            _choose("Language", "r_lang", wanted, "langs", LANGUAGES, "Every language")
        with two:
            _choose("What to look at", "r_flag", wanted, "flags", FLAGS, "With flags or without")
            _widget("r_network", wanted.network or _ALL)
            st.selectbox(
                "Network", [_ALL, *NETWORKS], key="r_network", on_change=_taken, args=(wanted, "network", "r_network"),
                format_func=lambda name: NETWORKS.get(name, "Every network"),
            )  # fmt: skip


def _choose(label: str, key: str, wanted: Asked, field: str, words: Mapping[str, str], placeholder: str) -> None:
    _widget(key, list(getattr(wanted, field)))
    st.multiselect(
        label, list(words), key=key, placeholder=placeholder, format_func=lambda one: words[one],
        on_change=_taken, args=(wanted, field, key),
    )  # fmt: skip


def _widget(key: str, value: object) -> None:
    """The address has the last word on what the widget shows."""
    st.session_state[key] = value


def _taken(wanted: Asked, field: str, key: str) -> None:
    """Somebody changed a widget: the list begins anew at its first page."""
    value = st.session_state[key] or None
    changed: dict[str, Any] = {
        field: tuple(value or ()) if field in _SEVERAL else value,
        "page": 1,
        "reply": None,
        "letter": None,
    }
    go_to(replace(wanted, **changed))


def opener(wanted: Asked, reply_id: int | None) -> Callable[[], None]:
    """What a button does that opens a reply beside the list; None closes it."""
    return lambda: go_to(replace(wanted, reply=reply_id, letter=None))


def letter_opener(wanted: Asked, letter_id: int) -> Callable[[], None]:
    """What a button does that opens a letter beside the list."""
    return lambda: go_to(replace(wanted, reply=None, letter=letter_id))
