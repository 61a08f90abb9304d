"""Where GOV.UK Notify tells what became of messages: POST /hooks/notify, with the account's bearer token.

Which account it is about, the token says. A receipt that comes twice, late, or about a message that is none of ours
changes nothing and is taken all the same: Notify repeats what is not."""

import hmac
import json
import re
from collections.abc import Callable

from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from social.accounts import Account
from social.alerts.notify_client import Notified
from social.alerts.receipt_looking import settle
from social.context import Context
from social.errors import BeatlineError
from social.web.public_body import read_body

HOOK = "/hooks/notify"
MOST_BYTES = 20_000
TOKENS_FOR = 60.0
"""Seconds for which the accounts' tokens are known without a look: a guesser costs no database."""
_ID = re.compile(r"[0-9a-f-]{36}")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def routes(open_: Callable[[], Context]) -> list[BaseRoute]:
    """The one address, for `social.web.public`."""
    tokens = _Tokens(open_)

    async def told(request: Request) -> Response:
        """200 for whatever carries the right token, 403 for all else, 404 while no account has one."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        known = await run_in_threadpool(tokens.known)
        if not known:
            return _said(404, "Nothing is taken here.")
        account_id = _whose(known, given.strip()) if scheme.lower() == "bearer" else None
        if account_id is None:
            return _said(403, "The token is not ours.")
        receipt = _receipt(await read_body(request, MOST_BYTES))
        if receipt is not None:
            await run_in_threadpool(_settled, open_(), account_id, receipt)
        return _said(200, "")

    return [Route(HOOK, told, methods=["POST"])]


class _Tokens:
    """The accounts' tokens, looked up once a minute."""

    def __init__(self, open_: Callable[[], Context]) -> None:
        self._open = open_
        self._known: dict[int, bytes] = {}
        self._until: float | None = None

    def known(self) -> dict[int, bytes]:
        """Account -> token, of the accounts that have one."""
        context = self._open()
        now = context.clock.now().timestamp()
        if self._until is None or not self._until - TOKENS_FOR <= now < self._until:
            self._known, self._until = _tokens(context), now + TOKENS_FOR
        return self._known


def _tokens(context: Context) -> dict[int, bytes]:
    found = {}
    with context.database.read() as session:
        accounts = session.exec(select(Account.id, Account.credentials_sealed).where(Account.channel == "alert")).all()
    for account_id, sealed in accounts:
        try:
            token = context.vault.open(sealed).get("notify_callback_token")
        except BeatlineError:
            continue
        if token and account_id is not None:
            found[account_id] = token.encode()
    return found


def _whose(known: dict[int, bytes], given: str) -> int | None:
    """The account of the token. Every one is compared in full, whichever fits."""
    whose = None
    for account_id, token in known.items():
        if hmac.compare_digest(token, given.encode("utf-8", "replace")):
            whose = account_id
    return whose


def _receipt(body: bytes) -> Notified | None:
    """The receipt that the body is; None for one that cannot be read: repeated, it would not be better."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    parts = [given.get(name) for name in ("id", "reference", "status")]
    number, reference, status = (part if isinstance(part, str) and len(part) <= 1000 else "" for part in parts)
    return Notified(number, reference, status) if _ID.fullmatch(number) else None


def _settled(context: Context, account_id: int, receipt: Notified) -> None:
    with context.database.write() as session:
        settle(session, account_id, receipt, context.clock.now())


def _said(status: int, words: str) -> Response:
    return PlainTextResponse(words, status, headers=_HEADERS)
