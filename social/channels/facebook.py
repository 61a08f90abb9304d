"""Facebook Pages, through facebook-sdk. The library knows no current version, no status and no timeout, and puts the
token into addresses; `Graph` mends all of it in the one method that every helper goes through.

Facts of Graph v26.0 read in August 2026 at https://developers.facebook.com/docs/graph-api."""

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import requests

from social.accounts import Account
from social.channels import facebook_answers as answers
from social.channels.attached import COMMENT_ATTACHMENT
from social.channels.base import (
    Capabilities,
    Draft,
    Heard,
    HeardPage,
    Limits,
    PastPost,
    Picture,
    Profile,
    Published,
    Rechecked,
)
from social.channels.canonical import canonical, with_link
from social.channels.facebook_cursor import Reached
from social.channels.facebook_glancing import FacebookGlancing
from social.channels.facebook_measuring import FacebookMeasuring
from social.channels.facebook_replying import FacebookReplying
from social.channels.transport import Asked, Door, Uploads, Watch, ask, brought, judge_exception, showing
from social.clock import Clock
from social.errors import ChannelError, OutcomeUnknown, Refused, TryLater, Unsupported
from social.settings import Settings

with warnings.catch_warnings():
    # The library, last changed in 2018, holds an escape that Python warns of whenever it is compiled anew.
    warnings.simplefilter("ignore")
    import facebook

NAME = "facebook"
ADDRESS = "https://graph.facebook.com"
VERSION = "v26.0"
_POST_FIELDS = "id,message,created_time,permalink_url"
_COMMENT_FIELDS = f"id,message,created_time,from{{id}},parent{{id}},is_hidden,{COMMENT_ATTACHMENT}"
_log = logging.getLogger(__name__)

T = TypeVar("T")
Json = Mapping[str, Any]


class GraphError(facebook.GraphAPIError):  # type: ignore[misc]  # the library has no types
    """An answer that is no success.  error: Facebook's own description, {} when it gave none."""

    def __init__(self, response: requests.Response, error: Json) -> None:
        super().__init__({"error": {"message": "", **error}})
        self.status = response.status_code
        self.headers = response.headers
        self.error = error


