"""What residents attach: noted and not fetched, fetched only when asked and from where it may lie, told by content, kept
sealed, shown without hidden fields, and gone with its row (R26, R28)."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from sqlmodel import col, select

from social.attachment_fetching import fetch_for_lead, original
from social.attachment_kinds import recognise, small_picture
from social.attachments import Attachment, attachments_of, copies_folder, forget_attachments, sweep_copies
from social.audit import AuditRecord
from social.channels import fetching
from social.channels.attached import facebook_attachments, x_attachments, x_media
from social.channels.base import Heard, HeardAttachment
from social.channels.fetching import NotFetched, fetch, is_public
from social.channels.transport import Door
from social.context import Context
from social.errors import BeatlineError, InputError, NotAllowed
from social.heard import store_heard
from social.interactions import Interaction
from social.leads import open_lead, take_back
from social.practice.attached import film, photograph
from social.publications import Publication
from social.settings import load_settings
from tests.views.helpers import Force

PHOTOGRAPH = photograph("7")


@dataclass
class MediaHost:
    """A web server of this machine that keeps media.  answers: path -> status, headers, body."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def keep(self, path: str, body: bytes, *, status: int = 200, **headers: str) -> str:
        self.answers[path] = (status, headers, body)
        return self.address + path


@pytest.fixture
def host() -> Iterator[MediaHost]:
    kept = MediaHost()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append((self.path, dict(self.headers)))
            status, headers, body = kept.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content_Length": str(len(body)), **headers}.items():
                if value:
                    self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def force(context: Context) -> Force:
    return Force(context)


def reply_with(force: Force, *attachments: HeardAttachment) -> int:
    """A resident answers a post with these.  Returns the reply's number."""
    if not force.network.posts:
        force.publish()
    return hear(force, *attachments)


def hear(force: Force, *attachments: HeardAttachment) -> int:
    now = force.context.clock.now()
    with force.context.database.write() as session:
        publication = session.exec(select(Publication)).one()
        said = Heard(
            "r1", publication.platform_id, None, "He ran past the Co-op", now, "7", False, attachments=attachments
        )
        store_heard(session, force.context.vault, publication.account_id, {publication.platform_id: publication.id or 0},
                    [said], now)  # fmt: skip
        return int(session.exec(select(Interaction.id)).one() or 0)


def rows(context: Context) -> list[Attachment]:
    with context.database.read() as session:
        return list(session.exec(select(Attachment).order_by(col(Attachment.id))))


