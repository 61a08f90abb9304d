"""What is made of one letter: whose words they are, what came with it, and what no resident wrote."""

import random
import time
from email.message import EmailMessage

import pytest

from social.alerts.letter_words import own_words, words_of_html
from social.alerts.letters_in import Unreadable, read_letter


def letter(text: str | None = "I saw him.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Someone <Someone@Example.org>", "Subject": "Re: Appeal", **headers}.items():
        made[name.replace("_", "-")] = value
    if text is not None:
        made.set_content(text)
    return made


@pytest.mark.parametrize(
    ("whole", "own"),
    [
        ("A white van.\n\nOn Mon, 1 Jun 2026 at 10:00, Woldershire Police <alerts@example.test> wrote:\n> Did you?\n> Tell us.", "A white van."),
        ("A van.\n\nOn Mon, 1 Jun 2026 at 10:00, Woldershire Police\n<alerts@example.test>\nwrote:\n\n> Did you?", "A van."),
        ("> Did you see it?\nYes, at noon.\n> Where?\nMill Road.", "Yes, at noon.\nMill Road."),
        ("A van.\n\n________________________________\nFrom: Woldershire Police\nSent: 01 June 2026 10:00\nTo: me\nSubject: Appeal\n\nDid you?", "A van."),
        ("A van.\n\n-----Original Message-----\nFrom: Police\nDid you?", "A van."),
        ("Gwelais fan wen.\n\nAr Llun, 1 Meh 2026 am 10:00, ysgrifennodd Heddlu <alerts@example.test>:\n> A welsoch?", "Gwelais fan wen."),
        ("A van.\n-- \nA. Resident\nMill Road", "A van."),
        ("A van.\n\nSent from my iPhone", "A van."),
        ("He said: go away.\n\nFrom: there he ran to the bridge.", "He said: go away.\n\nFrom: there he ran to the bridge."),
        ("-- \nonly a signature", "-- \nonly a signature".replace("-- ", "--")),
        ("> everything is quoted", "> everything is quoted"),
        ("On Monday I wrote: nothing.", "On Monday I wrote: nothing."),
    ],
)  # fmt: skip
def test_the_writers_own_words_are_kept_and_the_quoted_original_is_not(whole: str, own: str) -> None:
    assert own_words(whole) == own


def test_a_letter_in_html_alone_is_read_as_a_person_sees_it() -> None:
    html = (
        "<html><head><style>p {color: red}</style><title>no</title></head><body><p>A white&nbsp;van &amp; a dog.</p>"
        '<p>At <b>noon</b>.</p><script>alert("no")</script>'
        '<div class="gmail_quote"><div class="gmail_attr">On Monday Police wrote:</div>'
        "<blockquote>Did you see anything?</blockquote></div></body></html>"
    )
    made = letter(None)
    made.set_content(html, subtype="html")

    assert read_letter(made.as_bytes()).text == "A white van & a dog.\n\nAt noon."
    assert words_of_html("<blockquote type=cite>only that</blockquote>") == "only that"
    assert words_of_html("<div><div>unclosed <b>but read") == "unclosed but read"


@pytest.mark.parametrize(
    ("declared", "raw", "read"),
    [
        ("iso-8859-1", "caf\u00e9 \u201cquoted\u201d".encode("cp1252"), "caf\u00e9 \u201cquoted\u201d"),
        ("utf-8", "T\u0177 coch".encode(), "T\u0177 coch"),
        ("utf-8", "na\u00efve".encode("cp1252"), "na\u00efve"),
        ("x-unknown-charset", "caf\u00e9".encode(), "caf\u00e9"),
        ("us-ascii", b"plain \x00 words", "plain  words"),
        ("unicode_escape", b"half \\ud800 a sign", "half \ufffd a sign"),
        ("utf-7", b"half +2AA- a sign", "half \ufffd a sign"),
    ],
)
def test_charset_trouble_costs_no_words(declared: str, raw: bytes, read: str) -> None:
    head = f"From: a@example.org\r\nContent-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"

    assert read_letter(head.encode() + raw).text == read


def test_headers_are_read_whatever_they_are_encoded_in() -> None:
    raw = (
        b"From: =?utf-8?q?J=C3=B6rg?= <J.Person@Example.org>\r\nSubject: =?iso-8859-1?q?Caf=E9?= a\xc3\xb1o\r\n"
        b"To: alerts+abc@example.test\r\nX-Original-To: alerts+def@example.test\r\n"
        b"In-Reply-To: <one@example.test>\r\nReferences: <zero@example.test>\r\n <one@example.test>\r\n\r\nHello"
    )
    read = read_letter(raw)

    assert (read.sender, read.subject) == ("j.person@example.org", "Caf\u00e9 a\u00f1o")
    assert read.references == "<one@example.test> <zero@example.test> <one@example.test>"
    assert "alerts+abc@" in read.addressed
    assert "alerts+def@" in read.addressed


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@example.org"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Subject": "Automatic reply: Appeal after a burglary"},
        {"Subject": "Out of office: back on Monday"},
        {"Subject": "Out of Office AutoReply: Appeal"},
        {"Subject": "Out of the office until Monday"},
        {"Subject": "Vacation reply"},
        {"Subject": "Ateb awtomatig: Ap\u00eal"},
    ],
)
def test_a_machines_answer_is_known_as_one(headers: dict[str, str]) -> None:
    assert read_letter(letter(**headers).as_bytes()).automatic
    assert not read_letter(letter(Auto_Submitted="no").as_bytes()).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Vacation let next door was broken into",
        "Out of office hours nobody answers 101",
        "Auto response units came too late",
        "Automatic replying machine stolen",
        "Auto: engine noise at night",
    ],
)
def test_a_residents_own_subject_is_not_taken_for_a_machines(subject: str) -> None:
    assert not read_letter(letter(Subject=subject).as_bytes()).automatic


