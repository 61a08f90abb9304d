"""X's media upload, version 2: in one request, or begun, appended and finished; and the alternative text."""

import re
from dataclasses import dataclass, field
from typing import Any

from social.practice import x_shapes as shapes
from social.practice.calls import Answer, Call, Route, route
from social.practice.store import Medium
from social.practice.world import World

KEPT_SECONDS = 86_400
_MOST_BYTES = {"image/gif": 15_000_000, "video/mp4": 512_000_000}
_IMAGE_BYTES = 5_000_000


def _alt_text(call: Call) -> object:
    metadata = call.body.get("metadata")
    alt_text = metadata.get("alt_text") if isinstance(metadata, dict) else None
    return alt_text.get("text") if isinstance(alt_text, dict) else None


@dataclass
class _Begun:
    mime: str
    total: int
    parts: dict[int, int] = field(default_factory=dict)


class XMedia:
    """Uploads.  What was begun and not finished lives in the process."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._begun: dict[str, _Begun] = {}

    def routes(self) -> tuple[Route, ...]:
        base = r"/2/media/upload"
        return (
            route("POST", base, self.upload, "media", "upload"),
            route("GET", base, self.status, "media", "upload"),
            route("POST", base + r"/initialize", self.initialize, "media", "chunks"),
            route("POST", base + r"/(?P<id>\d+)/append", self.append, "media", "chunks"),
            route("POST", base + r"/(?P<id>\d+)/finalize", self.finalize, "media", "chunks"),
            route("POST", r"/2/media/metadata", self.metadata, "media", "metadata"),
        )

    def _new_id(self) -> str:
        with self._world.store.writing():
            count = int(self._world.store.get_or_make("media_count", "0")) + 1
            self._world.store.put("media_count", str(count))
        return str(1_990_000_000_000_000_000 + count)

    def upload(self, call: Call, _: "re.Match[str]") -> Answer:
        file = call.files.get("media")
        if file is None or not file.content:
            raise shapes.invalid("media is required", {"media": []})
        mime = call.form.get("media_type") or file.mime
        return self._keep(self._new_id(), mime, len(file.content))

    def _keep(self, media_id: str, mime: str, size: int) -> Answer:
        if size > _MOST_BYTES.get(mime, _IMAGE_BYTES):
            raise shapes.invalid("The media file is larger than allowed.", {"media": []})
        self._world.store.save_medium(Medium(media_id, "x", mime, size, "", True, self._world.now_ms()))
        return Answer(200, {"data": self._shape(media_id, size)})

    @staticmethod
    def _shape(media_id: str, size: int, state: str | None = None) -> dict[str, Any]:
        shape: dict[str, Any] = {
            "id": media_id, "media_key": f"3_{media_id}", "size": size, "expires_after_secs": KEPT_SECONDS,
        }  # fmt: skip
        if state:
            shape["processing_info"] = {"state": state, "progress_percent": 100}
        return shape

    def initialize(self, call: Call, _: "re.Match[str]") -> Answer:
        given = call.params
        total = given.get("total_bytes", "")
        if not given.get("media_type") or not total.isdigit() or int(total) < 1:
            raise shapes.invalid("media_type and total_bytes are required", {})
        media_id = self._new_id()
        self._begun[media_id] = _Begun(given["media_type"], int(total))
        return Answer(200, {"data": self._shape(media_id, 0)})

    def append(self, call: Call, match: "re.Match[str]") -> Answer:
        begun = self._begun.get(match["id"])
        segment = call.params.get("segment_index", "")
        if begun is None or not segment.isdigit() or int(segment) > 999 or "media" not in call.files:
            raise shapes.invalid("The media id, segment_index or media is invalid.", {"id": [match["id"]]})
        begun.parts[int(segment)] = len(call.files["media"].content)
        return Answer(200, {"data": {"expires_at": self._world.now_ms() // 1000 + KEPT_SECONDS}})

    def finalize(self, _: Call, match: "re.Match[str]") -> Answer:
        begun = self._begun.get(match["id"])
        if (
            begun is None
            or sum(begun.parts.values()) != begun.total
            or sorted(begun.parts) != list(range(len(begun.parts)))
        ):
            raise shapes.invalid("The media is not complete.", {"id": [match["id"]]})
        answer = self._keep(match["id"], begun.mime, begun.total)
        del self._begun[match["id"]]
        return answer

    def status(self, call: Call, _: "re.Match[str]") -> Answer:
        media_id = call.query.get("media_id", "")
        found = self._world.store.media("x", [media_id])
        if call.query.get("command", "STATUS") != "STATUS" or not found:
            raise shapes.invalid("The media id is invalid.", {"media_id": [media_id]})
        return Answer(200, {"data": self._shape(media_id, found[0].size, "succeeded")})

    def metadata(self, call: Call, _: "re.Match[str]") -> Answer:
        media_id = str(call.body.get("id", ""))
        text = _alt_text(call)
        found = self._world.store.media("x", [media_id])
        if not found or not isinstance(text, str) or len(text) > 1000:
            raise shapes.invalid(
                "The media id is unknown or the alt text is not 0 to 1000 characters.", {"id": [media_id]}
            )
        old = found[0]
        self._world.store.save_medium(Medium(old.id, "x", old.mime, old.size, text, old.ready, old.created_ms))
        return Answer(200, {"data": {"id": media_id, "associated_metadata": {"alt_text": {"text": text}}}})
