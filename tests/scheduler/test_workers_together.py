"""Several workers and a busy desk on one database at once: every post goes out exactly once, and no change is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from sqlmodel import select

from scheduler.entries import Attempt, EntryHistory
from scheduler.planning import edit_post
from scheduler.posts import Post
from scheduler.worker import publish_due
from social.channels.registry import make_channel
from social.context import Context, open_context
from social.errors import BeatlineError
from tests.scheduler.helpers import Force

POSTS = 40


def at_once(force: Force, *works: Callable[[Context], None]) -> None:
    """Run each on a context, and so on connections, of its own; raise what any of them raised."""
    together = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[Context], None]) -> None:
        context = open_context(force.context.settings, make_channel, force.clock)
        together.wait()
        try:
            work(context)
        except BaseException as error:
            failures.append(error)
        finally:
            context.database.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def publish_all(context: Context) -> None:
    while publish_due(context):
        pass


def test_workers_on_one_queue_send_each_post_once(force: Force) -> None:
    for number in range(POSTS):
        force.queued(f"Ducks {number}.")
    at_once(force, publish_all, publish_all, publish_all)
    publish_all(force.context)
    assert Counter(post.text for post in force.network().posts) == {f"Ducks {n}.": 1 for n in range(POSTS)}
    assert len(force.attempts()) == POSTS
    assert len(force.publications()) == POSTS
    with force.context.database.read() as session:
        moves = Counter((row.entry_id, row.event) for row in session.exec(select(EntryHistory)))
        assert set(moves.values()) == {1}
        assert {attempt.outcome for attempt in session.exec(select(Attempt))} == {"sent"}


def test_an_edit_beside_a_worker_wins_or_loses_whole(force: Force) -> None:
    """What is live is either the old words, or the post is a draft of the new ones: never the new ones unapproved."""
    ids = [force.queued(f"Ducks {number}.", content_type="survey") for number in range(POSTS // 2)]

    def edit_all(context: Context) -> None:
        for number, post_id in reversed(list(enumerate(ids))):
            with suppress(BeatlineError):
                given = force.post(f"Geese {number}.", content_type="survey")
                edit_post(context, post_id, given, force.author, expected_version=1)

    at_once(force, publish_all, edit_all, publish_all)
    publish_all(force.context)
    live = {post.text for post in force.network().posts}
    assert len(live) == len(force.network().posts)
    with force.context.database.read() as session:
        for number, post in enumerate(session.exec(select(Post).order_by(Post.id))):  # type: ignore[arg-type]  # a column here
            state = force.entry(post.id).state
            assert (post.version, state, f"Ducks {number}." in live) in {(1, "published", True), (2, "draft", False)}
    assert not [text for text in live if text.startswith("Geese")]


def test_two_who_edit_one_post_do_not_overwrite_each_other(force: Force) -> None:
    post_id = force.queued("Ducks.", content_type="survey")
    done: list[str] = []

    def edit(words: str) -> Callable[[Context], None]:
        def run(context: Context) -> None:
            with suppress(BeatlineError):
                given = force.post(words, content_type="survey")
                edit_post(context, post_id, given, force.author, expected_version=1)
                done.append(words)

        return run

    at_once(force, edit("Geese."), edit("Swans."))
    with force.context.database.read() as session:
        post = session.get_one(Post, post_id)
    assert [post.text] == done
    assert post.version == 2
