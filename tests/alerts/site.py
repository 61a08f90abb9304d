"""`beatline web` as a browser meets it, for the tests of the pages that residents open."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from sqlmodel import select

from social.accounts import Account
from social.alerts.mailings import Message, MessageKind, Way
from social.alerts.messages import new_message
from social.alerts.residents import Resident
from social.context import Context
from social.places import PlaceKind, find_or_add_place
from social.web.public import public_app
from tests.social.web.asgi import Answer, ask

EMAIL = "sam.reed@example.org"


class Site:
    """`beatline web` as a browser meets it: one application for a whole test."""

    def __init__(self, context: Context) -> None:
        self.context, self.app = context, public_app(lambda: context)

    def get(self, address: str, **headers: str) -> Answer:
        return ask(self.app, "GET", address.removeprefix(self.context.settings.public_address), **headers)

    def post(self, address: str, client: str = "192.0.2.7", **form: str | list[str]) -> Answer:
        return ask(
            self.app, "POST", address.removeprefix(self.context.settings.public_address), client=client,
            body=urlencode(form, doseq=True).encode(), content_type="application/x-www-form-urlencoded",
        )  # fmt: skip

    def sign_up(self, client: str = "192.0.2.7", path: str = "/alerts", **changes: str | list[str]) -> Answer:
        """The form as somebody fills it in; a field changed to '' is left empty."""
        seal = re.search(r'name="form" value="([^"]+)"', self.get("/alerts").text)
        assert seal is not None
        typed = {"form": seal[1], "email": EMAIL, "topics": ["roads", "fraud"], "areas": ["2"], "within_km": "5",
                 "frequency": "daily", "ways": ["email"], "lang": "en", "quiet_from": "1320", "quiet_to": "420",
                 "groups": ["schools"], "consent": "yes"}  # fmt: skip
        return self.post(path, client, **(typed | changes))


def open_site(context: Context) -> Site:
    """The site of a force with two neighbourhoods (2 and 3) and an account that can send mail and texts."""
    context.settings = replace(context.settings, public_address="https://alerts.woldershire.example")
    credentials = {"from_address": "alerts@woldershire.example", "notify_api_key": "k"}
    with context.database.write() as session:
        force = find_or_add_place(session, "Woldershire Police", PlaceKind.FORCE)
        for name in ("Marlpit End", "Copperbeck"):
            find_or_add_place(session, name, PlaceKind.NEIGHBOURHOOD, force)
        session.add(Account(channel="alert", name="alerts", credentials_sealed=context.vault.seal(credentials),
                            added_at=context.clock.now()))  # fmt: skip
    return Site(context)


def residents(context: Context) -> list[Resident]:
    with context.database.read() as session:
        return list(session.exec(select(Resident)))


def a_message(context: Context, resident: Resident, kind: MessageKind = MessageKind.ALERT) -> Message:
    with context.database.write() as session:
        account = session.get_one(Account, 1)
        return new_message(session, account, resident, kind, Way.EMAIL, context.clock.now())


def kept(context: Context, message: Message) -> Message:
    with context.database.read() as session:
        return session.get_one(Message, message.id)
