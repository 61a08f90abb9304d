"""What shares of replies are critical: from kept counts, with what is judged, what is unknown, and some to read."""

from datetime import timedelta

import pytest

from insights.chosen import Chosen
from insights.known_errors import errors_here
from insights.reading.base import CURRENT_VERSION
from insights.reply_sample import sample_replies
from insights.running_accuracy import running_accuracy
from insights.sentiment import sentiment_by, sentiment_of
from insights.sentiment_tables import accuracy_headline, accuracy_table, basis, headline, table
from social.interactions import Interaction, Reading
from social.labels import correct_reading
from social.staff import Role, find_or_add_person
from tests.insights.conftest import Desk

pytestmark = pytest.mark.sqlite_only


def read_as(desk: Desk, publication_id: int, **stances: int) -> list[int]:
    """That many replies read as each stance; their ids."""
    found = []
    for stance, count in stances.items():
        for _ in range(count):
            number = desk.reply(publication_id, f"a {stance} word", author_key="one key for all")
            found.append(number)
            with desk.context.database.write() as session:
                session.add(Reading(interaction_id=number, version=CURRENT_VERSION, stance=stance, kind="other", kind_p=0.9,
                                    lang="en", lang_p=0.9, read_at=desk.context.clock.now()))  # fmt: skip
    return found


def judge(desk: Desk, ids: list[int], stance: str) -> None:
    with desk.context.database.write() as session:
        person = find_or_add_person(session, "sam@example.org", Role.CORPORATE)
        session.expunge(person)
    for number in ids:
        correct_reading(desk.context, person, number, stance=stance)


def test_a_group_has_shares_with_intervals_its_unknown_and_the_plain_count_beside(desk: Desk) -> None:
    first, second = desk.publish(), desk.publish("survey", days=10)
    read_as(desk, first, negative=8, neutral=30, positive=6, unknown=6)
    read_as(desk, second, neutral=3)
    with desk.context.database.read() as session:
        whole = sentiment_of(session)
        kinds = {row.group: row for row in sentiment_by(session, "content_type")}
        posts = {row.group: row for row in sentiment_by(session, "post")}
        weeks = sentiment_by(session, "week")
        alone = sentiment_of(session, Chosen(publication_id=first))
    assert (whole.read, whole.unknown, whole.posts, whole.few) == (47, 6, 2, False)
    assert whole.unknown_share == pytest.approx(6 / 53)
    assert whole.counted == {"negative": 8 / 47, "neutral": 33 / 47, "positive": 6 / 47}
    one = whole.shares["negative"]
    assert 0 <= one.low < one.estimate < one.high <= 1
    assert kinds["event"].shares == posts[str(first)].shares == alone.shares
    assert kinds["survey"].few
    assert [row.read for row in weeks] == [3, 44]
    assert "between" in headline(whole)
    assert headline(kinds["survey"]).startswith("Too few to tell")
    assert "11% of all are in a language that is not read" in basis(whole)
    assert table([whole])[0]["Critical, as counted"] == "17%"


def test_corrections_count_as_said_and_correct_the_shares_of_the_rest(desk: Desk) -> None:
    """Issue: staff corrections feed a running accuracy, shown."""
    post = desk.publish()
    ids = read_as(desk, post, neutral=60, negative=10)
    with desk.context.database.read() as session:
        before = sentiment_of(session)
        assert running_accuracy(session) == []
    judge(desk, ids[:15], "negative")
    desk.context.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]  # a SettableClock in every test
    judge(desk, ids[15:25], "neutral")
    with desk.context.database.read() as session:
        after, errors, accuracy = sentiment_of(session), errors_here(session), running_accuracy(session)
    assert (after.judged, after.judgements, before.judgements) == (25, 25, 0)
    assert errors.judged == ((0, 0, 0), (15, 10, 0), (0, 0, 0))
    assert errors.read == (10, 60, 0)
    assert after.counted["negative"] == pytest.approx(25 / 70)
    assert after.shares["negative"].low >= 15 / 70
    assert after.shares["negative"].estimate > before.shares["negative"].estimate + 15 / 70
    assert [(row.month, row.judged, row.right, row.share) for row in accuracy] == [
        ("2026-06", 15, 0, None), ("2026-07", 10, 10, None), ("", 25, 10, 0.4),
    ]  # fmt: skip
    assert "40% were right" in accuracy_headline(accuracy)
    assert accuracy_table(accuracy)[0]["Share right"] == "too few to tell"


def test_a_sample_is_drawn_by_chance_and_leaves_out_what_nobody_may_read(desk: Desk) -> None:
    """M06, R24, R25."""
    posts = [desk.publish(days=n + 1) for n in range(3)]
    ids = [number for post in posts for number in read_as(desk, post, neutral=12)]
    now = desk.context.clock.now()
    gone, lead, erased = ids[0], ids[13], ids[26]
    with desk.context.database.write() as session:
        for number, values in (
            (gone, {"gone_at": now}),
            (lead, {"purpose": "law_enforcement"}),
            (erased, {"text": ""}),
        ):
            session.add(session.get_one(Interaction, number).sqlmodel_update(values))
    with desk.context.database.read() as session:
        today = sample_replies(session, Chosen(), now=now)
        again = sample_replies(session, Chosen(), now=now)
        tomorrow = sample_replies(session, Chosen(), now=now + timedelta(days=1))
        every = sample_replies(session, Chosen(), now=now, size=100)
        elsewhere = sample_replies(session, Chosen(), now=now, areas=frozenset())
    assert today == again != tomorrow
    assert len(set(today)) == 10
    assert set(every) == set(ids) - {gone, lead, erased}
    assert elsewhere == []
