"""Bringing pictures to X by API v2, before the post that shows them.

tweepy still uploads by version 1.1, which X has given up. Readers see nothing of this step and unused pictures
expire at X, so whatever goes wrong here, nothing happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from social.channels.base import Limits, Picture
from social.channels.transport import Asked
from social.errors import ChannelError, OutcomeUnknown, Refused

_CHECKS = 10
_LONGEST_PAUSE = 5.0
"""Seconds between two looks at a picture that X still works on."""


@dataclass(frozen=True)
class Bringing:
    """send: a signed request by method, route and the keywords of `requests`, returning the JSON answer.
    judge: the verdict on what it raises.  wait: passes seconds."""

    asked: Asked
    send: Callable[..., Any]
    judge: Callable[[Asked, Exception], ChannelError]
    wait: Callable[[float], None]

    def picture(self, picture: Picture) -> str:
        """Bring one picture with its description.  Returns its media id.

        Raises TryLater, Refused or NeedsPerson, never OutcomeUnknown."""
        part = "a picture"
        try:
            media_id, state = self._upload(picture)
            self._await_processing(media_id, state)
            if picture.alt_text:
                part = "a picture's description"
                described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt_text}}}
                self.send("POST", "/2/media/metadata", json=described)
        except Exception as error:
            raise self._as_not_happened(part, error) from None
        return media_id

    def _upload(self, picture: Picture) -> tuple[str, Any]:
        answer = self.send(
            "POST",
            "/2/media/upload",
            files={"media": ("picture", picture.content, picture.mime)},
            data={"media_category": "tweet_gif" if picture.mime == "image/gif" else "tweet_image"},
        )
        return str(answer["data"]["id"]), answer["data"].get("processing_info")

    def _await_processing(self, media_id: str, state: Mapping[str, Any] | None) -> None:
        """X takes its time over moving pictures only."""
        for _ in range(_CHECKS):
            if not state or state.get("state") == "succeeded":
                return
            if state.get("state") == "failed":
                raise self.asked.refused("media", "X cannot use a picture. Save it anew and try again.", "bad_picture")
            self.wait(min(float(state.get("check_after_secs") or 1), _LONGEST_PAUSE))
            answer = self.send("GET", "/2/media/upload", params={"command": "STATUS", "media_id": media_id})
            state = answer["data"].get("processing_info")
        raise self.asked.later("media", "X is still working on a picture. Nothing was published.")

    def _as_not_happened(self, part: str, error: Exception) -> ChannelError:
        verdict = self.judge(self.asked, error)
        if isinstance(verdict, OutcomeUnknown):
            return self.asked.later(verdict.code, "A picture could not be brought to X. Nothing was published.")
        if isinstance(verdict, Refused) and verdict.reason != "bad_picture":
            # Without its description a picture does not go out (R32), and "gone" would be said of the post.
            what = f"X did not take {part}, so nothing was published. {verdict.detail}"
            return self.asked.refused(verdict.code, what, "bad_picture")
        return verdict


def refuse_what_cannot_go(asked: Asked, pictures: Sequence[Picture], limits: Limits) -> None:
    """Raise Refused for pictures that X is known not to take, before anything is sent."""
    moving = any(picture.mime == "image/gif" for picture in pictures)
    if len(pictures) > limits.images or (moving and len(pictures) > 1):
        raise asked.refused("", "X takes four pictures, or one moving picture alone.", "too_many_pictures")
    for picture in pictures:
        if len(picture.content) > limits.image_bytes:
            raise asked.refused("", "A picture is larger than 5 MB, the most that X takes.", "picture_too_large")
        if len(picture.alt_text) > limits.alt_text:
            raise asked.refused("", "A picture's description is longer than 1,000 characters.", "alt_text_too_long")
