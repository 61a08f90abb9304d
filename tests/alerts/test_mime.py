"""What a message looks like on the wire: read back by Python's own parser, as a mail program would."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from social.alerts.footers import FooterLine
from social.alerts.letters import Letter
from social.alerts.mime import Own, Sender, Sheet, as_html
from social.channels.base import Picture

LEAVE = "https://alerts.woldershire.example/alerts/leave/" + "k" * 40
SENDER = Sender("Woldershire Police", "alerts@woldershire.example")
PICTURE = Picture(b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png", 'A "red" bicycle <without> a saddle.')


def own(**changes: object) -> Own:
    fields: dict[str, object] = {
        "to": "resident@example.org", "message_id": "<alert.7.abcdefabcdefabcdefabcdef@woldershire.example>",
        "reply_to": "alerts+abcdefabcdefabcdefabcdef@woldershire.example", "date": datetime(2026, 6, 1, 9, tzinfo=UTC),
        "lang": "en", "lines": (FooterLine("Stop these messages", LEAVE),), "leave": LEAVE,
    }  # fmt: skip
    return Own(**{**fields, **changes})  # type: ignore[arg-type]  # builders pass fields on by name


def read(letter: Letter, kind: str = "alert", lang: str = "en", **changes: object) -> EmailMessage:
    raw = Sheet(letter, kind, SENDER, lang).filled(own(**changes))
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    read_back = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert isinstance(read_back, EmailMessage)
    assert not read_back.defects
    return read_back


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    content = found.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_an_alert_has_words_pictures_and_a_way_out() -> None:
    message = read(Letter("Bicycle found: whose is it?", "Is it yours?\n\nCall 101.", pictures=(PICTURE,)))
    assert message["From"] == "Woldershire Police <alerts@woldershire.example>"
    assert message["To"] == "resident@example.org"
    assert message["Reply-To"] == "alerts+abcdefabcdefabcdefabcdef@woldershire.example"
    assert message["Message-ID"] == "<alert.7.abcdefabcdefabcdefabcdef@woldershire.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Woldershire Police <alerts.woldershire.example>"
    assert message["List-Unsubscribe"] == f"<{LEAVE}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert part(message, "plain").split("\n-- \n")[0].strip().endswith('[Picture: A "red" bicycle <without> a saddle.]')
    assert LEAVE in part(message, "plain")
    page = part(message, "html")
    assert 'alt="A &quot;red&quot; bicycle &lt;without&gt; a saddle."' in page
    assert "<p>Is it yours?</p>\n<p>Call 101.</p>" in page
    (picture,) = [one for one in message.walk() if one.get_content_type() == "image/png"]
    assert f"cid:{picture['Content-ID'].strip('<>')}" in page
    assert picture.get_payload(decode=True) == PICTURE.content


def test_the_page_names_its_language_takes_the_readers_colours_and_loads_nothing_from_elsewhere() -> None:
    page = part(read(Letter("Sied", "Torrwyd i mewn i sied.", pictures=(PICTURE,)), lang="cy"), "html")
    assert '<html lang="cy">' in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "color:" not in page
    assert "background" not in page
    assert 'src="http' not in page
    assert "<script" not in page


def test_the_picture_that_tells_of_opening_is_there_only_where_the_force_turned_it_on() -> None:
    address = "https://alerts.woldershire.example/alerts/opened/x"
    assert "<img" not in part(read(Letter("A", "B")), "html")
    assert f'<img src="{address}"' in part(read(Letter("A", "B"), picture=address), "html")


@pytest.mark.parametrize("bad", ["\r\nBcc: everybody@example.org", "\nX: y", "\x0b\x0c\x1c\x1d\x1e\x85\u2028tail"])
def test_no_line_break_in_words_becomes_a_header(bad: str) -> None:
    letter = Letter(f"Sheds{bad}", "Words.", in_reply_to=f"<a@b>{bad}")
    message = read(letter, kind="answer")
    assert message["Bcc"] is None
    assert message["X"] is None
    assert message["In-Reply-To"] is None
    assert message["Subject"].startswith("Sheds")


@pytest.mark.parametrize("name", ["to", "reply_to"])
@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "ö@example.org", "a b@c.d"]
)
def test_an_address_that_could_bring_a_header_with_it_is_no_address(name: str, address: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a header"):
        Sheet(Letter("A", "B"), "alert", SENDER, "en").filled(own(**{name: address}))


def test_long_lines_dots_and_every_script_survive_the_way() -> None:
    text = f".starts with a dot\n..and two\n{'x' * 5000}\nLlanfair­pwll, Łódź, 警察 🚲 = 100%"
    message = read(Letter(f"Ŵyl y Banc: {'ŵ' * 300}", text))
    assert part(message, "plain").startswith(text + "\n")
    assert message["Subject"] == f"Ŵyl y Banc: {'ŵ' * 300}"


def test_words_are_escaped_and_links_can_be_pressed() -> None:
    assert as_html('<b>5 > 3</b> & "so"\nSee https://woldershire.example/a?b=1&c=2.') == (
        "<p>&lt;b&gt;5 &gt; 3&lt;/b&gt; &amp; &quot;so&quot;<br>See "
        '<a href="https://woldershire.example/a?b=1&amp;c=2">https://woldershire.example/a?b=1&amp;c=2</a>.</p>'
    )


def test_an_officers_answer_is_no_bulk_mail() -> None:
    message = read(
        Letter("Re: Sheds", "Thank you.", in_reply_to="<x@example.org>"), kind="answer", lines=(), leave=None
    )
    assert message["In-Reply-To"] == message["References"] == "<x@example.org>"
    for name in ("Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe"):
        assert message[name] is None
