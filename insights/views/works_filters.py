"""What the page What works is about: network, period, area and kind of post. All of it stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from insights.labels import content_type_label
from social.places import place_choices
from social.sorting import CONTENT_TYPE_LABELS, NEVER_RANKED
from social.views.inert import inert
from social.views.parts import Page
from social.views.words import NETWORKS, word

PERIODS = {"Last 28 days": 28, "Last 12 weeks": 84, "Last 12 months": 365}


@dataclass(frozen=True)
class View:
    """place_id, content_type: None for all.  place: the area as the list names it, '' for every area.

    is_behind: whether an account that the figures come from has not been read for long."""

    now: datetime
    network: str
    period: str
    place_id: int | None
    place: str
    content_type: str | None
    is_behind: bool = False

    def marked(self) -> "View":
        """The same, with every subtitle saying that the figures are not up to date."""
        return replace(self, is_behind=True)

    @property
    def area(self) -> str:
        """The area's bare name, without what kind it is."""
        return self.place.removesuffix(")").rsplit(" (", 1)[0] if self.place.endswith(")") else self.place

    @property
    def days(self) -> int:
        return PERIODS[self.period]

    @property
    def since(self) -> datetime:
        return self.now - timedelta(days=self.days)

    @property
    def narrowed(self) -> dict[str, Any]:
        """Network, area and kind as `figures_by` takes them."""
        return {"channel": self.network, "place_id": self.place_id, "content_type": self.content_type}

    @property
    def filters(self) -> dict[str, Any]:
        return {**self.narrowed, "since": self.since}

    @property
    def before(self) -> dict[str, Any]:
        """The same for as many days right before."""
        return {**self.narrowed, "since": self.since - timedelta(days=self.days), "until": self.since}

    @property
    def before_words(self) -> str:
        return f"in the {self.days} days before"

    @property
    def where(self) -> str:
        """'Facebook, last 28 days, Copperbeck, patrol update', as Markdown, for what stands under a headline."""
        return self.where_in(_lower(self.period))

    @property
    def where_without_place(self) -> str:
        return replace(self, place="").where

    def where_in(self, period: str) -> str:
        """The same for another period, such as 'the last 12 weeks'."""
        kind = content_type_label(self.content_type) if self.content_type else ""
        behind = "not up to date" if self.is_behind else ""
        parts = [word(NETWORKS, self.network), period, inert(self.place), _lower(kind), behind]
        return ", ".join(part for part in parts if part)

    @property
    def address(self) -> dict[str, str]:
        """What a link to this page carries along, so that the same view opens."""
        kind = content_type_label(self.content_type) if self.content_type else ""
        given = {"i_net": word(NETWORKS, self.network), "i_period": self.period, "i_area": self.place, "i_kind": kind}
        return {name: value for name, value in given.items() if value}

    @property
    def may_compare(self) -> bool:
        """Appeals for missing people are counted and never held against each other (R11)."""
        return self.content_type not in NEVER_RANKED


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def choose(page: Page) -> View:
    """Draws the four choices; they stand in the address, so that a view can be shared."""
    networks = networks_of(page)
    with page.read() as session:
        places = place_choices(session)
    one, two, three, four = st.columns(4)
    network = one.selectbox(
        "Network", networks, format_func=lambda key: word(NETWORKS, key), key="i_net", bind="query-params"
    )
    period = two.selectbox("Period", list(PERIODS), key="i_period", bind="query-params")
    place = three.selectbox(
        "Area", [0, *places], format_func=lambda number: places.get(number, "Every area"), key="i_area",
        bind="query-params", on_change=_from_its_top,
    )  # fmt: skip
    kinds = sorted(CONTENT_TYPE_LABELS, key=content_type_label)
    kind = four.selectbox(
        "Kind of post", ["", *kinds], format_func=lambda key: content_type_label(key) if key else "Every kind",
        key="i_kind", bind="query-params",
    )  # fmt: skip
    return View(page.now, network, period, place or None, places.get(place, ""), kind or None)


def _from_its_top() -> None:
    """Another area begins at its own level, not at the one that was drilled down to."""
    for name in ("level", "here"):
        st.query_params.pop(name, None)


def networks_of(page: Page) -> Sequence[str]:
    """The networks with an account, without the alert service: that has a page of its own (M08)."""
    return list(dict.fromkeys(account.channel for account in page.accounts if account.channel != "alert"))