def test_attached_files_are_handed_on_and_a_signatures_icon_is_not() -> None:
    made = letter("See the film.")
    made.add_attachment(b"film" * 2000, maintype="video", subtype="mp4", filename="door camera.mp4")
    made.add_attachment("notes", filename="notes.txt")
    made.add_attachment(b"\x89PNG" + b"0" * 500, maintype="image", subtype="png", cid="<logo>", disposition="inline")
    read = read_letter(made.as_bytes())

    assert read.text == "See the film."
    assert sorted(map(len, read.files)) == [len(b"notes\n"), 8000]
    assert read_letter(made.as_bytes(), whole=False).files == ()


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        ("text/html", "<a "),
        ("text/html", "<!--"),
        ("text/html", "<b><i></u>"),
        ("text/html", '<a"" "'),
        ("text/plain", ">\n\n"),
        ("text/plain", "On Monday ysgrifennodd\n>\n\n"),
        ('text/plain; a="' + ";" * 50_000, "words"),
        ("text/plain; charset=punycode", "a9"),
    ],
)
def test_no_letter_keeps_the_letterbox_for_longer_than_its_length(head: str, unit: str) -> None:
    raw = f"From: a@example.org\nContent-Type: {head}\n\n{unit * (60_000 // len(unit))}".encode()
    begun = time.perf_counter()
    try:
        read_letter(raw)
    except Unreadable:
        assert ";;;" in head
    assert (
        time.perf_counter() - begun < 2
    )  # it was half a minute for some of these, and four times that at twice the length


def test_html_that_is_not_well_made_is_read_as_a_person_sees_it() -> None:
    assert (
        words_of_html("1 < 2 <!-- no --> and <p title='a > b'>3 > 2</p><3 &amp; <br/>yes")
        == "1 < 2  and\n3 > 2\n<3 &\nyes"
    )
    assert words_of_html("a<style>p { x: '<b>' } /* </b> */</style>b<script>if (a<b) no()</SCRIPT>c") == "abc"
    assert words_of_html("<p title=it's>words</p><!-- that never ends") == "words\n<!-- that never ends"
    assert words_of_html('<!--[if mso]><p>no</p><![endif]--><DIV ID="divRplyFwdMsg">quoted</DIV>') == "quoted"
    assert words_of_html("yes<div id=appendonsend></div><div>quoted</div>") == "yes"
    assert words_of_html("&#" + "9" * 5000 + "; kept") == "&#" + "9" * 5000 + "; kept"


def test_thousands_of_damaged_letters_are_read_or_called_unreadable() -> None:
    seeds = [made.as_bytes() for made in _seeds()]
    dice, unreadable = random.Random(88), 0
    for number in range(3000):
        raw = _damaged(dice, seeds[number % len(seeds)])
        try:
            read = read_letter(raw)
        except Unreadable:
            unreadable += 1
        else:
            assert "\0" not in read.text + read.subject + read.sender
            read.text.encode()
            assert len(read.text) < 21_000
    assert unreadable < 300


def _seeds() -> list[EmailMessage]:
    rich = letter("Gwelais fan wen \u2013 caf\u00e9.", To="alerts+abcdefabcdefabcdefabcdef@example.test")
    rich.add_alternative("<p>Gwelais <b>fan</b></p><blockquote type=cite>quoted", subtype="html")
    rich.add_attachment(b"\xff\xd8\xff" + bytes(range(256)), maintype="image", subtype="jpeg", filename="t\u0177.jpg")
    within = letter("Look at this.")
    within.add_attachment(letter("The first one."))
    return [letter("Plain words.\n> quoted\n-- \nname"), rich, within]


def _damaged(dice: random.Random, raw: bytes) -> bytes:
    damaged = bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(damaged) or 1)
        match dice.randrange(5):
            case 0:
                damaged[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del damaged[place : place + dice.randint(1, 40)]
            case 2:
                damaged[place:place] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 30)))
            case 3:
                damaged[place:place] = damaged[dice.randrange(len(damaged) or 1) :][:200]
            case 4:
                damaged[place:place] = dice.choice(_TOXIC)
    return bytes(damaged)


_TOXIC = (b"=?utf-8?b?////?=", b"\r\nContent-Type: multipart/mixed; boundary=\r\n", b"charset=utf-16", b"\x00",
          b"\r\nContent-Transfer-Encoding: x-uuencode\r\n", b"=?unknown-8bit?q?=FF?=", b"\r\nFrom: <@@>;:,\r\n",
          b"\r\nContent-Type: message/rfc822\r\n", b"filename*0*=utf-8''%FF", b"&#xD800;&#0;<![CDATA[", b"\r\n\r\n")  # fmt: skip
