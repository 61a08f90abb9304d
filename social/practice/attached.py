"""What practice residents attach to a lead: an invented photograph with camera details in it, or a short film.

Worked out from the reply's id, like the residents themselves, so that the same reply always carries the same."""

import hashlib
import io
import random
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from social.practice import page
from social.practice.calls import Answer, Call, Route, route
from social.practice.conversation import Said

_EVERY = {"picture": 3, "video": 7, "link": 11}
"""One lead in so many carries such a thing; the first that fits."""


@dataclass(frozen=True)
class Attached:
    """kind: picture, video or link.  key: as X names media.  path: on this network; a link leads elsewhere."""

    kind: str
    key: str
    path: str


def attached_to(said: Said) -> Attached | None:
    """What the reply carries; None for most."""
    if said.kind != "lead" or said.ours:
        return None
    drawn = int(hashlib.sha256(f"attached/{said.platform_id}".encode()).hexdigest()[:8], 16)
    kind = next((kind for kind, every in _EVERY.items() if drawn % every == 0), None)
    if kind is None:
        return None
    number = said.platform_id.split("_")[-1]
    suffix = {"picture": "jpg", "video": "mp4"}.get(kind, "")
    return Attached(kind, f"{'7' if kind == 'video' else '3'}_{number}", f"/residents/{number}.{suffix}")


def x_media(attached: Attached, base: str) -> dict[str, Any]:
    """As X lists it under `includes.media`."""
    if attached.kind == "video":
        variants = [
            {"content_type": "application/x-mpegURL", "url": f"{base}{attached.path}.m3u8"},
            {"content_type": "video/mp4", "bit_rate": 832000, "url": f"{base}{attached.path}"},
        ]
        return {"media_key": attached.key, "type": "video", "variants": variants}
    return {"media_key": attached.key, "type": "photo", "url": f"{base}{attached.path}"}


def graph_attachment(attached: Attached, base: str) -> dict[str, Any]:
    """As Facebook shows it with a comment."""
    address = f"{base}{attached.path}"
    if attached.kind == "link":
        link = "https://clips.example/doorbell"
        return {
            "type": "share",
            "title": "Doorbell clip",
            "url": f"https://l.facebook.com/l.php?u={link}",
            "unshimmed_url": link,
        }
    target = {"id": attached.key.partition("_")[2], "url": address}
    image = {"height": 600, "width": 800, "src": f"{base}/residents/{target['id']}.jpg"}
    if attached.kind == "video":
        return {"type": "video_inline", "target": target, "url": address, "media": {"image": image, "source": address}}
    return {"type": "photo", "target": target, "url": address, "media": {"image": image}}


def routes() -> tuple[Route, ...]:
    return (route("GET", r"/residents/(?P<id>\d+)\.(?P<kind>jpg|mp4)", serve, ""),)


def serve(_: Call, match: "re.Match[str]") -> Answer:
    """The file itself."""
    if len(match["id"]) > 25:
        return Answer(404, page.not_there(), html=True)
    if match["kind"] == "mp4":
        return Answer(200, film(match["id"]), {"content-type": "video/mp4"})
    return Answer(200, photograph(match["id"]), {"content-type": "image/jpeg"})


def photograph(seed: str) -> bytes:
    """An invented picture of a street at night, with an invented camera's details and place in its EXIF."""
    rng = random.Random(f"photograph/{seed}")  # noqa: S311  (simulation, not security)
    image = Image.new("RGB", (800, 600), (18, 22, 40))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = rng.randrange(760), rng.randrange(200, 560)
        draw.rectangle((x, y, x + rng.randrange(20, 140), y + rng.randrange(20, 90)),
                       fill=(rng.randrange(40, 90), rng.randrange(40, 80), rng.randrange(50, 90)))  # fmt: skip
    draw.ellipse((600, 40, 660, 100), fill=(240, 220, 150))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Practice camera", f"Model {rng.randrange(100)}"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, float(rng.randrange(60)), 12.5), 3: "W", 4: (1.0, 30.0, 7.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80, exif=exif)
    return target.getvalue()


def film(seed: str) -> bytes:
    """The shape of a short MP4: enough to be known as one, and nothing to be seen."""
    rng = random.Random(f"film/{seed}")  # noqa: S311  (simulation, not security)
    body = rng.randbytes(20_000)
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + (len(body) + 8).to_bytes(4, "big") + b"mdat" + body
