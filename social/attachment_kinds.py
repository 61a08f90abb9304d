"""What a file is by its content, never by its name or what a network says, and the small copy that a page may show.

Pillow opens pictures of four formats and nothing else; films and documents are told by their first bytes and never
opened here. What is neither is refused: nobody should keep, or hand on, what they cannot name."""

import io
import logging
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from social.errors import InputError

PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
SUFFIXES = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4",
    "video/quicktime": "mov", "application/pdf": "pdf",
}  # fmt: skip
WORDS = {
    "image/jpeg": "JPEG picture", "image/png": "PNG picture", "image/gif": "GIF picture", "image/webp": "WebP picture",
    "video/mp4": "MP4 film", "video/quicktime": "QuickTime film", "application/pdf": "PDF document",
}  # fmt: skip
# Pillow writes EXIF into the log at DEBUG, place and camera included.
logging.getLogger("PIL").setLevel(logging.INFO)

_OPENED = ("JPEG", "PNG", "GIF", "WEBP")  # a JPEG of several frames then calls itself MPO
MOST_PIXELS = 50_000_000
SMALL = 480
"""Pixels of the longer side of what a page shows."""
_FILMS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"dash",
        b"3gp4",
        b"3gp5",
    }
)


@dataclass(frozen=True)
class Recognised:
    """mime: a key of SUFFIXES.  has_details: a picture that holds EXIF or other hidden fields."""

    mime: str
    has_details: bool


def recognise(content: bytes) -> Recognised:
    """What the bytes are.  Raises InputError for what is none of the kinds that may be kept."""
    film = _film(content)
    if film is not None:
        return Recognised(film, has_details=False)
    if content[:5] == b"%PDF-":
        return Recognised("application/pdf", has_details=False)
    with _picture(content) as image:
        return Recognised(
            PICTURES[str(image.format)], has_details=bool(image.getexif()) or bool(_HIDDEN & set(image.info))
        )


_HIDDEN = {"exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp", "iptc"}


def _film(content: bytes) -> str | None:
    if len(content) < 16 or content[4:8] != b"ftyp":
        return None
    if content[8:12] == b"qt  ":
        return "video/quicktime"
    return "video/mp4" if content[8:12] in _FILMS else None


def _picture(content: bytes) -> Image.Image:
    """The picture, opened and decoded.  Raises InputError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content), formats=_OPENED)
            if image.width * image.height > MOST_PIXELS:
                raise InputError("The picture has too many pixels to be opened safely. Ask the network for it.")
            image.load()
            return image
    except InputError:
        raise
    except Exception as error:  # whatever a decoder makes of hostile bytes
        raise InputError(
            "By its content it is no picture, film or PDF that can be kept, whatever it calls itself. Nothing was kept."
        ) from error


def small_picture(content: bytes) -> bytes:
    """A picture as a page may show it: drawn anew as JPEG, upright, small, and without any hidden field.

    Raises InputError for what is no picture."""
    with _picture(content) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((SMALL, SMALL))
        plain = Image.new("RGB", upright.size)
        plain.paste(upright)
        target = io.BytesIO()
        plain.save(target, "JPEG", quality=80)
        return target.getvalue()
