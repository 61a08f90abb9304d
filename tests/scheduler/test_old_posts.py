"""Posts with their approvals are forgotten after seven years, with their pictures; figures and moments stay (R28, M13)."""

from datetime import timedelta

import pytest
from sqlmodel import select

import app
from scheduler.erasing import ERASED_BY_AGE, is_erased
from scheduler.jobs import JOBS
from scheduler.old_posts import PURGERS
from scheduler.posts import Media, Post
from scheduler.versions import PostVersion
from social.audit import AuditReason
from social.measurements import Measurement, Metric
from social.publications import Publication
from social.purging import purge
from tests.scheduler.test_forgetting import Force, everything, force, portrait  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.sqlite_only


def test_a_post_goes_seven_years_after_the_last_thing_that_happened_to_it(force: Force) -> None:  # noqa: F811
    """An appeal stays while it runs, however old."""
    context = force.context
    with context.database.write() as session:
        session.add(Publication(account_id=1, platform_id="old", text="Before Beatline, at Nether Skelby",
                                published_at=force.clock.now(), imported=True))  # fmt: skip
    force.clock.advance(timedelta(days=2556))
    assert purge(context, dry_run=True, classes=["post"], besides=PURGERS).counts == {"post": 0}
    force.clock.advance(timedelta(days=2))
    assert purge(context, dry_run=False, classes=["post"], besides=PURGERS).counts == {"post": 1}
    force.close()
    force.clock.advance(timedelta(days=2558))
    assert purge(context, dry_run=True, classes=["post"], besides=PURGERS).counts == {"post": 0}


def test_words_pictures_versions_and_reasons_go_and_figures_stay(force: Force) -> None:  # noqa: F811
    context = force.context
    with context.database.write() as session:
        [post] = session.exec(select(Post)).all()
        post.appeal_ref = None
        session.add(post)
    assert (context.settings.media_folder / force.picture).exists()
    force.clock.advance(timedelta(days=2558))
    [job] = [job for job in JOBS if job.name == "old posts"]
    assert job.run(context) == 1
    assert job.run(context) == 0
    with context.database.read() as session:
        [post] = session.exec(select(Post)).all()
        assert is_erased(post)
        assert post.text == ERASED_BY_AGE
        assert session.exec(select(Media)).all() == []
        assert {version.body for version in session.exec(select(PostVersion))} == {None}
        assert all(not publication.text and publication.erased_at for publication in session.exec(select(Publication)))
        assert not [reason for reason in session.exec(select(AuditReason)) if reason.text]
        shares = select(Measurement.value).where(Measurement.metric == Metric.SHARES.value)
        assert set(session.exec(shares)) == {41}
    assert not (context.settings.media_folder / force.picture).exists()
    words = [
        name for name, content in everything(force).items() if b"harebell" in content or portrait()[200:264] in content
    ]
    assert words == []


def test_the_command_and_the_worker_purge_posts_and_replies_alike() -> None:
    assert {"purge", "old posts"} <= {job.name for job in app.periodic_jobs()}
    assert "post" in [one.key for one in app._more_to_purge()]
