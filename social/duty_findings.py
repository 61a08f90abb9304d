"""What `beatline doctor` and the page Today say of duty: whom an emergency would reach, and which accounts are watched."""

from collections.abc import Iterator
from datetime import datetime
from shlex import quote

from sqlmodel import Session

from social.account_changes import on_practice
from social.accounts import list_accounts
from social.context import Context
from social.doctor import Finding, Level
from social.duty import contact_lists, has_contact, hours_of
from social.duty_rules import REPEAT
from social.duty_seen import open_emergencies

NOBODY = (
    "Nobody is set as duty contact for the whole force: an emergency in a reply goes to corporate communications only."
)
SET_ONE = "Set one with `beatline duty set EMAIL`, or on the page Accounts and health."


def findings(context: Context) -> Iterator[Finding]:
    """Duty contacts, watched hours, emergencies that nobody has seen."""
    with context.database.read() as session:
        accounts = list_accounts(session)
        if not accounts:
            return
        yield from _of_contacts(session, real=not all(on_practice(one.channel, one.base_url) for one in accounts))
        hours = hours_of(session, [account.id or 0 for account in accounts])
        for account in accounts:
            if account.id not in hours:
                what = f"Nobody has said when '{account.name}' is watched: leads there are told to the duty contact at any hour."
                yield Finding(
                    Level.NOTE, what, f"Run `beatline duty hours {quote(account.name)} 'mon-fri 08:00-17:00'`."
                )
        yield from _of_emergencies(session, context.clock.now(), mails=bool(context.settings.smtp_host))


def _of_contacts(session: Session, *, real: bool) -> Iterator[Finding]:
    if has_contact(session):
        count = sum(len(area.contacts) for area in contact_lists(session))
        yield Finding(Level.OK, f"{count} duty {'contact' if count == 1 else 'contacts'} set.")
        return
    yield Finding(
        Level.WRONG if real else Level.NOTE, NOBODY,
        f"{SET_ONE} Until then no account may be set to accept direct messages (R16); Beatline reads none yet.",
    )  # fmt: skip


def _of_emergencies(session: Session, now: datetime, *, mails: bool) -> Iterator[Finding]:
    unseen = open_emergencies(session)
    if not unseen:
        return
    count = f"{len(unseen)} {'emergency' if len(unseen) == 1 else 'emergencies'} that nobody has seen."
    advice = "`beatline duty list` shows them; `beatline duty seen NUMBER` says what came of one."
    if not mails:
        yield Finding(
            Level.WRONG, f"{count} No mail server is set, so nobody is told by mail.", f"Set smtp_host. {advice}"
        )
    else:
        late = any(not one.told and now - one.opened_at > REPEAT for one in unseen)
        said = f"{count} Of some nobody could be told: is the worker at work?" if late else count
        yield Finding(Level.WRONG if late else Level.NOTE, said, advice)
