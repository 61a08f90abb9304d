"""Facts kept as news arrives are the facts that a rebuild would find."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import select

from insights.facts import PublicationFacts
from insights.keeping import keep_facts, rebuild_facts
from insights.reading.stored import read_new
from social.context import Context
from social.interactions import Interaction, Reading
from social.publications import StalePublication, mark_stale

Desk = Any


def facts(context: Context) -> dict[int, dict[str, Any]]:
    with context.database.read() as session:
        return {
            row.publication_id: row.model_dump(exclude={"updated_at"}) for row in session.exec(select(PublicationFacts))
        }


def stale(context: Context) -> list[int]:
    with context.database.read() as session:
        return [row.publication_id for row in session.exec(select(StalePublication))]


def test_facts_hold_the_latest_figures_and_none_for_what_was_never_reported(desk: Desk) -> None:
    post = desk.publish(figures={"reach": 100, "shares": 2})
    desk.measure(post, reach=150)
    assert keep_facts(desk.context) == 1
    kept = facts(desk.context)[post]
    assert (kept["reach"], kept["shares"], kept["clicks"], kept["impressions"]) == (150, 2, None, None)


def test_only_publications_with_news_are_worked_out(desk: Desk) -> None:
    first, second = desk.publish(), desk.publish()
    assert keep_facts(desk.context) == 2
    desk.measure(second, reach=7)
    assert stale(desk.context) == [second]
    assert keep_facts(desk.context) == 1
    assert keep_facts(desk.context) == 0
    assert facts(desk.context)[first]["reach"] is None


def test_replies_are_counted_by_stance_and_kind_as_they_are_read(desk: Desk) -> None:
    post = desk.publish()
    desk.reply(post, "Thank you, great work")
    desk.reply(post, "What time does it start?")
    desk.reply(post, "Dziękuję bardzo za pomoc")
    desk.reply(post, "Ten o'clock", ours=True)
    keep_facts(desk.context)
    before = facts(desk.context)[post]
    assert (before["replies_stored"], before["replies_read"], before["analyser"]) == (3, 0, None)
    assert read_new(desk.context) == 3
    assert keep_facts(desk.context) == 1
    kept = facts(desk.context)[post]
    assert (kept["replies_read"], kept["n_positive"], kept["n_neutral"], kept["n_unknown"]) == (3, 1, 1, 1)
    assert (kept["n_question"], kept["n_thanks"], kept["analyser"]) == (1, 2, "fast-3")


def test_response_time_runs_from_the_first_question_to_the_first_answer(desk: Desk) -> None:
    """R18: thanks need no answer; what was answered and what waits are counted apart."""
    post = desk.publish()
    desk.reply(post, "Thank you!", answered=1)
    desk.reply(post, "What time does it start?", minutes=10)
    desk.reply(post, "Is there parking?", minutes=20, answered=30)
    read_new(desk.context)
    keep_facts(desk.context)
    kept = facts(desk.context)[post]
    assert (kept["response_minutes"], kept["answered"], kept["unanswered"]) == (40.0, 1, 1)


def test_without_an_answer_there_is_no_response_time(desk: Desk) -> None:
    post = desk.publish()
    desk.reply(post, "What time does it start?")
    read_new(desk.context)
    keep_facts(desk.context)
    kept = facts(desk.context)[post]
    assert (kept["response_minutes"], kept["unanswered"]) == (None, 1)


def test_followers_are_those_at_publication_never_later_ones(desk: Desk) -> None:
    desk.followers(900, days=10)
    desk.followers(950, days=4)
    desk.followers(999, days=1)
    post, older = desk.publish(days=3), desk.publish(days=30)
    keep_facts(desk.context)
    kept = facts(desk.context)
    assert (kept[post]["followers"], kept[older]["followers"]) == (950, None)


def test_the_week_is_the_local_one(desk: Desk) -> None:
    """A post of Sunday 23:30 UTC in summer is one of Monday in London."""
    post = desk.publish(days=0)
    late_sunday = desk.context.clock.now() - timedelta(hours=9, minutes=30)
    with desk.context.database.write() as session:
        from social.publications import Publication

        publication = session.get_one(Publication, post)
        publication.published_at = late_sunday
        session.add(publication)
    rebuild_facts(desk.context)
    assert late_sunday.weekday() == 6
    assert facts(desk.context)[post]["week"] == desk.context.clock.now().date()


def test_a_mark_renewed_while_facts_are_worked_out_stays(desk: Desk) -> None:
    """What arrived after the facts were read must be worked out in the next round."""
    from insights.keeping import _take_away

    post = desk.publish()
    now = desk.context.clock.now()
    with desk.context.database.write() as session:
        mark_stale(session, {post}, now + timedelta(seconds=1))
        _take_away(session, [(post, now)])
    assert stale(desk.context) == [post]


def test_more_publications_than_one_batch_are_all_worked_out(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("insights.keeping.BATCH", 2)
    posts = [desk.publish() for _ in range(5)]
    assert keep_facts(desk.context) == 5
    assert sorted(facts(desk.context)) == posts
    seen: list[tuple[int, int]] = []
    assert rebuild_facts(desk.context, lambda done, of: seen.append((done, of))) == 5
    assert seen == [(2, 5), (4, 5), (5, 5)]


WORDS = ["Thank you", "What time?", "Nobody ever comes", "Diolch yn fawr", "Saw a white van on camera at 2.40am", ""]
steps = st.lists(
    st.tuples(st.sampled_from(["publish", "measure", "reply", "answer", "edit", "read", "keep"]), st.integers(0, 999)),
    min_size=1,
    max_size=25,
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_facts_kept_step_by_step_are_those_of_a_rebuild(desk: Desk, run: list[tuple[str, int]]) -> None:
    context = desk.context
    posts = [desk.publish()]
    does: dict[str, Callable[[int], Any]] = {
        "publish": lambda n: posts.append(desk.publish(["event", "road_info"][n % 2], days=n % 60)),
        "measure": lambda n: desk.measure(posts[n % len(posts)], **{["reach", "shares", "clicks"][n % 3]: n}),
        "reply": lambda n: desk.reply(posts[n % len(posts)], WORDS[n % len(WORDS)], minutes=n, ours=n % 7 == 0),
        "answer": lambda n: _change(context, n, answered=True),
        "edit": lambda n: _change(context, n, answered=False),
        "read": lambda _: read_new(context),
        "keep": lambda _: keep_facts(context),
    }
    for step, number in run:
        does[step](number)
    keep_facts(context)
    kept = facts(context)
    rebuild_facts(context)
    assert kept == facts(context)
    assert stale(context) == []


def _change(context: Context, number: int, *, answered: bool) -> None:
    """Some reply is answered, or edited as collecting would do it."""
    with context.database.write() as session:
        replies = session.exec(select(Interaction)).all()
        if not replies:
            return
        reply = replies[number % len(replies)]
        if answered:
            reply.answered_at = reply.created_at + timedelta(minutes=number)
        else:
            reply.text, reply.unread = WORDS[number % len(WORDS)], True
            for reading in session.exec(select(Reading).where(Reading.interaction_id == reply.id)):
                session.delete(reading)
        session.add(reply)
        mark_stale(session, {reply.publication_id}, context.clock.now())