class Graph(facebook.GraphAPI):  # type: ignore[misc]  # the library has no types
    """The library's client at any address and at a version of today, with the token in a header only."""

    def __init__(self, token: str, door: Door) -> None:
        super().__init__(access_token=token, session=door)
        self.version = VERSION
        self._base = door.base_url

    def request(
        self,
        path: str,
        args: Json | None = None,
        post_args: Json | None = None,
        files: Mapping[str, Any] | None = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        """Ask Graph.  Raises GraphError unless it answers with a JSON object that is no error."""
        response = self.session.request(
            method or ("GET" if post_args is None else "POST"),
            f"{self._base}/{path}",
            params=_encoded(args),
            data=_encoded(post_args),
            files=files,
            headers={"Authorization": f"Bearer {self.access_token}"},
        )
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise GraphError(response, {})
        if "error" in answer or not 200 <= response.status_code < 300:
            error = answer.get("error")
            raise GraphError(response, error if isinstance(error, dict) else {})
        return answer


def _encoded(values: Json | None) -> dict[str, Any]:
    """Values as Graph wants them: the library would send a list as its last member and False as 'False'."""
    return {
        name: json.dumps(value) if isinstance(value, list | dict | bool) else value
        for name, value in (values or {}).items()
        if value is not None
    }


class FacebookChannel(FacebookReplying, FacebookMeasuring, FacebookGlancing):
    """One Page on Facebook.  credentials: page_access_token.  watch: is asked before each request and told after.
    uploads: remembers pictures that Facebook has already."""

    name = NAME
    can = Capabilities(
        withdraws=True,
        finds_own_posts=True,
        proves_absence=True,
        listens=True,
        hears_mentions=False,
        reports_reach=True,
        tells_history=True,
        takes_images=True,
        takes_video=False,
        needs_agreement=False,
        rechecks=True,
        answers=True,
        hides=True,
        tells_hidden=True,
        delivers=True,
        glances=True,
    )
    limits = Limits(text=63_206, images=10, alt_text=1000, image_bytes=10_000_000)

    def __init__(
        self,
        account: Account,
        credentials: Mapping[str, str],
        settings: Settings,
        clock: Clock,
        *,
        watch: Watch | None = None,
        uploads: Uploads | None = None,
    ) -> None:
        self._clock = clock
        self._uploads = uploads
        self._secrets = tuple(credentials.values())
        self._page = account.platform_id or ""
        self._handle = account.handle
        self._graph = Graph(credentials["page_access_token"], Door(account.base_url or ADDRESS, settings, watch=watch))

    def count(self, draft: Draft) -> int:
        return len(_message(draft))

    def verify(self) -> Profile:
        def read(page: Json) -> Profile:
            return Profile(
                str(page["id"]), self._handle, str(page["name"]), page.get("followers_count"), "followers_count"
            )

        return self._ask("verify", partial(self._get, self._page, fields="id,name,followers_count"), read)

    def publish(self, draft: Draft, *, key: str) -> Published:  # noqa: ARG002 - Facebook takes no key
        if draft.after is not None:
            raise Unsupported(NAME, "go on with a thread")
        self._refuse_what_cannot_go(draft)
        photos = [{"media_fbid": one} for one in brought(self._uploads, draft.pictures, self._upload)]
        what = {"message": _message(draft), "attached_media": photos} if photos else {
            "message": _message(draft), "link": draft.link
        }  # fmt: skip
        path = f"{VERSION}/{self._page}/feed"
        send = partial(self._graph.request, path, args={"fields": "id,permalink_url,created_time"}, post_args=what)
        ask_it = partial(
            self._ask, "publish", send, lambda post: answers.published(post, self._clock.now()), writes=True
        )
        return showing(self._uploads, draft.pictures, ask_it)

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        def read(post: Json) -> tuple[str, Published]:
            return canonical(answers.message(post)), answers.published(post, answers.created_at(post))

        wanted, found = canonical(_message(draft)), None
        earliest = since.replace(microsecond=0)  # Facebook tells and takes times to the second
        for text, published in self._own_posts("find", since, _POST_FIELDS, read):
            if text == wanted and published.published_at >= earliest:
                found = published
        return found

    def withdraw(self, platform_id: str) -> None:
        def read(answer: Json) -> None:
            if answer["success"] is not True:
                raise ValueError("neither deleted nor refused")

        try:
            self._ask("withdraw", partial(self._graph.delete_object, platform_id), read, writes=True)
        except Refused as refused:
            if refused.reason != "gone":
                raise

    def is_live(self, platform_id: str) -> bool:
        """Facebook says the same of a post that is gone and of one that it keeps from us, so an absence counts only
        while the Page itself is open to us."""
        try:
            return self._ask("look", partial(self._get, platform_id, fields="id,is_published"), answers.is_published)
        except Refused as refused:
            if refused.reason != "gone":
                raise
        self._ask("look", partial(self._get, self._page, fields="id"), lambda page: str(page["id"]))
        return False

    def listen(
        self,
        platform_id: str,
        *,
        cursor: str | None,
        published_at: datetime,  # noqa: ARG002 - Facebook forgets nothing
    ) -> Iterator[HeardPage]:
        """Every comment, answers to comments included. A post that is gone has none to be heard.

        Facebook takes no cursor for ever. It says that one is invalid, and then the time goes on where it ended."""
        reached = Reached.parse(cursor)
        try:
            yield from self._comments(platform_id, reached)
        except Refused as refused:
            if reached.after is not None and answers.is_invalid(refused.code):
                yield from self._comments(platform_id, reached.by_time())
            elif refused.reason != "gone":
                raise

    def recheck(self, replies: Mapping[str, Sequence[str]]) -> Rechecked:
        """The whole list of a post's comments anew. What is missing there is asked for by itself: a list may leave out
        what is there. Of what stood under a post that is gone nothing is known."""
        items: list[Heard] = []
        gone: list[str] = []
        for platform_id, known in replies.items():
            wanted = set(known)
            try:
                pages = list(self._comments(platform_id, Reached())) if wanted else []
            except Refused as refused:
                if refused.reason != "gone":
                    raise
                continue
            there = [item for page in pages for item in page.items if item.platform_id in wanted]
            items += there
            for missing in sorted(wanted - {item.platform_id for item in there}):
                found = self._comment(platform_id, missing)
                items += [found] if isinstance(found, Heard) else []
                gone += [missing] if found is None else []
        return Rechecked(tuple(items), tuple(gone))

    def mentions(self, *, cursor: str | None) -> Iterator[HeardPage]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "mentions")

    def threads(self, platform_ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell what is new in many threads at once")

    def unnamed(self, *, since: datetime) -> Iterator[HeardPage]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell what answers it without a name")

    def subscribe(self) -> None:
        def read(answer: Json) -> None:
            if answer.get("success") is not True:
                raise ValueError("neither done nor refused")

        send = partial(
            self._graph.request, f"{VERSION}/{self._page}/subscribed_apps",
            post_args={"subscribed_fields": "feed,mention"},
        )  # fmt: skip
        self._ask("subscribe", send, read, writes=True)

    def history(self, *, since: datetime) -> Iterator[PastPost]:
        fields = _POST_FIELDS + ",attachments{media_type}"
        yield from self._own_posts("history", since, fields, answers.past_post)

    def _get(self, path: str, **args: Any) -> Any:
        return self._graph.get_object(path, **args)

    def _ask(self, operation: str, send: Callable[[], Any], read: Callable[[Any], T], *, writes: bool = False) -> T:
        return ask(Asked(NAME, operation, writes, self._clock.now()), send, read, self._verdict)

    def _verdict(self, asked: Asked, error: Exception) -> ChannelError:
        if isinstance(error, GraphError):
            return answers.judge_refusal(
                asked, error.status, error.error, error.headers, self._clock.now(), self._secrets
            )
        return judge_exception(asked, error)

    def _pages(
        self, operation: str, path: str, read: Callable[[Json], T], **args: Any
    ) -> Iterator[tuple[list[T], str | None, int]]:
        """Every page of an edge, the cursor after it, and how many of its items cannot be read. A page may be empty and
        yet be followed by another.

        Raises TryLater when the edge does not come to its end: a look that stops halfway shows no absence."""
        after: str | None = args.pop("after", None)

        def read_page(answer: Json) -> tuple[tuple[list[T], int], str | None, bool]:
            return answers.items(answer, read), *answers.next_cursor(answer)

        follows = True
        while follows:
            (items, skipped), cursor, follows = self._ask(
                operation, partial(self._get, path, after=after, **args), read_page
            )
            led_nowhere = follows and cursor in (None, after)
            after = cursor or after
            yield items, after, skipped
            if led_nowhere:
                asked = Asked(NAME, operation, False, self._clock.now())
                raise asked.later("paging", "Facebook promised a next page and did not lead there.")

    def _own_posts(self, operation: str, since: datetime, fields: str, read: Callable[[Json], T]) -> Iterator[T]:
        path = f"{self._page}/published_posts"
        begin = int(since.timestamp())
        for posts, _, skipped in self._pages(operation, path, read, fields=fields, since=begin, limit=100):
            yield from posts
            if skipped:
                asked = Asked(NAME, operation, False, self._clock.now())
                raise asked.later("unreadable", "One of the Page's own posts cannot be read.")

    def _comment(self, platform_id: str, comment_id: str) -> Heard | TryLater | None:
        """One comment; None when Facebook says that there is none, or that it is not for us to see; the error when
        what it says of this one cannot be read."""
        send = partial(self._get, comment_id, fields=_COMMENT_FIELDS)
        try:
            return self._ask("recheck", send, lambda comment: answers.heard(comment, platform_id, self._page))
        except Refused as refused:
            if refused.reason != "gone":
                raise
            return None
        except TryLater as error:
            if error.code != "unreadable":
                raise
            return error

    def _comments(self, platform_id: str, reached: Reached) -> Iterator[HeardPage]:
        def read(comment: Json) -> Heard:
            return answers.heard(comment, platform_id, self._page)

        pages = self._pages(
            "listen",
            f"{platform_id}/comments",
            read,
            filter="stream",
            order="chronological",
            fields=_COMMENT_FIELDS,
            limit=100,
            after=reached.after,
            since=reached.since,
        )
        for items, after, skipped in pages:
            if items or skipped:
                # A moment that is long to come would hide all until then, once reading goes on by time.
                latest = self._clock.now() + timedelta(days=1)
                times = [min(item.created_at, latest) for item in items]
                reached = reached.past(after, max(times, default=None))
                yield HeardPage(tuple(items), str(reached), skipped)

    def _refuse_what_cannot_go(self, draft: Draft) -> None:
        asked = Asked(NAME, "publish", True, self._clock.now())
        if self.count(draft) > self.limits.text:
            raise asked.refused("", f"The text is longer than {self.limits.text:,} characters.", "too_long")
        if len(draft.pictures) > self.limits.images:
            raise asked.refused("", f"Facebook takes {self.limits.images} pictures in one post.", "too_many_pictures")
        for picture in draft.pictures:
            if len(picture.content) > self.limits.image_bytes:
                raise asked.refused(
                    "", "A picture is larger than 10 MB, the most that Facebook takes.", "picture_too_large"
                )
            if len(picture.alt_text) > self.limits.alt_text:
                raise asked.refused("", "A picture's description is longer than 1,000 characters.", "alt_text_too_long")

    def _upload(self, picture: Picture) -> str:
        """Bring a picture to the Page, unseen.  Returns its id. Readers see nothing of this step, so a failure here
        always means that nothing happened."""
        send = partial(
            self._graph.put_photo,
            ("picture", io.BytesIO(picture.content), picture.mime),
            f"{self._page}/photos",
            published=False,
            alt_text_custom=picture.alt_text or None,
        )
        try:
            return self._ask("publish", send, lambda photo: str(photo["id"]), writes=True)
        except OutcomeUnknown as unknown:
            detail = "A picture could not be brought to Facebook. Nothing was published."
            raise TryLater(NAME, "publish", unknown.code, detail) from None


def _message(draft: Draft) -> str:
    """The text, and the link too where it cannot be attached: a post shows either pictures or a link."""
    return with_link(draft.text, draft.link) if draft.pictures else draft.text
