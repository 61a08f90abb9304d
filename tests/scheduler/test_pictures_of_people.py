"""Pictures of people (R07, R09) and of others (R14): what is asked, what stops them, and that they are looked at again."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

import app
from scheduler.checks import Finding, MediaFact, Subject, flags_of, run_checks
from scheduler.importing import import_posts
from scheduler.inputs import MediaInput, PostInput
from scheduler.picture_answers import COLUMNS, PictureAnswers, answers_from, answers_of, words_of
from scheduler.picture_reviews import keep_online, reviews_due
from scheduler.planning import approve_post, edit_post, plan_post, problems_with, send_for_approval
from scheduler.posts import Media, Post
from scheduler.versions import changed_parts, versions_of
from scheduler.worker import publish_due
from social.audit import AuditRecord
from social.errors import InputError, NotAllowed
from tests.scheduler.helpers import Force

LINE = "Call 101, 999 in an emergency or Crimestoppers on 0800 555 111."
STILL = "CCTV still of a man in a navy jacket."
WHOLE = PictureAnswers(
    shows_person=True,
    source="cctv",
    lawful_reason="To identify a man in a theft enquiry; other lines are exhausted.",
    enquiry_approver="DS Rowan Hale",
    others_masked="none",
    review_by=date(2026, 6, 29),
)


def found(answers: PictureAnswers = WHOLE, *, alt: str = STILL, **fields: object) -> list[Finding]:
    about: dict[str, object] = {"content_type": "appeal_image", "answering": True, **fields}
    subject = Subject(f"Do you know him? {LINE}", (MediaFact("image", alt, "na", answers),), **about)  # type: ignore[arg-type]  # fields by name
    return [f for f in run_checks(subject) if f.rule in ("R07", "R09", "R14")]


def given(force: Force, answers: PictureAnswers = WHOLE, **changes: object) -> PostInput:
    media = (MediaInput("image", alt_text=STILL, answers=answers),)
    fields: dict[str, object] = {"content_type": "appeal_image", "media": media, **changes}
    return force.post(f"Do you know him? {LINE}", **fields)


@pytest.mark.parametrize(
    ("missing", "asked"),
    [
        ({"enquiry_approver": " "}, "approved it"),
        ({"lawful_reason": ""}, "lawful, necessary and proportionate"),
        ({"others_masked": ""}, "whether other people in it are masked"),
        ({"others_masked": "no"}, "mask the other people"),
        ({"review_by": None}, "day on which somebody reviews"),
    ],
)
def test_a_persons_picture_needs_every_answer(missing: dict[str, object], asked: str) -> None:
    """R07."""
    (finding,) = found(replace(WHOLE, **missing))  # type: ignore[arg-type]  # fields by name
    assert (finding.code, finding.level, finding.rule) == ("IMAGE_PERSON", "block", "R07")
    assert asked in finding.message


def test_with_every_answer_it_is_corporate_communications_to_decide() -> None:
    """R41: an image of a person."""
    assert [(f.code, f.level) for f in found()] == [("PERSON_PICTURED", "advise")]
    asked = found(content_type="crime_update", alt="A busy market.")
    assert [(f.code, f.level) for f in asked] == [("PERSON_PICTURED", "needs_approval")]


def test_consent_is_enough_at_an_event_and_never_in_an_enquiry() -> None:
    agreed = PictureAnswers(shows_person=True, source="own", consent="Both PCSOs, 1 June 2026")
    assert found(agreed, content_type="event", alt="Two PCSOs at the fair.") == []
    for fields in ({"content_type": "appeal_image"}, {"content_type": "crime_update", "case_stage": "arrested"}):
        assert flags_of(found(agreed, **fields)) == ["IMAGE_PERSON"]
    assert flags_of(found(replace(agreed, source="cctv"), content_type="event")) == ["IMAGE_PERSON"]


def test_somebody_who_is_there_is_asked_and_a_file_is_let_in_for_corporate_communications() -> None:
    nobody = PictureAnswers()
    assert flags_of(found(nobody)) == ["IMAGE_PERSON"]
    assert [f.level for f in found(nobody, answering=False)] == ["advise"]
    assert [f.level for f in found(nobody, answering=False, content_type="crime_update")] == ["needs_approval"]
    assert found(nobody, content_type="lighthearted", alt="A duck.") == []
    assert found(PictureAnswers(shows_person=False), alt="A padlock.") == []


def test_a_no_that_the_description_belies_goes_to_corporate_communications() -> None:
    says_no = found(PictureAnswers(shows_person=False), content_type="crime_update")
    assert [(f.code, f.level) for f in says_no] == [("PERSON_PICTURED", "needs_approval")]


@pytest.mark.parametrize(
    ("kind", "stage", "level"),
    [
        ("court_result", "sentenced", "needs_approval"),
        ("court_result", "convicted", "block"),
        ("arrest_update", "charged", "block"),
        ("appeal_missing", "none", "needs_approval"),
        ("crime_update", "none", "block"),
    ],
)
def test_a_custody_picture_is_for_after_the_sentence(kind: str, stage: str, level: str) -> None:
    """R09, also where no word of the description tells."""
    answers = replace(WHOLE, source="custody")
    custody = [f for f in found(answers, content_type=kind, case_stage=stage) if f.code == "CUSTODY_PICTURE"]
    assert [(f.level, f.rule) for f in custody] == [(level, "R09")]


@pytest.mark.parametrize("source", ["partner", "stock"])
def test_what_is_not_ours_needs_its_permission(source: str) -> None:
    """R14."""
    answers = PictureAnswers(shows_person=False, source=source)
    (finding,) = found(answers, content_type="event", alt="A fire engine.")
    assert (finding.code, finding.rule) == ("IMAGE_LICENCE", "R14")
    assert found(replace(answers, licence="Fire service, 2 June"), content_type="event", alt="A fire engine.") == []


def test_it_cannot_be_planned_without_them_and_can_be_with_them(force: Force) -> None:
    (problem,) = problems_with(force.context, given(force, replace(WHOLE, review_by=None)))
    assert "R07" in problem.message
    post_id = plan_post(force.context, given(force), force.author)
    with force.context.database.read() as session:
        assert answers_of(session.exec(select(Media)).one()) == WHOLE
    assert send_for_approval(force.context, post_id, force.author) == "in_review"
    with pytest.raises(NotAllowed):
        approve_post(force.context, post_id, force.supervisor)
    approve_post(force.context, post_id, force.corporate)
    assert force.entry(post_id).state == "queued"


def test_a_change_of_an_answer_ends_the_approval(force: Force) -> None:
    later = force.local_now() + timedelta(hours=1)
    post_id = force.queued(given(force).text, content_type="appeal_image", media=given(force).media, due_local=later)
    changed = given(force, replace(WHOLE, review_by=date(2026, 7, 20)), due_local=later)
    edit_post(force.context, post_id, changed, force.author, expected_version=1)
    with force.context.database.read() as session:
        assert session.get_one(Post, post_id).approved_version is None
    assert force.entry(post_id).state == "draft"


HEADER = (
    "post_id,content_type,channel,media,alt_text,shows_person,image_source,image_reason,image_approver,others_masked,"
    "review_by,text\n"
)


def imported(force: Force, folder: Path, cells: str, header: str = HEADER, **options: str) -> int:
    file = folder / "posts.csv"
    file.write_text(
        f'{header}P1,appeal_image,memory,image,"{STILL}",{cells}"Do you know him? {LINE}"\n', encoding="utf-8"
    )
    import_posts(force.context, file, due_now=True, **options)  # type: ignore[arg-type]  # options by name
    with force.context.database.read() as session:
        return session.exec(select(Post.id)).one() or 0


def test_a_file_may_hold_the_answers(force: Force, tmp_path: Path) -> None:
    cells = "yes,cctv,To identify him,DS Rowan Hale,none,2026-06-29,"
    imported(force, tmp_path, cells, approved_by="corporate@woldershire.example")
    with force.context.database.read() as session:
        kept = answers_of(session.exec(select(Media)).one())
    assert kept == replace(WHOLE, lawful_reason="To identify him")
    publish_due(force.context)
    assert force.entry().reason == "The post waits for its file: a picture was planned and has not been added yet."


def test_what_a_file_answers_in_part_is_refused_when_it_is_due(force: Force, tmp_path: Path) -> None:
    imported(force, tmp_path, "yes,cctv,,,,,", approved_by="corporate@woldershire.example")
    publish_due(force.context)
    assert force.entry().state == "failed"
    assert "(R07)" in (force.entry().reason or "")


def test_a_file_without_answers_is_as_before_and_whoever_approves_by_hand_is_asked(
    force: Force, tmp_path: Path
) -> None:
    post_id = imported(force, tmp_path, "", "post_id,content_type,channel,media,alt_text,text\n")
    with pytest.raises(InputError, match="R07"):
        approve_post(force.context, post_id, force.corporate)
    assert force.entry(post_id).state == "in_review"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("perhaps,,,,,,", "yes or no"),
        ("yes,found,,,,,", "found"),
        ("yes,,,,maybe,,", "maybe"),
        ("yes,,,,,soon,", "no day"),
    ],
)
def test_an_answer_that_cannot_be_read_is_named(force: Force, tmp_path: Path, cells: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        imported(force, tmp_path, cells)


@pytest.mark.sqlite_only
def test_plan_takes_stage_language_and_the_answers(force: Force, tmp_path: Path) -> None:
    home = str(force.context.settings.home)
    args = ["--home", home, "plan", "--type", "court_result", "--accounts", "hexley", "--case-stage", "sentenced",
            "--lang", "cy", "--text", "A man was sentenced."]  # fmt: skip
    environment = {"BEATLINE_KEY": force.context.settings.key}
    done = CliRunner().invoke(app.build_cli(), args, env=environment)
    assert done.exit_code == 0, done.output
    with force.context.database.read() as session:
        post = session.exec(select(Post)).one()
        assert (post.case_stage, post.lang) == ("sentenced", "cy")
    wrong = CliRunner().invoke(app.build_cli(), [*args, "--review-by", "soon"], env=environment)
    assert wrong.exit_code == 1
    assert "no day" in wrong.output


# Reviews


@pytest.fixture
def live(force: Force) -> int:
    """A post with a person's picture that went out, to be reviewed by 29 June."""
    post_id = force.queued(given(force).text, content_type="appeal_image", media=given(force).media)
    with force.context.database.write() as session:  # its file is not the matter here
        medium = session.exec(select(Media)).one()
        medium.kind = "none"
        session.add(medium)
    publish_due(force.context)
    assert force.entry(post_id).state == "published"
    return post_id


