"""Renews credentials that end, once, whoever asks for it.

X's refresh tokens are good for one use: each renewal brings a new one, and a second use of the old one ends them all.
So one worker renews, under a lease in the database, and the others wait and take the new ones. What was renewed is
sealed and stored before anybody uses it. Facebook's Page tokens have no such way: they last until something ends them,
and then a person makes a new one."""

import base64
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from uuid import uuid4

from sqlmodel import Field, Session, SQLModel, col, update

from social import account_events
from social.account_events import What
from social.accounts import Account, AccountState
from social.channels.transport import Asked, Door, judge_exception
from social.context import Context
from social.database import UTCDateTime
from social.errors import NeedsPerson, OutcomeUnknown, TryLater
from social.upsert import insert_into

PATH = "/2/oauth2/token"
SOON = timedelta(minutes=2)
"""A token that ends within this time is renewed before it is used."""
WAIT_FOR_OTHERS = 20.0
"""Seconds to wait for another worker's renewal before the request is put off."""
PAUSE = 0.1
MOST_TRIES = 2
"""A renewal of which nobody knows what came of it is tried once more: if the network had carried it out, the account is
lost either way; if it had not, this saves it."""
ACTION = "Connect the account again: give new credentials to `beatline accounts verify`."


class TokenRenewal(SQLModel, table=True):
    """Who renews an account's token.  holder, lease_until: None when nobody does.  tries: of the present renewal that
    may have reached the network.  renewed_at: the last that succeeded."""

    __tablename__ = "token_renewal"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    holder: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    tries: int = 0
    renewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


def begin_anew(session: Session, account_id: int) -> None:
    """The account has other credentials: what came of renewing the old ones says nothing of these."""
    row = update(TokenRenewal).where(col(TokenRenewal.account_id) == account_id)
    session.exec(row.values(holder=None, lease_until=None, tries=0))


class Answer(Enum):
    """How a renewal that brought no token ended."""

    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FixedToken:
    """The bearer of credentials that are not stored yet: nothing is renewed while they are only tried."""

    access_token: str = field(repr=False)

    def token(self) -> str:
        return self.access_token

    def renewed(self, used: str) -> bool:  # noqa: ARG002 - part of the protocol
        return False


