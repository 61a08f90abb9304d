"""Importing a file of posts: all rows or none, every problem named, nothing twice."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scheduler.approvals import LATE_APPROVAL
from scheduler.csv_rows import COLUMNS
from scheduler.importing import ImportReport, import_posts
from scheduler.jobs import JOBS
from scheduler.worker import publish_due, run_until_idle
from social.errors import InputError, NotAllowed
from social.staff import Role, find_or_add_person
from tests.scheduler.helpers import Force

Dump = Callable[[], list[str]]
GOOD = {
    "post_id": "P1",
    "content_type": "lighthearted",
    "channel": "memory",
    "neighbourhood": "Elderwick",
    "force": "Woldershire Police",
    "scheduled_local": "2026-06-01T10:00",
    "media": "none",
    "text": "Ducks on Mill Road again.",
}


def write(path: Path, *rows: dict[str, str], columns: list[str] | None = None) -> Path:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


def picture_file(path: Path, kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> Path:
    Image.new("RGB", size, "#336699").save(path, kind, **options)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "posts.csv"


def row(**changes: str) -> dict[str, str]:
    return {**GOOD, **changes}


def refused(force: Force, file: Path, dump: Dump, **options: Any) -> list[str]:
    """Import, which must fail and leave everything as it was.  Returns the problems."""
    before = dump()
    with pytest.raises(InputError) as caught:
        import_posts(force.context, file, **options)
    assert dump() == before
    return [str(problem) for problem in caught.value.problems]


def test_a_row_becomes_a_post_with_an_entry_for_every_account_of_its_channel(force: Force, file: Path) -> None:
    force.add_account("stonemere")
    report = import_posts(force.context, write(file, row()))
    assert report == ImportReport(rows=1, posts=1, entries=2, skipped_existing=0)
    assert [(e.account, e.state, e.place) for e in force.entries()] == [
        ("hexley", "queued", "Elderwick"),
        ("stonemere", "queued", "Elderwick"),
    ]


def test_named_accounts_get_every_row(force: Force, file: Path) -> None:
    force.add_account("stonemere")
    import_posts(force.context, write(file, row(channel="smart_alert")), accounts=["stonemere"])
    assert [e.account for e in force.entries()] == ["stonemere"]


def test_only_the_rows_of_chosen_channels_are_taken(force: Force, file: Path) -> None:
    write(file, row(), row(post_id="P2", channel="instagram", text="Not for us."))
    assert import_posts(force.context, file, only_channels=["memory"]).rows == 1
    assert [e.text for e in force.entries()] == ["Ducks on Mill Road again."]


def test_the_same_file_again_brings_in_nothing(force: Force, file: Path, dump: Dump) -> None:
    write(file, row(), row(post_id="", text="No id of its own."), row(post_id="", text="Nor this one."))
    assert import_posts(force.context, file).posts == 3
    before = dump()
    assert import_posts(force.context, file) == ImportReport(3, 0, 0, 3)
    assert dump() == before


def test_a_known_id_with_other_words_is_a_problem(force: Force, file: Path, dump: Dump) -> None:
    import_posts(force.context, write(file, row()))
    write(file, row(text="Geese this time."), row(post_id="P2", text="New."))
    (problem,) = refused(force, file, dump)
    assert problem.startswith("row 1, column 'post_id'")
    assert "Edit that post" in problem


def test_what_needs_approval_waits_unless_the_file_was_approved(force: Force, file: Path) -> None:
    write(file, row(content_type="court_result"), row(post_id="P2", text="Ducks."))
    import_posts(force.context, file)
    assert [e.state for e in force.entries()] == ["in_review", "queued"]


def test_the_approver_of_a_file_is_recorded_and_is_not_its_author(force: Force, file: Path) -> None:
    from scheduler.queries import post_view

    import_posts(force.context, write(file, row(content_type="court_result")), approved_by="Comms@Woldershire.example")
    entry = force.entry()
    assert entry.state == "queued"
    with force.context.database.read() as session:
        view = post_view(session, entry.post_id)
    assert view.approver is not None
    assert (view.approver.email, view.approver.role) == ("comms@woldershire.example", "corporate")
    assert view.author.email == "import@beatline.invalid"
    assert entry.owner == view.approver.name, "somebody has to be asked when it gets stuck"


def test_what_a_file_approves_after_its_time_waits_for_a_new_time(force: Force, file: Path) -> None:
    """R42: not even a correction, which goes out however late it is, is approved and sent in one go."""
    late = {"scheduled_local": f"{force.local_now() - timedelta(minutes=10):%Y-%m-%dT%H:%M}"}
    write(
        file, row(content_type="correction", **late), row(post_id="P2", text="Join us.", content_type="survey", **late)
    )
    import_posts(force.context, file, approved_by="comms@woldershire.example")
    assert publish_due(force.context) == 0
    assert [(entry.state, entry.reason) for entry in force.entries()] == [("held", LATE_APPROVAL)] * 2


def test_an_approver_may_not_be_the_author_nor_of_too_low_a_role(force: Force, file: Path, dump: Dump) -> None:
    """R17, R41."""
    write(file, row(content_type="court_result"), row(post_id="P2", content_type="recruitment", text="Join us."))
    same = {"author": "author@woldershire.example", "approved_by": "author@woldershire.example"}
    assert all("own post" in problem for problem in refused(force, file, dump, **same))
    problems = refused(force, file, dump, approved_by="supervisor@woldershire.example")
    assert [problem.partition(":")[0] for problem in problems] == ["row 1", "row 2"]


def test_an_author_must_be_someone_who_may_plan(force: Force, file: Path, dump: Dump) -> None:
    with force.context.database.write() as session:
        find_or_add_person(session, "reader@woldershire.example", Role.READER)
    before = dump()
    with pytest.raises(NotAllowed):
        import_posts(force.context, write(file, row()), author="reader@woldershire.example")
    assert dump() == before


def test_due_now_sends_the_rows_in_their_order(force: Force, file: Path) -> None:
    rows = [row(post_id=f"P{n}", text=f"Number {n}.", scheduled_local="2026-01-01T10:00") for n in range(5)]
    import_posts(force.context, write(file, *rows), due_now=True)
    run_until_idle(force.context, JOBS)
    assert [post.text for post in force.network().posts] == [f"Number {n}." for n in range(5)]


def test_a_row_whose_time_has_passed_is_taken_in_and_follows_its_kind(force: Force, file: Path) -> None:
    """R42."""
    late = {"scheduled_local": "2026-03-13T12:15"}
    write(file, row(**late), row(**late, post_id="P2", content_type="road_info", text="Road closed."))
    import_posts(force.context, file)
    run_until_idle(force.context, JOBS)
    assert [e.state for e in force.entries()] == ["held", "lapsed"]
    assert not force.network().sent


def test_a_dry_run_reports_and_keeps_nothing(force: Force, file: Path, dump: Dump) -> None:
    picture_file(file.parent / "duck.png")
    write(file, row(media="image", media_files="duck.png", alt_text="A duck."))
    before = dump()
    assert import_posts(force.context, file, dry_run=True) == ImportReport(1, 1, 1, 0)
    assert dump() == before


def test_progress_is_told_row_by_row(force: Force, file: Path) -> None:
    seen: list[tuple[int, int]] = []
    write(file, row(), row(post_id="P2", text="Two."))
    import_posts(force.context, file, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_a_channel_may_have_its_own_words(force: Force, file: Path) -> None:
    import_posts(force.context, write(file, row(text_memory="Ducks, briefly.", text_x="Quack.")))
    assert force.entry().text == "Ducks, briefly."


# What is wrong with a file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"content_type,text,scheduled_local,channel\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not CSV in UTF-8"),
        (b"text,channel\nabc\x00,x\n", "binary"),
        ("text\nCaf\xe9".encode("latin-1"), "not CSV in UTF-8"),
        (b"PK\x03\x04rest of a spreadsheet", "spreadsheet"),
        (b"Dear all, please post this.\n", "no column that is known"),
        (b"content_type;text;channel\na;b;c\n", "another sign than a comma"),
        (b'{"posts": []}\n', "no column that is known"),
        (b'content_type,text,scheduled_local,channel\n"open quote,b,c,d\n', "not a whole CSV file"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    force: Force, file: Path, dump: Dump, content: bytes, said: str
) -> None:
    file.write_bytes(content)
    (problem,) = refused(force, file, dump)
    assert said in problem


def test_a_file_that_is_not_there_is_refused(force: Force, file: Path, dump: Dump) -> None:
    assert "cannot be read" in refused(force, file, dump)[0]
    assert "cannot be read" in refused(force, file.parent, dump)[0]


def test_a_wrong_column_is_named_with_those_that_are_known(force: Force, file: Path, dump: Dump) -> None:
    wrong = {**row(), "scheduled": "2026-06-01T10:00"}
    del wrong["scheduled_local"]
    problems = refused(force, write(file, wrong), dump)
    assert any("column 'scheduled'" in p and "not known" in p and "media_files" in p for p in problems)
    assert any("column 'scheduled_local'" in p and "missing" in p for p in problems)


def test_a_near_miss_in_a_columns_name_is_recognised(force: Force, file: Path, dump: Dump) -> None:
    (problem,) = refused(force, write(file, {**row(), "alttext": ""}), dump)
    assert "Did you mean 'alt_text'?" in problem


def test_rows_with_too_many_or_too_few_cells_are_named(force: Force, file: Path, dump: Dump) -> None:
    file.write_text(
        "content_type,channel,scheduled_local,text\nevent,memory,2026-06-01T10:00,Hello, you\nevent,memory\n"
    )
    problems = refused(force, file, dump)
    assert [problem.partition(":")[0] for problem in problems] == ["row 1", "row 2"]


# What is wrong with a row


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"scheduled_local": "2026-02-31T10:00"}, "scheduled_local", "no date and time"),
        ({"scheduled_local": "2027-03-28T01:30"}, "scheduled_local", "does not exist"),
        ({"scheduled_local": "2026-10-25T01:30"}, "scheduled_local", "comes twice"),
        ({"scheduled_local": "soon"}, "scheduled_local", "no date and time"),
        ({"scheduled_local": ""}, "scheduled_local", "The time is missing"),
        ({"content_type": "lightharted"}, "content_type", "Did you mean 'lighthearted'?"),
        ({"channel": "instagram"}, "channel", "No account is connected"),
        ({"channel": ""}, "channel", "The channel is missing"),
        ({"text": ""}, "text", "no words"),
        ({"text": "W" * 520}, "text", "520 characters as that network counts them, 20 more than the 500"),
        ({"text_memory": "W" * 520}, "text_memory", "20 more"),
        ({"lang": "fr"}, "lang", "not known"),
        ({"case_stage": "jailed"}, "case_stage", "not known"),
        ({"link": "woldershire"}, "link", "no web address"),
        ({"media": "image"}, "alt_text", "no description"),
        ({"media": "image", "alt_text": "A" * 1001}, "alt_text", "1 characters too long"),
        ({"media": "sound"}, "media", "not known"),
        ({"media": "video", "alt_text": "A van."}, "captions", "no reviewed captions"),
        ({"media": "video", "captions": "no"}, "captions", "no reviewed captions"),
        ({"media": "none", "media_files": "duck.png"}, "media_files", "media' says none"),
        ({"media": "image", "media_files": "gone.png", "alt_text": "A duck."}, "media_files", "cannot be read"),
        ({"media": "image", "media_files": "../up.png", "alt_text": "A duck."}, "media_files", "outside the folder"),
        ({"media": "image", "media_files": "/etc/hostname", "alt_text": "A."}, "media_files", "outside the folder"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_reason(
    force: Force, file: Path, dump: Dump, changes: dict[str, str], column: str, said: str
) -> None:
    columns = list(dict.fromkeys([*GOOD, *changes, "link"]))
    problems = refused(force, write(file, row(), row(**{"post_id": "P2", **changes}), columns=columns), dump)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"row 2, column '{column}'")
    assert said in problems[0]


def test_every_bad_row_is_named_at_once(force: Force, file: Path, dump: Dump) -> None:
    bad = [
        row(post_id="P1", scheduled_local="2026-02-31T10:00", content_type="nothing"),
        row(post_id="P2"),
        row(post_id="P3", channel="instagram"),
        row(post_id="P2", text="The same id."),
    ]
    problems = refused(force, write(file, *bad), dump)
    assert sorted(problem.partition(":")[0] for problem in problems) == [
        "row 1, column 'content_type'",
        "row 1, column 'scheduled_local'",
        "row 3, column 'channel'",
        "row 4, column 'post_id'",
    ]


def test_an_unknown_account_is_named_with_those_there_are(force: Force, file: Path, dump: Dump) -> None:
    (problem,) = refused(force, write(file, row()), dump, accounts=["hexly"])
    assert "'hexly'" in problem
    assert "hexley" in problem


def test_an_offset_settles_the_hour_that_comes_twice(force: Force, file: Path) -> None:
    write(file, row(scheduled_local="2026-10-25T01:30+01:00"), row(post_id="P2", text="Later.",
                                                                   scheduled_local="2026-10-25T01:30+00:00"))  # fmt: skip
    import_posts(force.context, file)
    first, second = (entry.due_at for entry in force.entries())
    assert first is not None
    assert second is not None
    assert (second - first).total_seconds() == 3600


# Faults that a row announces


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"media": "image", "expected_flags": "ALT_MISSING"}, "R32"),
        ({"media": "video", "captions": "no", "expected_flags": "HASHTAG_CASE;CAPTIONS_MISSING"}, "R32"),
        ({"media": "video", "captions": "yes", "alt_text": "A van."}, "Videos cannot be sent"),
    ],
)
def test_an_announced_fault_is_taken_in_and_refused_at_publishing(
    force: Force, file: Path, changes: dict[str, str], said: str
) -> None:
    import_posts(force.context, write(file, row(**changes)))
    run_until_idle(force.context, JOBS)
    entry = force.entry()
    assert entry.state == "failed"
    assert said in (entry.reason or "")
    assert not force.network().sent


def test_announcing_one_fault_does_not_excuse_another(force: Force, file: Path, dump: Dump) -> None:
    write(file, row(media="image", expected_flags="CAPTIONS_MISSING"))
    assert "no description" in refused(force, file, dump)[0]


# Pictures


def test_pictures_travel_with_their_descriptions_and_without_hidden_fields(force: Force, file: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    picture_file(file.parent / "a.jpg", "JPEG", exif=exif)
    picture_file(file.parent / "b.png")
    assert b"taken at home" in (file.parent / "a.jpg").read_bytes()
    write(file, row(media="image", media_files="a.jpg; b.png", alt_text="A van. | A duck."))
    import_posts(force.context, file)
    run_until_idle(force.context, JOBS)
    first, second = force.network().posts[0].draft.pictures
    assert [(p.mime, p.alt_text) for p in (first, second)] == [("image/jpeg", "A van."), ("image/png", "A duck.")]
    assert b"taken at home" not in first.content
    assert not Image.open(io.BytesIO(first.content)).getexif()


def test_files_alone_mean_pictures(force: Force, file: Path) -> None:
    picture_file(file.parent / "a.png")
    import_posts(force.context, write(file, row(media="", media_files="a.png", alt_text="A van.")))
    run_until_idle(force.context, JOBS)
    assert len(force.network().posts[0].draft.pictures) == 1


def test_every_picture_of_several_needs_its_own_description(force: Force, file: Path, dump: Dump) -> None:
    for name in ("a.png", "b.png"):
        picture_file(file.parent / name)
    problems = refused(force, write(file, row(media="image", media_files="a.png;b.png", alt_text="A van.")), dump)
    assert ["Picture 2 has no description" in problem for problem in problems] == [True]
    write(file, row(media="image", media_files="a.png;b.png", alt_text="A van. | A duck. | A cow."))
    assert "3 descriptions for 2 files" in refused(force, file, dump)[0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.png", b"not a picture at all", "not a picture"),
        ("a.png", b"", "not a picture"),
        ("a.png", b"\x89PNG\r\n\x1a\ncut off", "not a picture"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
    ],
)
def test_a_file_that_is_no_picture_is_refused(
    force: Force, file: Path, dump: Dump, name: str, content: bytes, said: str
) -> None:
    (file.parent / name).write_bytes(content)
    (problem,) = refused(force, write(file, row(media="image", media_files=name, alt_text="A van.")), dump)
    assert problem.startswith("row 1, column 'media_files'")
    assert said in problem


def test_a_picture_under_another_formats_name_is_refused(force: Force, file: Path, dump: Dump) -> None:
    picture_file(file.parent / "a.png", "JPEG")
    write(file, row(media="image", media_files="a.png", alt_text="A van."))
    assert "is a JPEG file by its content" in refused(force, file, dump)[0]


def test_a_large_photograph_is_scaled_to_fit(force: Force, file: Path) -> None:
    picture_file(file.parent / "big.jpg", "JPEG", size=(6000, 3000))
    import_posts(force.context, write(file, row(media="image", media_files="big.jpg", alt_text="A field.")))
    run_until_idle(force.context, JOBS)
    sent = Image.open(io.BytesIO(force.network().posts[0].draft.pictures[0].content))
    assert sent.size == (2048, 1024)


def test_files_go_again_when_the_database_does_not_take_the_posts(
    force: Force, file: Path, dump: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler import importing

    def broken(*_: object) -> None:
        raise OSError("disk full")

    picture_file(file.parent / "a.png")
    write(file, row(media="image", media_files="a.png", alt_text="A van."))
    before = dump()
    monkeypatch.setattr(importing, "write_post", broken)
    with pytest.raises(OSError, match="disk full"):
        import_posts(force.context, file)
    assert dump() == before


def test_every_known_column_is_described() -> None:
    assert all(COLUMNS.values())
