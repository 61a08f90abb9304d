"""Parts and prices are those of GSM 03.38, and a short text loses neither its link nor the way out."""

from datetime import UTC, datetime

import pytest

from social.alerts.letters import Letter
from social.alerts.mailings import Mailing
from social.alerts.text_parts import (
    MOST_CHARACTERS,
    SHORT,
    cost_pence,
    is_gsm,
    parts_of,
    plain,
    price_of_texts,
    text_of,
)
from social.settings import load_settings

LINK = "https://news.example/appeals/14"
SETTINGS = "https://alerts.example/alerts/settings/" + "a" * 40


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 918, 6),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        # A letter of the extension is not torn apart: 152 places and it do not fit 153.
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("ŵ" * 134, 2),
        ("ŵ" * 135, 3),
        ("\U0001f6a8" * 35, 1),
        ("\U0001f6a8" * 36, 2),
    ],
)
def test_a_text_is_counted_in_the_parts_that_it_is_sent_in(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_letters_that_phones_do_not_need_are_made_plain() -> None:
    typed = "\u201cDon\u2019t\u201d \u2013 stay\u00a0in\u2026"
    assert plain(typed) == '"Don\'t" - stay in...'
    assert is_gsm(plain(typed))
    assert not is_gsm(typed)
    assert plain("Tŷ Newydd") == "Tŷ Newydd"


def mailing(text: str, link: str | None = LINK, reference: str | None = "WP-1402") -> Mailing:
    return Mailing(
        account_id=1, key="k", subject="Missing from Copperbeck", text=text, link=link, topic="missing", urgent=True,
        reference=reference, audience="{}", made_at=datetime(2026, 6, 1, tzinfo=UTC),
    )  # fmt: skip


def test_an_alert_with_a_link_becomes_two_parts_that_keep_link_reference_and_the_way_out() -> None:
    words = "Have you seen Maya, 14? She wears a red coat. " + "She was last seen near the mill. " * 20
    text = text_of(Letter("Missing from Copperbeck", f"{words}\n\n{LINK}"), mailing(words), SETTINGS)
    assert text.startswith("Missing from Copperbeck\nHave you seen Maya, 14? She wears a red coat.")
    assert len(text) <= SHORT
    assert parts_of(text) == 2
    assert text.splitlines()[-3:] == [LINK, "Ref WP-1402", f"Change or stop: {SETTINGS}"]
    assert text.count(LINK) == 1


def test_an_alert_without_a_link_says_all_that_fits_a_text() -> None:
    words = "She was last seen near the mill. " * 60
    text = text_of(Letter("Missing from Copperbeck", words), mailing(words, None, None), SETTINGS, lang="cy")
    assert SHORT < len(text) <= MOST_CHARACTERS
    assert text.endswith(f"the mill.\nNewid neu atal: {SETTINGS}")


def test_what_stands_in_a_message_that_was_asked_for_is_sent_whole() -> None:
    letter = Letter("Your code", "Your code is 412 907.", settings_link=False)
    assert text_of(letter, None, None) == "Your code is 412 907."


def test_one_endless_word_is_no_way_around_the_length() -> None:
    text = text_of(Letter("s" * 400, "w" * 3000), mailing("w" * 3000), SETTINGS)
    assert len(text) <= SHORT
    assert LINK in text
    assert SETTINGS in text


def test_what_is_shown_before_sending_is_never_less_than_what_is_spent() -> None:
    settings = load_settings({"BEATLINE_TEXT_PENCE": "2.4", "BEATLINE_PUBLIC_ADDRESS": "https://alerts.example"})
    for words in ("Short.", "Longer words about a car. " * 8, "Rhybudd: y tŷ gwyn, ŵyn. " * 9, "One. " * 300):
        for link in (LINK, None):
            alert = mailing(words, link)
            spent = max(
                cost_pence(text_of(Letter(alert.subject, words), alert, SETTINGS, lang=lang), settings)
                for lang in ("en", "cy")
            )
            shown = price_of_texts(words, link, 250, settings, subject=alert.subject, reference=alert.reference)
            assert shown >= round(spent * 1000) * 250 > 0