@dataclass
class RenewedToken:
    """The bearer of one account.  address: where its network answers.  pause: passes seconds while another renews."""

    context: Context
    account: Account
    address: str
    pause: Callable[[float], None] = time.sleep
    _known: dict[str, str] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self) -> str:
        """The access token; renewed first when it is known to end soon.  Raises TryLater or NeedsPerson."""
        known = self._credentials()
        ends = known.get("expires_at")
        if ends is not None and datetime.fromisoformat(ends) - self.context.clock.now() < SOON:
            known = self._renew(known["access_token"])
        return known["access_token"]

    def renewed(self, used: str) -> bool:
        """The network did not take `used`: get another.  Raises TryLater or NeedsPerson when none is to be had."""
        return self._renew(used)["access_token"] != used

    def _credentials(self) -> dict[str, str]:
        if not self._known:
            self._known = self._stored()
        return self._known

    def _stored(self) -> dict[str, str]:
        with self.context.database.read() as session:
            return self.context.vault.open(session.get_one(Account, self._id).credentials_sealed)

    def _renew(self, used: str) -> dict[str, str]:
        with self._lock:  # the threads of this process come one after another; the lease is for the other processes
            self._known = self._renewed_by_somebody(used)
            return self._known

    def _renewed_by_somebody(self, used: str) -> dict[str, str]:
        holder, waited = uuid4().hex, 0.0
        while True:
            stored = self._stored()
            if stored["access_token"] != used:
                return stored
            if self._take_lease(holder):
                stored = self._stored()  # somebody may have finished between the look and the lease
                if stored["access_token"] != used:
                    self._drop_lease(holder)
                    return stored
                return self._ask(holder, stored)
            if waited >= WAIT_FOR_OTHERS:
                raise self._asked().later("token", "Another worker is renewing the account's token. Nothing was sent.")
            self.pause(PAUSE)
            waited += PAUSE

    def _take_lease(self, holder: str) -> bool:
        """Become the one who renews, recorded before the request leaves.  False: another has it."""
        settings, lost = self.context.settings, None
        with self.context.database.write() as session:
            now = self.context.clock.now()
            row = insert_into(session, TokenRenewal).values(account_id=self._id, tries=0).on_conflict_do_nothing()
            session.connection().execute(row)
            known = session.get_one(TokenRenewal, self._id, with_for_update=True)
            if known.holder is not None and known.lease_until is not None and known.lease_until > now:
                return False
            if known.tries >= MOST_TRIES:
                lost = self._lost(session, "Nobody knows what came of the last renewals.")
            else:
                known.holder, known.tries = holder, known.tries + 1
                known.lease_until = now + timedelta(seconds=settings.connect_timeout + settings.read_timeout + 10)
                session.add(known)
        if lost is not None:
            raise lost
        return True

    def _drop_lease(self, holder: str, **values: object) -> None:
        with self.context.database.write() as session:
            self._give_up_lease(session, holder, tries=0, **values)

    def _give_up_lease(self, session: Session, holder: str, **values: object) -> bool:
        """Whether this holder still had the lease."""
        row = update(TokenRenewal).where(col(TokenRenewal.account_id) == self._id, col(TokenRenewal.holder) == holder)
        return session.exec(row.values(holder=None, lease_until=None, **values)).rowcount == 1

    def _ask(self, holder: str, stored: Mapping[str, str]) -> dict[str, str]:
        asked = self._asked()
        door = Door(self.address, self.context.settings)
        basic = base64.b64encode(f"{stored['client_id']}:{stored['client_secret']}".encode()).decode()
        form = {"grant_type": "refresh_token", "refresh_token": stored["refresh_token"]}
        try:
            answer = door.post(f"{door.base_url}{PATH}", data=form, headers={"Authorization": f"Basic {basic}"})
            fresh = _read(answer.status_code, answer.content and answer.json(), stored, self.context.clock.now())
        except Exception as error:  # whatever it was: what counts is whether the request may have arrived
            verdict = judge_exception(asked, error)
            fresh = Answer.UNKNOWN if isinstance(verdict, OutcomeUnknown) else None
        finally:
            door.close()
        if fresh is None:
            self._drop_lease(holder)
            raise asked.later("token", "The account's token could not be renewed yet. Nothing was sent.")
        if isinstance(fresh, Answer):
            raise self._failed(holder, fresh)
        return self._keep(holder, fresh)

    def _keep(self, holder: str, fresh: dict[str, str]) -> dict[str, str]:
        """Seal and store it, whoever holds the lease by now: the old one is used up."""
        with self.context.database.write() as session:
            now = self.context.clock.now()
            account = session.get_one(Account, self._id)
            account.credentials_sealed = self.context.vault.seal(fresh)
            session.add(account)
            account_events.note(session, self._id, now, What.TOKEN, "The account's token was renewed.")
            session.flush()
            self._give_up_lease(session, holder, tries=0, renewed_at=now)
        return fresh

    def _failed(self, holder: str, answer: Answer) -> TryLater | NeedsPerson:
        with self.context.database.write() as session:
            if answer is Answer.REFUSED:
                lost = self._lost(session, "The network does not renew the account's token.")
                self._give_up_lease(session, holder, tries=0)
                return lost
            self._give_up_lease(session, holder)  # the try stays counted
        return self._asked().later("token", "The renewal of the account's token broke off. Nothing was sent.")

    def _lost(self, session: Session, what: str) -> NeedsPerson:
        """The account is paused, for everything that it does needs the token; its person is told by an alarm."""
        account = session.get_one(Account, self._id)
        if account.state != AccountState.PAUSED.value:
            account.state, account.paused_reason = AccountState.PAUSED.value, f"{what} {ACTION}"
            session.add(account)
            account_events.note(session, self._id, self.context.clock.now(), What.TOKEN, what)
        return self._asked().needs("401", what, ACTION)

    def _asked(self) -> Asked:
        return Asked(self.account.channel, "renew", True, self.context.clock.now())

    @property
    def _id(self) -> int:
        assert self.account.id is not None
        return self.account.id


def _read(status: int, body: object, stored: Mapping[str, str], now: datetime) -> dict[str, str] | Answer | None:
    """The new credentials; else how it ended, None for a refusal that will pass (429)."""
    if status == 429:
        return None
    if 400 <= status < 500 and status not in (408, 409):
        return Answer.REFUSED
    if status != 200 or not isinstance(body, Mapping) or not isinstance(body.get("access_token"), str):
        return Answer.UNKNOWN
    fresh = {**stored, "access_token": body["access_token"]}
    if isinstance(body.get("refresh_token"), str):
        fresh["refresh_token"] = body["refresh_token"]
    seconds = body.get("expires_in")
    if isinstance(seconds, int) and 0 < seconds < 10**8:
        fresh["expires_at"] = (now + timedelta(seconds=seconds)).isoformat()
    return fresh
