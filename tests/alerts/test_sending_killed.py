"""A sender killed at every step: each resident gets the alert once, counted at the mail server; `make bench` does the same
with 32,000 residents and the worker itself."""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from social.alarms import Alarm
from social.alerts.addresses import messages_in
from social.alerts.sent_folder import FOUND
from social.context import Context
from social.mail_password import LETTERBOX, keep_password
from tests.alerts.helpers import a_resident
from tests.alerts.killed_senders import POINTS
from tests.alerts.post_office import a_mailing, messages_of, open_office, residents_of
from tests.mail_servers import MailServers
from tests.social.mail_server import MailServer

ROOT = Path(__file__).parent.parent.parent
RESIDENTS = {"sqlite": 300, "postgresql": 90}
STRIKES = {"sqlite": tuple(POINTS), "postgresql": ("taken in hand", "inside the record", "half of them left")}
NEVER_LEFT = 1
"""Of the sender that dies between noting that a message leaves and the dot that lets it leave, which is microseconds."""


def test_each_resident_gets_the_alert_once_wherever_the_sender_is_killed(context: Context) -> None:
    chance = random.Random(8)
    kind = context.database.url.get_backend_name()
    residents, points = RESIDENTS[kind], STRIKES[kind]
    strikes = [f"{point}:{chance.randint(1, 3)}" for point in points] + [f"after:{chance.uniform(0.02, 0.2):.3f}"]
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, residents))
        died = run(context, server.port, strikes)
        got = Counter(envelope.rcpt_tos[0] for envelope in server.envelopes)
        heard_of = {number for mail in server.taken for number, _ in messages_in(mail["Message-ID"])}
    assert died >= len(points)
    messages = messages_of(context, mailing)
    unknown = {message.id for message in messages if message.state == "unknown"}
    assert {message.state for message in messages} == {"sent", "unknown"}
    assert set(got.values()) == {1}
    assert {message.id for message in messages} - heard_of <= unknown
    assert len(got) >= residents - NEVER_LEFT
    assert len(unknown) <= 4 * 8
    with context.database.read() as session:
        (alarm,) = session.exec(select(Alarm)).all()
    assert alarm.text.startswith(f"Of {len(unknown)} messages of alert {mailing} nobody knows")
    assert not list((context.settings.home / "sending").glob("*"))


@pytest.mark.sqlite_only
def test_where_the_server_files_what_it_took_every_resident_gets_it_exactly_once(
    context: Context, mail: MailServers
) -> None:
    """A real Postfix takes it and Dovecot files it; what the senders' deaths left unknown is settled by a look."""
    chance, residents = random.Random(9), 60
    filed, sink = mail.filing_mailbox(), mail.new_mailbox("resident")
    account = open_office(context, mail.smtp_port)
    with context.database.write() as session:
        account.credentials_sealed = context.vault.seal({"from_address": filed})
        session.add(account)
        keep_password(session, context.vault, mail.passwords[filed], LETTERBOX)
    addresses = [sink.replace("@", f"+{number}@") for number in range(residents)]
    mailing = a_mailing(context, account, [a_resident(context, email=address) for address in addresses])
    strikes = [f"{point}:{chance.randint(1, 2)}" for point in POINTS]
    folder = {"IMAP_HOST": "localhost", "IMAP_PORT": mail.imaps_port, "IMAP_CA_FILE": mail.ca_file, "IMAP_USER": filed,
              "IMAP_SENT_FOLDER": "Accepted", "IMAP_SENT_WAIT": 0.5}  # fmt: skip
    assert run(context, mail.smtp_port, strikes, **folder) == len(POINTS)
    got = Counter(str(letter["To"]) for letter in mail.letters(sink, at_least=residents))
    assert got == Counter(addresses)
    messages = messages_of(context, mailing)
    assert {message.state for message in messages} == {"sent"}
    assert FOUND in {message.detail for message in messages}, "some of them were unknown until the look"
    assert max(message.tries for message in messages) == 2, "and one was not there and sent again"
    with context.database.read() as session:
        assert session.exec(select(Alarm)).all() == []


def run(context: Context, port: int, strikes: list[str], **more: object) -> int:
    """Let senders die so.  more: other settings.  Returns how many did."""
    settings = {"HOME": context.settings.home, "KEY": context.settings.key, "DATABASE_URL": context.settings.database_url,
                "SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_SECURITY": "none", "SETTLE": 0.01,
                "PUBLIC_ADDRESS": "https://alerts.woldershire.example", **more}  # fmt: skip
    environment = {f"BEATLINE_{name}": str(value) for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.alerts.killed_senders", *strikes], cwd=ROOT, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.count("died")
