"""The alert service as a channel: an alert is a post, and residents who signed up are its network (R30).

`base.py` says that a channel never touches the database. This is the one that does, because here the database is the
network: publishing leaves one message for each resident, and `social.alerts.sending` carries them out later. What other
channels ask of a server is asked here of our own tables, each time in a transaction of its own and never within the
caller's. A database that cannot be used is this network out of reach: TryLater, or OutcomeUnknown where it broke off
while the last word was being written; the entry's key makes a second try the same mailing.

What it promises: published means that every resident's message is recorded, not that it has arrived. Taken back means
that none leaves any more and that those who got it are told so (`social.alerts.stopping`)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from social.accounts import Account
from social.alerts.addresses import bare_address
from social.alerts.answer_letter import find_answer, open_answer
from social.alerts.contacts import clean_email
from social.alerts.links import public_base
from social.alerts.mailings import Mailing, MailingPicture
from social.alerts.opening import Words, mailing_with, open_mailing
from social.alerts.pictures import keep_picture
from social.alerts.residents import Resident, ResidentState
from social.alerts.stopping import take_back
from social.channels.base import (
    Capabilities,
    Draft,
    Glanced,
    HeardPage,
    Limits,
    Measured,
    PastPost,
    Profile,
    Published,
    Rechecked,
)
from social.channels.canonical import canonical, with_link
from social.channels.leaving import too_late_to_leave
from social.context import Context
from social.database_trouble import DatabaseTrouble
from social.errors import InputError, NeedsPerson, OutcomeUnknown, Refused, TryLater, Unsupported

NAME = "alert"
LONGEST_SUBJECT = 100
"""Characters; more is cut by telephones before it says anything."""
SAME_TEXT_FOR = timedelta(hours=24)
"""So long the same words are not sent again, as on the other networks."""


class AlertChannel:
    """One sender address of the alert service.

    context: None for a channel that only counts and knows its limits."""

    name = NAME
    _can = Capabilities(
        withdraws=True, finds_own_posts=True, proves_absence=True, listens=False, hears_mentions=False,
        reports_reach=False, tells_history=True, takes_images=True, takes_video=False, needs_agreement=False,
        answers=True,
    )  # fmt: skip
    limits = Limits(text=10_000, images=4, alt_text=1_000, image_bytes=2_000_000)

    def __init__(self, context: Context | None, account: Account, credentials: Mapping[str, str]) -> None:
        self._context, self._account = context, account
        self._from = credentials.get("from_address", "")
        self._credentials = credentials
        texts = bool(credentials.get("notify_api_key") and credentials.get("notify_text_template"))
        self.can = replace(self._can, texts=texts)

    def __repr__(self) -> str:
        return f"AlertChannel({self._account.name!r})"

    def count(self, draft: Draft) -> int:
        """Characters of the words and the link, as residents read them."""
        return len(with_link(draft.text, draft.link))

    def verify(self) -> Profile:
        with self._read("verify") as session:
            self._require_links("verify")
            confirmed = (
                select(func.count()).select_from(Resident).where(Resident.state == ResidentState.CONFIRMED.value)
            )
            members = session.exec(confirmed).one()
        self._require_notify()
        address = bare_address(self._from)
        return Profile(address, None, address, members, "confirmed members")

    def publish(self, draft: Draft, *, key: str) -> Published:
        if draft.after is not None:
            raise Unsupported(NAME, "go on with a thread")
        self._refuse_what_cannot_go(draft)
        assert draft.alert is not None
        context = self._opened("publish")
        self._require_links("publish")
        kept = [keep_picture(context.settings.media_folder, picture) for picture in draft.pictures]
        words = Words(draft.text, draft.link, kept)
        with self._write("publish") as session:
            if too_late_to_leave():  # the wait for other writers is over
                raise TryLater(NAME, "publish", "too_late", "Its time was over before it was recorded.")
            if mailing_with(session, self._id, key) is None:
                self._refuse_repeats(session, draft)
            try:
                mailing = open_mailing(context, session, self._id, draft.alert, words, key=key, texts=self.can.texts)
            except InputError as error:
                raise Refused(NAME, "publish", "", str(error), reason="audience") from None
            if not mailing.members:
                raise Refused(NAME, "publish", "", _nobody(mailing), reason="nobody")
            return _published(mailing)

    def find(self, draft: Draft, *, since: datetime) -> Published | None:
        with self._read("find") as session:
            for mailing in self._mailings(session, since):
                if mailing.stopped_at is None and _same(mailing, draft):
                    return _published(mailing)
        return None

    def withdraw(self, platform_id: str) -> None:
        with self._write("withdraw") as session:
            mailing = self._mailing(session, platform_id)
            if mailing is not None:
                take_back(session, mailing, self._opened("withdraw").clock.now())

    def is_live(self, platform_id: str) -> bool:
        with self._read("look") as session:
            mailing = self._mailing(session, platform_id)
            return mailing is not None and mailing.stopped_at is None

    def measure(self, platform_ids: Sequence[str]) -> Measured:
        """No figure: what became of the messages is counted beside social reach and never added to it (M08)."""
        if not platform_ids:
            return Measured((), ())
        with self._read("measure") as session:
            return Measured((), tuple(one for one in platform_ids if not _is_live(self._mailing(session, one))))

    def listen(self, platform_id: str, *, cursor: str | None, published_at: datetime) -> Iterator[HeardPage]:  # noqa: ARG002
        raise Unsupported(NAME, "listen: letters come in by the mailbox")

    def recheck(self, replies: Mapping[str, Sequence[str]]) -> Rechecked:  # noqa: ARG002
        raise Unsupported(NAME, "look again at letters: nobody takes one back")

    def reply(self, platform_id: str, text: str, *, key: str) -> Published:
        context = self._opened("reply")
        if len(text) > self.limits.text:
            raise _too_long("reply", "text", self.limits.text)
        with self._write("reply") as session:
            if too_late_to_leave():
                raise TryLater(NAME, "reply", "too_late", "Its time was over before it was recorded.")
            now = context.clock.now()
            try:
                number = open_answer(session, context.vault, self._id, platform_id, text, key, now)
            except InputError as error:
                raise Refused(NAME, "reply", "", str(error), reason="gone") from None
            return _answered(number, now)

    def find_reply(self, platform_id: str, text: str, *, since: datetime) -> Published | None:
        with self._read("find") as session:
            try:
                found = find_answer(session, self._id, platform_id, text, since)
            except InputError as error:
                raise Refused(NAME, "find", "", str(error), reason="gone") from None
        return None if found is None else _answered(*found)

    def hide(self, platform_id: str) -> None:  # noqa: ARG002
        raise Unsupported(NAME, "hide letters: nobody else sees them")

    def show(self, platform_id: str) -> None:  # noqa: ARG002
        raise Unsupported(NAME, "show letters")

    def is_hidden(self, platform_id: str) -> bool:  # noqa: ARG002
        raise Unsupported(NAME, "tell whether a letter is hidden")

    def mentions(self, *, cursor: str | None) -> Iterator[HeardPage]:  # noqa: ARG002
        raise Unsupported(NAME, "hear mentions")

    def threads(self, platform_ids: Sequence[str], *, since: datetime) -> Iterator[HeardPage]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell what is new in many threads at once")

    def unnamed(self, *, since: datetime) -> Iterator[HeardPage]:  # noqa: ARG002 - denied by its flag
        raise Unsupported(NAME, "tell what answers it without a name")

    def glance(self, *, since: datetime, until: datetime | None = None) -> Iterator[Mapping[str, Glanced]]:  # noqa: ARG002
        raise Unsupported(NAME, "tell what is new under many posts at once")

    def glance_at(self, platform_id: str) -> Glanced | None:  # noqa: ARG002
        raise Unsupported(NAME, "tell whether something is new under a post")

    def history(self, *, since: datetime) -> Iterator[PastPost]:
        with self._read("history") as session:
            past = [
                PastPost(str(one.id), with_link(one.text, one.link), one.made_at, None, _has_picture(session, one))
                for one in self._mailings(session, since)
                if one.stopped_at is None and one.erased_at is None
            ]
        yield from past

    def subscribe(self) -> None:
        raise Unsupported(NAME, "deliver by itself")

    # The network that is our own database

    @property
    def _id(self) -> int:
        assert self._account.id is not None
        return self._account.id

    def _opened(self, operation: str) -> Context:
        """Raises NeedsPerson where the account cannot send as it stands."""
        if self._context is None:
            raise Unsupported(NAME, operation)
        try:
            clean_email(bare_address(self._from))
        except InputError:
            raise NeedsPerson(
                NAME, operation, "from_address", "The sender's address of this account is no e-mail address.",
                action="Give the account credentials with a sound from_address (`beatline accounts credentials`).",
            ) from None  # fmt: skip
        return self._context

    def _require_links(self, operation: str) -> None:
        """Nothing is sent that residents could not leave by a link (R30)."""
        try:
            public_base(self._opened(operation))
        except InputError as error:
            raise NeedsPerson(NAME, operation, "public_address", "Residents could not open a link.",
                              action=str(error)) from None  # fmt: skip

    def _require_notify(self) -> None:
        """Raises NeedsPerson where the account has a key of GOV.UK Notify that is not taken, or templates that are not
        those that are needed."""
        if not self._credentials.get("notify_api_key"):
            return
        from social.alerts.notify_client import NotifyClient

        context = self._opened("verify")
        NotifyClient(self._credentials, self._account.base_url, context.settings, context.clock).require_templates()

    @contextmanager
    def _read(self, operation: str) -> Iterator[Session]:
        context = self._opened(operation)
        try:
            with context.database.read() as session:
                yield session
        except DatabaseTrouble as error:
            raise TryLater(NAME, operation, "", str(error)) from None

    @contextmanager
    def _write(self, operation: str) -> Iterator[Session]:
        context, over = self._opened(operation), False
        sent_at = context.clock.now()
        try:
            with context.database.write() as session:
                yield session
                over = True
        except DatabaseTrouble as error:
            if over:
                raise OutcomeUnknown(NAME, operation, "", str(error), sent_at=sent_at) from None
            raise TryLater(NAME, operation, "", str(error)) from None

    def _mailing(self, session: Session, platform_id: str) -> Mailing | None:
        if not platform_id.isascii() or not platform_id.isdecimal() or len(platform_id) > 9:
            return None
        found = session.get(Mailing, int(platform_id), populate_existing=True)
        return found if found is not None and found.account_id == self._id else None

    def _mailings(self, session: Session, since: datetime) -> list[Mailing]:
        """Alerts of this account from then on, newest first; corrections are none."""
        query = select(Mailing).where(
            Mailing.account_id == self._id, col(Mailing.made_at) >= since, col(Mailing.corrects_id).is_(None)
        )
        return list(session.exec(query.order_by(col(Mailing.made_at).desc(), col(Mailing.id).desc())))

    def _refuse_what_cannot_go(self, draft: Draft) -> None:
        alert = draft.alert
        if alert is None or not alert.subject.strip():
            detail = "An alert needs a subject, a topic and an area. Write them with the post."
            raise Refused(NAME, "publish", "", detail, reason="no_audience")
        if self.count(draft) > self.limits.text:
            raise _too_long("publish", "text", self.limits.text)
        if len(alert.subject) > LONGEST_SUBJECT:
            raise _too_long("publish", "subject", LONGEST_SUBJECT)
        if len(draft.pictures) > self.limits.images:
            detail = f"At most {self.limits.images} pictures can go."
            raise Refused(NAME, "publish", "", detail, reason="too_many_pictures")

    def _refuse_repeats(self, session: Session, draft: Draft) -> None:
        assert self._context is not None
        since = self._context.clock.now() - SAME_TEXT_FOR
        if any(one.stopped_at is None and _same(one, draft) for one in self._mailings(session, since)):
            raise Refused(NAME, "publish", "", "Residents have the same words already.", reason="duplicate")


def _published(mailing: Mailing) -> Published:
    return Published(str(mailing.id), None, mailing.made_at)


def _nobody(mailing: Mailing) -> str:
    if mailing.skipped:
        return "All of its residents have been told as often as may be in a week (alerts_per_week)."
    return "Nobody of its audience would be told. Choose other areas, another topic or other groups."


def _answered(number: int, at: datetime) -> Published:
    return Published(f"answer-{number}", None, at)


def _too_long(operation: str, what: str, most: int) -> Refused:
    return Refused(NAME, operation, "", f"The {what} is longer than {most:,} characters.", reason="too_long")


def _same(mailing: Mailing, draft: Draft) -> bool:
    return canonical(with_link(mailing.text, mailing.link)) == canonical(with_link(draft.text, draft.link))


def _is_live(mailing: Mailing | None) -> bool:
    return mailing is not None and mailing.stopped_at is None


def _has_picture(session: Session, mailing: Mailing) -> bool:
    return (
        session.exec(select(MailingPicture.position).where(MailingPicture.mailing_id == mailing.id)).first() is not None
    )
