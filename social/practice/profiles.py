"""What networks know of residents and tell whoever asks for too much: names, handles, words about themselves, pictures,
places, followers. All invented, and each of a kind that nothing else here contains, so that a search can look for it.

Channels ask for none of it and keep none of it (R26). A trial switches this on to prove that."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from social.practice.calls import Answer, Call
from social.practice.x_shapes import username

MARKS = ("Quillfeather", "qf_handle", "bio-heron-quartz", "avatars.heron.invalid", "Heronquartz-on-Sea", "9071552")
"""What stands in every name, handle, biography, picture's address, place and count of followers that is told."""


def profile_of(number: str) -> dict[str, Any]:
    """The profile of the resident with that number at the network, with X's names of fields and with Facebook's."""
    name, handle, bio, picture, place, followers = MARKS
    short = hashlib.sha256(number.encode()).hexdigest()[:8]
    address = f"https://{picture}/{short}.jpg"
    return {
        "id": number,
        "name": f"Ada {name} {short}",
        "first_name": "Ada",
        "last_name": f"{name} {short}",
        "username": f"{handle}_{short}",
        "description": f"{bio} {short}",
        "about": f"{bio} {short}",
        "location": f"{place} {short}",
        "url": f"https://{picture}/about/{short}",
        "link": f"https://{picture}/about/{short}",
        "profile_image_url": address,
        "picture": {"data": {"url": address, "is_silhouette": False}},
        "public_metrics": {"followers_count": int(f"{followers}{int(short, 16) % 1000:03d}"), "tweet_count": 7},
        "followers_count": int(f"{followers}{int(short, 16) % 1000:03d}"),
        "verified": False,
    }


class Telling:
    """Answers of the practice network with every writer's profile in them.

    numbers: of the residents who were told of so far; handles: how X's replies address them."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        self.numbers: set[str] = set()

    @property
    def handles(self) -> set[str]:
        return {username(number) for number in self.numbers}

    def around(self, respond: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """`respond` with profiles in what it answers."""

        def told(call: Call) -> Answer:
            answer = respond(call)
            if not isinstance(answer.body, dict):
                return answer
            authors: set[str] = set()
            body = self._with_writers(answer.body, authors)
            if authors:
                body.setdefault("includes", {})["users"] = [profile_of(number) for number in sorted(authors)]
            return replace(answer, body=body)

        return told

    def _with_writers(self, value: Any, authors: set[str]) -> Any:
        """The same JSON, where each comment has its writer; authors: filled with X's numbers of writers."""
        if isinstance(value, list):
            return [self._with_writers(one, authors) for one in value]
        if not isinstance(value, dict):
            return value
        shown = {name: self._with_writers(one, authors) for name, one in value.items()}
        if (author := str(shown.get("author_id", ""))) and author not in self._own:
            authors.add(author)
            self.numbers.add(author)
        if "message" in shown and "created_time" in shown and (writer := self._writer(shown)) is not None:
            self.numbers.add(writer)
            shown["from"] = profile_of(writer)
        return shown

    def _writer(self, comment: dict[str, Any]) -> str | None:
        """The number of a comment's writer, told or not; None for a post or comment of ours."""
        given = str((comment.get("from") or {}).get("id") or "")
        if given in self._own or str(comment.get("id", "")).partition("_")[0] in self._own:
            return None
        return given or str(
            7_200_000_000_000_000 + int(hashlib.sha256(str(comment.get("id")).encode()).hexdigest()[:12], 16)
        )
