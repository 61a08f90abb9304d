"""Whoever is bound to areas plans, changes and approves there, by whatever way, and nowhere else (R17)."""

import csv
from pathlib import Path

import pytest

from scheduler.importing import import_posts
from scheduler.planning import approve_post, edit_post, plan_post, send_for_approval
from social.errors import InputError, NotAllowed
from social.operators import KEEPER, acting
from social.people import set_areas
from social.places import PlaceKind, find_or_add_place
from social.staff import Person
from tests.scheduler.helpers import Force

WITNESS = (
    "Did you see who took a bicycle from the library on Saturday? Call 101 and quote 44/1234/26, or Crimestoppers on "
    "0800 555 111. In an emergency always call 999."
)


def bind(force: Force, person: Person) -> None:
    """The person acts for the Hexley team alone, in which Hexley Moor lies."""
    with force.context.database.write() as session:
        team = find_or_add_place(session, "Hexley team", PlaceKind.TEAM)
        find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD, team)
        find_or_add_place(session, "Copperbeck", PlaceKind.NEIGHBOURHOOD)
    set_areas(force.context, acting(force.context, KEEPER), person.id or 0, [team.id or 0])


@pytest.mark.parametrize("place", ["Copperbeck", None, "Nowhere yet"])
def test_an_author_plans_and_changes_nothing_about_another_area_or_the_whole_force(
    force: Force, place: str | None
) -> None:
    bind(force, force.author)
    with pytest.raises(NotAllowed, match="for this area"):
        plan_post(force.context, force.post(place=place), force.author)
    others = plan_post(force.context, force.post(place=place), force.corporate)
    with pytest.raises(NotAllowed):
        edit_post(force.context, others, force.post("Geese.", place=place), force.author, expected_version=1)
    own = plan_post(force.context, force.post(place="Hexley Moor"), force.author)
    with pytest.raises(NotAllowed):
        edit_post(force.context, own, force.post(place=place), force.author, expected_version=1)
    assert force.entry(own).place == "Hexley Moor"


def test_a_supervisor_approves_what_lies_below_their_area_alone(force: Force) -> None:
    bind(force, force.supervisor)
    for place, theirs in (("Hexley Moor", True), ("Copperbeck", False)):
        given = force.post(WITNESS, content_type="appeal_witness", place=place, appeal_ref="44/1234/26")
        post_id = plan_post(force.context, given, force.author)
        assert send_for_approval(force.context, post_id, force.author) == "in_review"
        if theirs:
            approve_post(force.context, post_id, force.supervisor)
        else:
            with pytest.raises(NotAllowed, match="for this area"):
                approve_post(force.context, post_id, force.supervisor)


def test_a_file_brings_in_nothing_about_an_area_that_its_author_does_not_act_for(force: Force, tmp_path: Path) -> None:
    bind(force, force.author)
    path = tmp_path / "posts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, ["post_id", "content_type", "text", "scheduled_local", "neighbourhood"])
        rows.writeheader()
        for number, place in enumerate(("Hexley Moor", "Copperbeck")):
            rows.writerow({"post_id": str(number), "content_type": "lighthearted", "text": f"Ducks of {place}.",
                           "scheduled_local": "2026-06-02T12:00", "neighbourhood": place})  # fmt: skip
    with pytest.raises(InputError, match=r"row 2, column 'neighbourhood'.*for this area"):
        import_posts(force.context, path, accounts=["hexley"], author=force.author.email)
    assert force.entries() == []
