"""No page fails with an error of the machine: not with nothing in the database, and not when the database goes away."""

from pathlib import Path

import pytest

from app import VIEWS
from social.context import Context
from social.staff import Person, Role, find_or_add_person
from tests.views.helpers import OpenPage, text_of


def anybody(context: Context) -> dict[str, Person]:
    """By name of the role; nothing else is in the database."""
    with context.database.write() as session:
        return {
            role.value: find_or_add_person(session, f"{role.value}@woldershire.example", role, role.value.title())
            for role in (Role.CORPORATE, Role.ADMINISTRATOR, Role.RECORDS)
        }


@pytest.mark.sqlite_only
def test_every_page_says_something_where_there_is_nothing_yet(context: Context, open_page: OpenPage) -> None:
    people = anybody(context)
    for view in VIEWS:
        roles = {"MANAGE_PEOPLE": "administrator", "ERASE": "records"}
        app = open_page(view.path or "today", as_person=people[roles.get(view.needs or "", "corporate")])
        assert not app.exception, view.title
        assert [title.value for title in app.title] == [view.title]
        assert "`beatline" not in text_of(app), f"{view.title} speaks of a command"
        assert len(text_of(app)) > len(view.title) + 60, f"{view.title} says nothing"


def test_a_database_that_goes_away_is_said_in_plain_words_and_the_page_comes_back_with_it(
    context: Context, open_page: OpenPage, database_url: str, request: pytest.FixtureRequest
) -> None:
    app = open_page("calendar", as_person=anybody(context)["corporate"])
    file = Path(context.database.url.database or "")
    if context.database.is_sqlite:
        file.rename(file.with_suffix(".away"))
    else:
        request.getfixturevalue("postgresql").drop(database_url)
    app.run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Beatline cannot be used at this moment"]
    assert "You did nothing wrong, and nothing goes out meanwhile." in text_of(app)
    if context.database.is_sqlite:
        file.with_suffix(".away").rename(file)
        app.button(key="_try_again").click().run()
        assert [title.value for title in app.title] == ["Calendar"]
