"""A part of the page What works: how well replies are read, what is found and what is right, both at once (R19)."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from insights.measuring import ENOUGH, Measured, judged, tried
from insights.reading.base import CURRENT_VERSION
from social.views.parts import Page
from social.views.words import FLAGS, KINDS, STANCES, say_count, word

_WORDS = {"kind": KINDS, "stance": STANCES, "flag": FLAGS}


def reading_quality(page: Page) -> None:
    """Of invented replies, and of those whose reading people here have judged."""
    st.header("How well replies are read", anchor=False)
    st.caption(
        "Found: of the replies that are so, the share that was read so. Right: of the replies that were read so, the "
        "share that is. Emergencies and flags are read so that little is missed, at the price of false alarms: none of "
        "it stands in for a person who reads the replies."
    )
    with page.read() as session:
        here = judged(session)
    _emergencies(tried())
    with st.expander("Table: tried on invented replies"):
        st.caption(f"Analyser {CURRENT_VERSION}, on replies that no lesson had in mind.")
        _table(tried(), "Invented replies: how many are found and how many are right, one row each")
    with st.expander("Table: judged by people here"):
        if any(one.real for one in here):
            st.caption(
                "What people said under 'This was read wrong'. They judge what they look at, so this is no fair sample. "
                f"Shares stand only where {ENOUGH} replies or more are counted."
            )
            _table(here, "Replies judged by people: how many are found and how many are right, one row each")
        else:
            st.text("Nobody has judged a reading yet. Open a reply, choose 'This was read wrong' and save what it is.")


def _emergencies(rows: Sequence[Measured]) -> None:
    """The figure that matters most, in one sentence."""
    for one in rows:
        if (one.aspect, one.name) == ("kind", "emergency"):
            st.text(
                f"Of {say_count(one.real, 'invented emergency', 'invented emergencies')}, {one.right} were found; of "
                f"{say_count(one.said, 'alarm')}, {one.right} were real."
            )


def _table(rows: Sequence[Measured], alt: str) -> None:
    st.dataframe([_row(one.as_row()) for one in rows if one.real or one.said], hide_index=True, alt=alt)


def _row(row: dict[str, Any]) -> dict[str, str | int]:
    return {
        "Read as": word(_WORDS[row["aspect"]], row["name"]),
        "Replies that are so": row["real"],
        "Found": _share(row, "recall"),
        "Replies read so": row["said"],
        "Right": _share(row, "precision"),
    }


def _share(row: dict[str, Any], what: str) -> str:
    share, interval = row[what], row[f"{what}_interval"]
    return "too few to tell" if share is None else f"{share:.0%} ({interval[0]:.0%} to {interval[1]:.0%})"
