"""R41 and its neighbours, held against the sample file whose labels were written by hand."""

import csv
from pathlib import Path

import pytest

from scheduler.content_types import CONTENT_TYPES, approval_for

SAMPLE = Path(__file__).parents[2] / "examples/posts.csv"

APPROVALS = {
    "none": "lighthearted event road_info patrol_update team_intro crime_prevention recognition",
    "supervisor": "appeal_cctv appeal_witness survey trend_day youth rural business you_said_we_did crime_update",
    "corporate": "appeal_image appeal_missing appeal_wanted appeal_closed arrest_update court_result campaign "
    "hidden_harms recruitment correction",
}


def test_every_kind_asks_for_the_approval_of_the_rule() -> None:
    """R41."""
    stated = {key: level for level, keys in APPROVALS.items() for key in keys.split()}
    assert {key: kind.approval for key, kind in CONTENT_TYPES.items()} == stated


@pytest.mark.parametrize(
    ("key", "text", "picture", "channel", "level"),
    [
        ("appeal_cctv", "Tools were taken from a van.", False, "facebook", "supervisor"),
        ("appeal_cctv", "Tools were taken from a van.", True, "facebook", "corporate"),
        ("appeal_witness", "A report of an assault at the reserve.", False, "facebook", "corporate"),
        ("appeal_witness", "Two shops were robbed.", False, "x", "corporate"),
        ("crime_prevention", "Lock your car.", False, "x", "none"),
        ("crime_prevention", "Lock your car.", False, "smart_alert", "supervisor"),
        ("lighthearted", "The ducks are back.", True, "facebook", "none"),
    ],
)
def test_content_may_raise_the_approval_that_is_asked_for(
    key: str, text: str, picture: bool, channel: str, level: str
) -> None:
    """R41: an appeal without an image, serious violence, any prevention alert."""
    assert approval_for(key, text=text, has_picture=picture, channels=[channel]) == level


def test_the_sample_posts_get_the_approval_that_they_are_labelled_with() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = {
        row["post_id"]: (row["approval"], level)
        for row in rows
        if (
            level := approval_for(
                row["content_type"],
                text=row["text"],
                has_picture=row["media"] == "image",
                channels=[row["channel"]],
            )
        )
        != row["approval"].removesuffix("_comms")
    }
    assert len(rows) > 20
    assert not wrong


def test_missing_person_appeals_are_never_ranked() -> None:
    """R11."""
    assert not CONTENT_TYPES["appeal_missing"].ranked
    assert not CONTENT_TYPES["appeal_closed"].ranked


def test_every_appeal_is_marked_as_one() -> None:
    """R15 asks it for the numbers to ring."""
    appeals = {key for key, kind in CONTENT_TYPES.items() if kind.appeal}
    assert appeals == {"appeal_cctv", "appeal_witness", "appeal_image", "appeal_missing", "appeal_wanted"}


def test_light_kinds_are_marked() -> None:
    """R38."""
    assert {key for key, kind in CONTENT_TYPES.items() if kind.light} == {"lighthearted", "trend_day"}