def due(force: Force, today: date) -> list[tuple[int, bool]]:
    with force.context.database.read() as session:
        return [(one.post_id, one.passed) for one in reviews_due(session, today)]


def test_what_is_live_comes_up_for_review_and_stays_until_it_is_done(force: Force, live: int) -> None:
    """R07."""
    assert due(force, date(2026, 6, 21)) == []
    assert due(force, date(2026, 6, 22)) == due(force, date(2026, 6, 29)) == [(live, False)]
    assert due(force, date(2026, 7, 30)) == [(live, True)]
    keep_online(force.context, live, date(2026, 8, 1), "Enquiry goes on.", force.supervisor)
    assert due(force, date(2026, 7, 20)) == []
    with force.context.database.read() as session:
        kept = session.exec(select(AuditRecord).where(AuditRecord.action == "review picture")).one()
    assert "2026-08-01" in (kept.after or "")


def test_a_review_needs_a_reason_a_day_ahead_and_somebody_who_may(force: Force, live: int) -> None:
    with pytest.raises(InputError, match="why"):
        keep_online(force.context, live, date(2026, 8, 1), " ", force.supervisor)
    with pytest.raises(InputError, match="ahead"):
        keep_online(force.context, live, date(2026, 6, 1), "Goes on.", force.supervisor)
    with pytest.raises(NotAllowed):
        keep_online(force.context, live, date(2026, 8, 1), "Goes on.", force.author)
    other = force.queued()
    with pytest.raises(InputError, match="No picture"):
        keep_online(force.context, other, date(2026, 8, 1), "Goes on.", force.supervisor)
    draft = plan_post(force.context, given(force), force.author)
    with pytest.raises(InputError, match="not live"):
        keep_online(force.context, draft, date(2026, 8, 1), "Goes on.", force.supervisor)


def test_a_version_keeps_the_answers_and_shows_what_changed_of_them(force: Force) -> None:
    post_id = plan_post(force.context, given(force), force.author)
    changed = given(force, replace(WHOLE, enquiry_approver="DI Ash Tarrant"))
    edit_post(force.context, post_id, changed, force.author, expected_version=1)
    with force.context.database.read() as session:
        older, newer = versions_of(session, post_id)
    assert "image_approver: DS Rowan Hale" in older.parts["Picture 1"]
    assert list(changed_parts(older, newer)) == ["Picture 1"]
    assert answers_from({column: words_of(WHOLE).get(column, "") for column in COLUMNS}) == (WHOLE, [])
