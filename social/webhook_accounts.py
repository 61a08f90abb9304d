"""Has a network tell our public address of what is new on an account."""

from social import account_events, audit
from social.account_events import What
from social.accounts import account_named
from social.context import Context
from social.errors import InputError
from social.staff import Action, Person, require


def subscribe_account(context: Context, name: str, by: Person) -> None:
    """Ask the account's network to deliver.  Where to is set once, in the network's own pages for the app.

    Raises NotAllowed, InputError where nothing could be delivered, and the channel's errors."""
    with context.database.read() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        account = account_named(session, name)
    channel = context.channel(account)
    if not channel.can.delivers:
        raise InputError(f"The network of '{name}' delivers nothing by itself; it is looked at on time anyway.")
    if not (context.settings.facebook_app_secret and context.settings.webhook_token):
        raise InputError(
            "Deliveries are checked with the app's secret. Set BEATLINE_FACEBOOK_APP_SECRET and "
            "BEATLINE_WEBHOOK_TOKEN first, and start `beatline web`."
        )
    channel.subscribe()
    with context.database.write() as session:
        require(session, by, Action.MANAGE_ACCOUNTS)
        now = context.clock.now()
        audit.record(session, now, actor=by, action="subscribe account", subject=("account", account.id or 0))
        account_events.note(
            session, account.id or 0, now, What.DELIVERS, "The network tells us of what is new by itself."
        )
