"""Pictures of posts: taken in safely, kept under the hash of their content, and drawn where only planned.

What goes to a network is a re-encoded copy: no camera position, no other hidden field, no file that only claims to be
a picture."""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from scheduler.posts import Media
from social.channels.base import Picture
from social.errors import InputError

MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIXES = {"JPEG": {".jpg", ".jpeg"}, "PNG": {".png"}, "GIF": {".gif"}, "WEBP": {".webp"}}
MOST_FILE_BYTES = 25_000_000
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
"""Pixels: more is scaled down, so that a phone's photograph fits every network's limit."""


@dataclass(frozen=True)
class StoredPicture:
    """content: the re-encoded bytes.  file_name: hash of the content and a suffix, for the media folder."""

    content: bytes
    mime: str
    file_name: str


class PictureMissing(Exception):
    """A picture's file is not there.  Its text is a sentence for people."""


def read_picture(name: str, content: bytes) -> StoredPicture:
    """Check that the bytes are the picture that the name says, and make the copy that is kept.

    Raises InputError that says what is wrong: too big, no picture, another format than the name's."""
    if len(content) > MOST_FILE_BYTES:
        raise InputError(f"'{name}' has {len(content):,} bytes; the most is {MOST_FILE_BYTES:,}. Make it smaller.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=tuple(MIMES))
            if image.width * image.height > MOST_PIXELS:
                raise InputError(f"'{name}' has {image.width} x {image.height} pixels, which is too many. Scale it.")
            kind = str(image.format)
            suffix = Path(name).suffix.lower()
            if suffix and suffix not in _SUFFIXES[kind]:
                raise InputError(f"'{name}' is a {kind} file by its content, not what its name says. Rename it.")
            return _stored(_encoded(image, kind), kind)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise InputError(
            f"'{name}' is not a picture that can be read. Give a PNG, JPEG, GIF or WebP file that opens."
        ) from error


@dataclass(frozen=True)
class Hidden:
    """What a picture's file says besides the picture.  fields: how many.  position: whether it says where it was taken."""

    fields: int
    position: bool


def hidden_in(content: bytes) -> Hidden:
    """What is taken out before anybody else gets the picture: where, when and with what it was taken."""
    try:
        image = Image.open(io.BytesIO(content), formats=tuple(MIMES))
        exif = image.getexif()
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        count = len(exif) + len(exif.get_ifd(ExifTags.IFD.Exif)) + len(position)
        words = [
            key
            for key in image.info
            if str(key).lower() in ("comment", "xmp", "xml:com.adobe.xmp", "photoshop", "iptc")
        ]
        return Hidden(count + len(words), bool(position))
    except (OSError, ValueError, SyntaxError):
        return Hidden(0, False)


def _encoded(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    if getattr(image, "is_animated", False):
        image.save(target, kind, save_all=True, exif=b"")
        return target.getvalue()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright.info.clear()
    if kind == "JPEG":
        upright.convert("RGB").save(target, kind, quality=88)
    else:
        upright.save(target, kind)
    return target.getvalue()


def _stored(content: bytes, kind: str) -> StoredPicture:
    suffix = MIMES[kind].partition("/")[2]
    return StoredPicture(content, MIMES[kind], f"{hashlib.sha256(content).hexdigest()}.{suffix}")


def is_stored_name(name: str) -> bool:
    """Whether this can be a picture of the media folder, and nothing outside of it."""
    return re.fullmatch(r"[0-9a-f]{64}\.(png|jpeg|gif|webp)", name) is not None


@contextmanager
def kept_files(folder: Path, pictures: Sequence[StoredPicture]) -> Iterator[None]:
    """Write the pictures into the folder for as long as the block succeeds; files made here go again when it fails."""
    made: list[Path] = []
    try:
        for picture in pictures:
            path = folder / picture.file_name
            if not path.exists():
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                made.append(path)
                half = path.with_suffix(".part")
                half.write_bytes(picture.content)
                half.replace(path)
        yield
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def pictures_for(media: Sequence[Media], folder: Path, *, practice: bool) -> tuple[Picture, ...]:
    """The pictures of a post as a channel takes them, in order; a planned one is drawn on the practice network.

    Raises PictureMissing for a planned picture elsewhere, and for a file that is gone."""
    pictures = []
    for medium in media:
        if medium.kind != "image":
            continue
        if medium.file_name is not None:
            path = folder / medium.file_name
            if not path.exists():
                raise PictureMissing("A picture's file is gone from the media folder. Add the picture again.")
            pictures.append(Picture(path.read_bytes(), medium.mime or "image/png", medium.alt_text))
        elif practice:
            pictures.append(Picture(placeholder(), "image/png", medium.alt_text))
        else:
            raise PictureMissing("The post waits for its file: a picture was planned and has not been added yet.")
    return tuple(pictures)


def placeholder() -> bytes:
    """A plain card that says what it is, as PNG."""
    card = Image.new("RGB", (800, 450), "#e8edf2")
    draw = ImageDraw.Draw(card)
    draw.rectangle((12, 12, 787, 437), outline="#5b6b7b", width=3)
    draw.text((400, 225), "Placeholder picture", fill="#24303c", anchor="mm", font=ImageFont.load_default(44))
    target = io.BytesIO()
    card.save(target, "PNG")
    return target.getvalue()