def test_what_x_lists_is_told_by_kind_and_number_and_who_made_it_is_left_out() -> None:
    post = {"id": "5", "attachments": {"media_keys": ["3_1", "7_2", "3_9"]}}
    answer = {
        "includes": {
            "media": [
                {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/a.jpg", "alt_text": "Sam Reed"},
                {"media_key": "7_2", "type": "video", "preview_image_url": "https://pbs.twimg.com/p.jpg", "variants": [
                    {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/v.m3u8"},
                    {"content_type": "video/mp4", "bit_rate": 256000, "url": "https://video.twimg.com/low.mp4"},
                    {"content_type": "video/mp4", "bit_rate": 832000, "url": "https://video.twimg.com/high.mp4"},
                ]},
            ]
        }
    }  # fmt: skip
    assert x_attachments(post, x_media(answer)) == (
        HeardAttachment("picture", "https://pbs.twimg.com/a.jpg", "3_1"),
        HeardAttachment("video", "https://video.twimg.com/high.mp4", "7_2"),
    )


def test_what_facebook_shows_is_told_by_kind_and_links_are_taken_out_of_its_counter() -> None:
    def told(**attachment: object) -> tuple[HeardAttachment, ...]:
        return facebook_attachments({"id": "1", "attachment": attachment})

    image = {"image": {"src": "https://scontent.fbcdn.net/a.jpg"}, "source": "https://video.fbcdn.net/a.mp4"}
    assert told(type="photo", target={"id": "9"}, media=image, title="Sam Reed") == (
        HeardAttachment("picture", "https://scontent.fbcdn.net/a.jpg", "9"),
    )
    assert told(type="video_inline", target={"id": "8"}, media=image) == (
        HeardAttachment("video", "https://video.fbcdn.net/a.mp4", "8"),
    )
    assert told(type="share", url="https://l.facebook.com/l.php?u=https%3A%2F%2Fclips.example%2F1&h=x") == (
        HeardAttachment("link", "https://clips.example/1"),
    )
    assert told(type="sticker", media=image) == ()


@pytest.mark.parametrize("odd", [None, 7, "x", [], [1], {"type": 3}, {"media": []}, {"type": "photo", "media": {"image": 4}},
                                 {"type": "share", "url": "http://[", "target": {"id": []}}])  # fmt: skip
def test_an_attachment_of_no_known_shape_costs_nothing(odd: object) -> None:
    assert facebook_attachments({"attachment": odd}) == () or isinstance(odd, dict)
    assert x_attachments({"attachments": odd}, x_media({"includes": odd})) == ()
    assert x_attachments({"attachments": {"media_keys": odd}}, x_media({"includes": {"media": odd}})) == ()


def test_what_came_with_a_reply_is_noted_once_and_not_fetched(force: Force, host: MediaHost) -> None:
    first = HeardAttachment("picture", f"{host.address}/old.jpg", "3_1")
    reply_with(
        force,
        first,
        HeardAttachment("link", "https://clips.example/1"),
        HeardAttachment("picture", "javascript:alert(1)"),
    )
    hear(force, first)
    moved = HeardAttachment("picture", f"{host.address}/new.jpg", "3_1")
    hear(force, moved)  # the network's address of it has changed, and nothing else of the reply
    kept = rows(force.context)
    assert [(one.kind, one.state) for one in kept] == [("picture", "offered"), ("link", "offered")]
    assert force.context.vault.open(kept[0].url_sealed) == {"url": moved.url}
    assert host.address.encode() not in b"".join(one.url_sealed for one in kept)
    assert host.asked == []


def test_only_for_a_lead_and_only_by_who_may_it_is_fetched(force: Force, host: MediaHost) -> None:
    address = host.keep("/a.jpg", PHOTOGRAPH)
    reply = reply_with(force, HeardAttachment("picture", address))
    (one,) = rows(force.context)
    with pytest.raises(InputError, match="lead first"):
        fetch_for_lead(force.context, force.author, one.id or 0)
    open_lead(force.context, force.author, reply)
    with pytest.raises(NotAllowed):
        fetch_for_lead(force.context, force.reader, one.id or 0)
    assert host.asked == []


def test_the_original_is_kept_sealed_with_its_camera_details_and_shown_without(force: Force, host: MediaHost) -> None:
    context = force.context
    reply = reply_with(force, HeardAttachment("picture", host.keep("/a.jpg", PHOTOGRAPH)))
    open_lead(context, force.author, reply)
    fetch_for_lead(context, force.author, rows(context)[0].id or 0)
    (one,) = rows(context)
    assert (one.state, one.found, one.size, one.has_details) == ("held", "image/jpeg", len(PHOTOGRAPH), True)
    assert original(context, one) == PHOTOGRAPH
    files = [path.read_bytes() for path in context.settings.home.rglob("*") if path.is_file()]
    assert not any(b"Practice camera" in content or PHOTOGRAPH[300:340] in content for content in files)
    with Image.open(io.BytesIO(small_picture(original(context, one)))) as shown:
        assert (shown.format, dict(shown.getexif()), shown.size) == ("JPEG", {}, (480, 360))
        assert "exif" not in shown.info
    ((path, headers),) = host.asked
    assert path == "/a.jpg"
    assert not {"Authorization", "Cookie"} & set(headers)
    with context.database.read() as session:
        done = session.exec(select(AuditRecord).where(AuditRecord.action == "fetch attachment")).one()
    assert str(one.sha256) in (done.after or "")


@pytest.mark.sqlite_only
def test_what_is_kept_is_not_given_up_when_somebody_asks_for_it_again(force: Force, host: MediaHost) -> None:
    """The page of a second person still offers it, and the network has it no longer."""
    context = force.context
    open_lead(context, force.author, reply_with(force, HeardAttachment("picture", host.keep("/a.jpg", PHOTOGRAPH))))
    number = rows(context)[0].id or 0
    fetch_for_lead(context, force.author, number)
    del host.answers["/a.jpg"]
    with pytest.raises(InputError, match="kept already"):
        fetch_for_lead(context, force.corporate, number)
    assert original(context, rows(context)[0]) == PHOTOGRAPH


@pytest.mark.sqlite_only
def test_with_its_row_goes_what_opens_the_copy_and_then_the_copy(force: Force, host: MediaHost) -> None:
    context = force.context
    reply = reply_with(force, HeardAttachment("picture", host.keep("/a.jpg", PHOTOGRAPH)))
    lead = open_lead(context, force.author, reply)
    fetch_for_lead(context, force.author, rows(context)[0].id or 0)
    (one,) = rows(context)
    (copy,) = copies_folder(context.settings).iterdir()
    assert copy.stat().st_mode & 0o077 == 0
    with context.database.read() as session:
        assert sweep_copies(session, context.settings) == 0
    take_back(context, force.author, lead)
    assert rows(context) == []
    with context.database.read() as session:
        assert sweep_copies(session, context.settings) == 1
    with pytest.raises(BeatlineError, match="gone"):
        original(context, one)


@pytest.mark.sqlite_only
def test_a_copy_that_was_changed_is_not_taken_for_the_original(force: Force, host: MediaHost) -> None:
    context = force.context
    open_lead(context, force.author, reply_with(force, HeardAttachment("picture", host.keep("/a.jpg", PHOTOGRAPH))))
    fetch_for_lead(context, force.author, rows(context)[0].id or 0)
    (copy,) = copies_folder(context.settings).iterdir()
    copy.write_bytes(copy.read_bytes()[:-9] + b"AAAAAAAAA")
    with pytest.raises(BeatlineError, match="cannot be opened"):
        original(context, rows(context)[0])


NOT_KEPT: dict[str, tuple[bytes, int, str]] = {
    "/page.jpg": (b"<html>a page that calls itself a picture</html>", 200, "no picture, film or PDF"),
    "/program.jpg": (b"MZ\x90\x00 a program", 200, "no picture, film or PDF"),
    "/half.jpg": (PHOTOGRAPH[:4000], 200, "no picture, film or PDF"),
    "/drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 200, "no picture, film or PDF"),
    "/moved.jpg": (b"", 302, "status 302"),
    "/over.jpg": (b"", 403, "renewed"),
    "/failing.jpg": (b"", 500, "status 500"),
}


@pytest.mark.sqlite_only
def test_what_may_not_be_kept_is_not_and_the_reason_is(force: Force, host: MediaHost) -> None:
    elsewhere = host.keep("/elsewhere.jpg", PHOTOGRAPH)
    addresses = [
        host.keep(path, body, status=status, Location=elsewhere, Content_Type="image/jpeg")
        for path, (body, status, _) in NOT_KEPT.items()
    ]
    reply = reply_with(force, *(HeardAttachment("picture", address) for address in addresses))
    open_lead(force.context, force.author, reply)
    numbers = [one.id or 0 for one in rows(force.context)]
    said = {force.context.vault.open(one.url_sealed)["url"]: one.id or 0 for one in rows(force.context)}
    for address, (_, _, reason) in zip(addresses, NOT_KEPT.values(), strict=True):
        with pytest.raises(BeatlineError, match=reason):
            fetch_for_lead(force.context, force.author, said[address])
    assert len(numbers) == len(NOT_KEPT)
    for one in rows(force.context):
        assert (one.state, one.file_name, one.key_sealed) == ("failed", None, None)
        assert one.problem is not None
        assert "127.0.0.1" not in one.problem
    assert sorted(path for path, _ in host.asked) == sorted(NOT_KEPT)
    assert not list(force.context.settings.home.rglob("*.sealed*"))


def test_what_is_too_large_is_not_taken_whatever_its_length_says(host: MediaHost) -> None:
    settings = load_settings({})
    address = host.keep("/big.jpg", b"\xff\xd8" * 200_000)
    with pytest.raises(NotFetched, match="larger than 0 MB"):
        fetch(address, "memory", settings, practice=True, most_bytes=399_999)
    assert len(fetch(address, "memory", settings, practice=True, most_bytes=400_000)) == 400_000
    quiet = host.keep("/quiet.jpg", b"\xff\xd8" * 200_000, Content_Length="")  # as long as the connection lasts
    with pytest.raises(NotFetched, match="larger than 0 MB"):
        fetch(quiet, "memory", settings, practice=True, most_bytes=100_000)


@pytest.mark.parametrize(
    ("address", "channel", "practice"),
    [
        ("http://pbs.twimg.com/a.jpg", "x", False),
        ("https://pbs.twimg.com:8443/a.jpg", "x", False),
        ("https://evil.example/a.jpg", "x", False),
        ("https://pbs.twimg.com.evil.example/a.jpg", "x", False),
        ("https://nottwimg.com/a.jpg", "x", False),
        ("https://user:secret@pbs.twimg.com/a.jpg", "x", False),
        ("https://scontent.fbcdn.net/a.jpg", "x", False),
        ("https://127.0.0.1/a.jpg", "facebook", False),
        ("http://127.0.0.1/a.jpg", "facebook", False),
        ("http://169.254.169.254/latest/meta-data", "x", True),
        ("https://10.0.0.8/a.jpg", "memory", True),
        ("file:///etc/passwd", "x", True),
        ("ftp://127.0.0.1/a", "x", True),
        ("http://[::1", "x", True),
        ("https://pbs.twimg.com:0x50/a.jpg", "x", False),
    ],
)
def test_only_where_the_network_keeps_media_is_anything_fetched(
    address: str, channel: str, practice: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("no request may leave")

    monkeypatch.setattr(fetching, "Door", never)
    with pytest.raises(NotFetched, match="not one where this network keeps media"):
        fetch(address, channel, load_settings({}), practice=practice, most_bytes=1000)


def test_what_leads_inside_is_let_go_before_a_byte_is_sent(host: MediaHost) -> None:
    """Whatever the name says: the machine that answers is looked at."""
    host.keep("/a.jpg", PHOTOGRAPH)
    door = Door(host.address, load_settings({}))
    fetching._guard(door, host.address)
    with pytest.raises(Exception, match="not a public address"):
        door.get(f"{host.address}/a.jpg")
    assert host.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                                     "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "nonsense"])  # fmt: skip
def test_no_inner_address_counts_as_public(address: str) -> None:
    assert not is_public(address)
    assert is_public("199.232.1.1")
    assert is_public("2a03:2880:f12d::1")


def png(**info: str) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    fields = PngInfo()
    for name, value in info.items():
        fields.add_text(name, value)
    target = io.BytesIO()
    Image.new("RGB", (900, 300), "navy").save(target, "PNG", pnginfo=fields)
    return target.getvalue()


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a photograph": (lambda: PHOTOGRAPH, "image/jpeg"),
    "a drawing": (png, "image/png"),
    "a film": (lambda: film("1"), "video/mp4"),
    "an iPhone's film": (lambda: b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime"),
    "a document": (lambda: b"%PDF-1.7\n%made up", "application/pdf"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_what_its_content_says(name: str) -> None:
    make, mime = MADE[name]
    assert recognise(make()).mime == mime


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("social.attachment_kinds.MOST_PIXELS", 900 * 300 - 1)
    with pytest.raises(InputError, match="too many pixels"):
        recognise(png())


def test_a_drawn_copy_says_nothing_that_the_original_had_hidden() -> None:
    made = png(comment="taken by Sam Reed")
    assert b"Sam Reed" in made
    assert b"Sam Reed" not in small_picture(made)


def test_replies_that_are_forgotten_forget_what_came_with_them(force: Force) -> None:
    reply = reply_with(force, HeardAttachment("picture", "https://pbs.twimg.com/a.jpg", "3_1"))
    with force.context.database.write() as session:
        assert forget_attachments(session, [reply]) == 1
        assert attachments_of(session, reply) == []
        assert forget_attachments(session, []) == 0
