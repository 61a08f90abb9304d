"""What is being written is kept at every pause, comes back, and is never overwritten silently; what a post begins with."""

import io
from datetime import date, time, timedelta

import pytest
from PIL import Image
from sqlmodel import select

from scheduler.picture_answers import PictureAnswers
from scheduler.planning import MediaInput, PostInput, plan_post
from scheduler.posts import Media, Post, WorkingDraft
from scheduler.templates import TemplateInput, save_template
from scheduler.views.draft_values import draft_values, fields_from, has_words
from scheduler.views.live import live_data
from scheduler.working_drafts import draft_with, drafts_of, keep_draft
from social.accounts import Audience
from social.context import Context
from social.places import Place
from tests.views.helpers import HOSTILE, PAGES, Force, OpenPage, text_of

pytestmark = pytest.mark.sqlite_only


def drafts(context: Context, force: Force):  # type: ignore[no-untyped-def]  # what stands in the table
    with context.database.read() as session:
        return drafts_of(session, force.author)


def photograph() -> bytes:
    """A picture that says where it was taken and with what."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_what_is_typed_is_kept_and_comes_back_by_its_link(force: Force, context: Context, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    assert drafts(context, force) == []
    assert "What you write is kept as you go." in text_of(app)
    app.text_area(key="w_text").set_value("Half a thought").run()
    app.selectbox(key="w_type").set_value("survey")
    app.date_input(key="w_day").set_value(date(2026, 6, 2)).run()
    (draft,) = drafts(context, force)
    assert app.query_params["draft"] == str(draft.id)
    assert "Draft saved at 10am" in text_of(app)
    again = open_page("write", as_person=force.author, draft=str(draft.id))
    assert again.text_area(key="w_text").value == "Half a thought"
    assert again.selectbox(key="w_type").value == "survey"
    assert again.date_input(key="w_day").value == date(2026, 6, 2)
    again.button(key="w_save").click().run()
    assert drafts(context, force) == []
    with context.database.read() as session:
        assert session.exec(select(Post.text)).all() == ["Half a thought"]
    assert "draft" not in again.query_params


def test_a_second_window_is_asked_which_words_to_keep(force: Force, context: Context, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    app.text_area(key="w_text").set_value("One").run()
    (draft,) = drafts(context, force)
    other = open_page("write", as_person=force.author, draft=str(draft.id))
    other.text_area(key="w_text").set_value("Two").run()
    app.text_area(key="w_text").set_value("Three").run()
    assert "changed in another window" in app.warning[0].value
    assert drafts(context, force)[0].words == "Two"
    app.button(key="w_other_mine").click().run()
    assert drafts(context, force)[0].words == "Three"
    other.text_area(key="w_text").set_value("Four").run()
    other.button(key="w_other_theirs").click().run()
    assert other.text_area(key="w_text").value == "Three"
    assert drafts(context, force)[0].words == "Three"


def test_a_draft_of_somebody_else_is_not_shown(force: Force, context: Context, open_page: OpenPage) -> None:
    draft = keep_draft(context, force.corporate, {"w_text": "Not yours"})
    app = open_page("write", as_person=force.author, draft=str(draft.id))
    assert "somebody else's" in text_of(app)
    assert app.text_area(key="w_text").value == ""


def test_changes_to_a_post_that_were_not_saved_are_offered_again(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    post_id = force.plan(send=False)
    app = open_page("write", as_person=force.author, id=str(post_id))
    app.text_area(key="w_text").set_value("Not yet saved").run()
    later = open_page("write", as_person=force.author, id=str(post_id))
    assert len(drafts(context, force)) == 1  # to look at a post is no change
    assert "did not save it: Not yet saved" in text_of(later)
    later.button(key="w_draft_go_on").click().run()
    assert later.text_area(key="w_text").value == "Not yet saved"
    later.button(key="w_save").click().run()
    with context.database.read() as session:
        assert session.exec(select(Post.text)).all() == ["Not yet saved"]
        assert session.exec(select(WorkingDraft)).all() == []


def test_a_template_fills_the_fields_and_its_gaps_stop_the_post(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author, template="witnesses")
    assert "Quote [insert reference]" in app.text_area(key="w_text").value
    assert app.selectbox(key="w_type").value == "appeal_witness"
    assert "still waits to be filled in" in text_of(app)
    assert "You began with the template 'Appeal for witnesses'." in text_of(app)
    app.button(key="w_empty").click().run()
    assert app.text_area(key="w_text").value == ""


def test_what_there_is_to_begin_with_is_shown_while_nothing_is_written(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    save_template(context, force.corporate, TemplateInput(HOSTILE[:80], "event", "Market day"))
    force.plan(text="Officers are at the market.", send=False)
    keep_draft(context, force.author, {"w_text": "Left over"})
    app = open_page("write", as_person=force.author)
    said = text_of(app)
    for words in (
        "Not finished, today, 10am: Left over",
        "Appeal for witnesses",
        HOSTILE[:80],
        "Officers are at the market.",
    ):
        assert words in said
    app.text_area(key="w_text").set_value("Begun").run()
    app.switch_page(PAGES["write"]).run()
    assert "Not finished" not in text_of(app)


def test_a_picture_of_the_library_comes_with_its_description_and_answers(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    answers = PictureAnswers(True, "own", consent="Nia Abbot, 3 May", review_by=date(2026, 9, 1))
    media = (MediaInput("image", content=photograph(), alt_text="Nia at the market.", answers=answers),)
    plan_post(context, PostInput("team_intro", "Meet Nia.", ("town-desk",), media=media), force.author)
    with context.database.read() as session:
        name = session.exec(select(Media.file_name)).one() or ""
    app = open_page("write", as_person=force.author, picture=name)
    assert app.text_area(key="w_alt").value == "Nia at the market."
    assert app.text_input(key="w_image_consent").value == "Nia Abbot, 3 May"
    assert app.date_input(key="w_image_review_by").value == date(2026, 9, 1)
    gone = open_page("write", as_person=force.author, picture="0" * 64 + ".png")
    assert "not there any more" in text_of(gone)


def test_a_picture_is_kept_with_the_draft_without_what_its_file_hides(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    app = open_page("write", as_person=force.author)
    app.text_area(key="w_text").set_value("At the market").run()
    app.file_uploader(key="w_picture").upload("market.jpg", photograph(), "image/jpeg").run()
    assert "The file says where it was taken. That is taken out" in text_of(app)
    (draft,) = drafts(context, force)
    kept = context.settings.media_folder / str(draft.values["w_stored"])
    assert len(Image.open(io.BytesIO(kept.read_bytes())).getexif()) == 0
    again = open_page("write", as_person=force.author, draft=str(draft.id))
    again.text_area(key="w_alt").set_value("The market square.").run()
    again.selectbox(key="w_type").set_value("event").run()
    again.button(key="w_save").click().run()
    with context.database.read() as session:
        medium = session.exec(select(Media)).one()
    assert (medium.file_name, medium.alt_text) == (kept.name, "The market square.")
    assert kept.exists()


def test_pressing_use_this_changes_the_words(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    app.selectbox(key="w_type").set_value("appeal_witness")
    app.text_area(key="w_text").set_value("Did you see a goat in #hexleymoor?").run()
    tag = next(button for button in app.button if button.key.endswith("HASHTAG_CASE"))
    assert tag.label == "Use this"
    tag.click().run()
    assert app.text_area(key="w_text").value == "Did you see a goat in #HexleyMoor?"
    next(button for button in app.button if button.key.endswith("REPORT_LINE")).click().run()
    assert app.text_area(key="w_text").value.endswith("Crimestoppers is anonymous on 0800 555 111.")
    assert "Stops the post" not in text_of(app)


def test_what_is_too_long_for_a_network_is_given_words_of_its_own(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    app.selectbox(key="w_type").set_value("event")
    app.text_area(key="w_text").set_value("goat " * 120).run()
    next(button for button in app.button if button.key.endswith("TOO_LONG")).click().run()
    assert app.checkbox(key="w_own_memory").value is True
    assert app.text_area(key="w_text_memory").value == "goat " * 120


def test_each_line_of_the_summary_leads_to_its_field_which_says_the_same(force: Force, open_page: OpenPage) -> None:
    app = open_page("write", as_person=force.author)
    app.text_area(key="w_text").set_value("A goat.").run()
    app.button(key="w_send").click().run()
    summary = next(block.proto.body for block in app.main if block.type == "html" and "<ul>" in block.proto.body)
    assert '<a href="#w_type">Content type: Choose what kind of post it is.</a>' in summary
    assert text_of(app).count("Choose what kind of post it is.") == 2
    assert app.text_area(key="w_text").value == "A goat."


def test_times_are_proposed_with_their_evidence_and_never_for_what_cannot_wait(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """R11, M12."""
    from scheduler.named_slots import add_slot

    add_slot(context, "Teatime", (1, 3), time(17, 15), force.author)
    app = open_page("write", as_person=force.author)
    assert app.button(key="w_slot_0").label == "Tuesday 2 June 2026, 5:15pm"
    assert "Teatime: Too few posts to say." in text_of(app)
    app.button(key="w_slot_0").click().run()
    assert (app.date_input(key="w_day").value, app.time_input(key="w_time").value) == (date(2026, 6, 2), time(17, 15))
    app.selectbox(key="w_type").set_value("appeal_missing").run()
    assert "cannot wait, so no time is proposed" in text_of(app)
    assert not [button for button in app.button if button.key == "w_slot_0"]


def test_how_many_it_may_reach_is_said_by_account_and_area_and_never_added_up(
    force: Force, context: Context, open_page: OpenPage
) -> None:
    """M03."""
    now = context.clock.now()
    with context.database.write() as session:
        place = session.get_one(Place, force.place.id)
        place.population, place.population_year, place.population_source = 4_210, 2024, "test"
        session.add(place)
        for days, followers in ((2, 900), (1, 12_400)):
            session.add(Audience(account_id=force.account.id or 0, followers=followers, source_metric="followers",
                                 fetched_at=now - timedelta(days=days)))  # fmt: skip
    app = open_page("write", as_person=force.author)
    assert "Followers, town-desk: 12,400" in text_of(app)
    app.selectbox(key="w_place").set_value("Hexley Moor").run()
    assert "4,210 residents live there (2024)." in text_of(app)


def test_the_browser_is_told_what_it_counts_by(force: Force, context: Context) -> None:
    state = {"w_text": "Words", "w_link": "https://woldershire.police.uk"}
    told = live_data(context, [force.account], state, pictures=False)
    (network,) = told["networks"]
    assert (network["channel"], network["most"], network["own"]) == ("memory", 500, "w_text_memory")
    assert told["values"]["w_text"] == "Words"


def test_a_draft_holds_the_fields_and_no_button(force: Force, context: Context) -> None:
    state = {"w_text": "x", "w_day": date(2026, 6, 2), "w_time": time(9, 5), "w_save": True, "w_use_0_WORDING": True,
             "w_picture": object(), "w_opened": (3, 1), "act_as": 1, "w_accounts": ["town-desk"], "w_type": None}  # fmt: skip
    values = draft_values(state)
    kept = keep_draft(context, force.author, values)
    with context.database.read() as session:
        again = fields_from(draft_with(session, force.author, kept.id).values)
    assert again == {"w_text": "x", "w_day": date(2026, 6, 2), "w_time": time(9, 5), "w_opened": (3, 1),
                     "w_accounts": ["town-desk"], "w_type": None}  # fmt: skip
    assert has_words(values)
    assert not has_words({"w_text": " ", "w_type": "event"})
    assert fields_from({"w_day": "nonsense", "w_text": "y"}) == {"w_text": "y"}
