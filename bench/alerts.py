"""How fast an alert reaches 32,000 residents by mail, beside a plain program that hands over the same messages one after
another; and whether everybody gets it once when the worker is killed ten times meanwhile.

Where Dovecot is installed it serves a folder of what the mail server took, and the worker looks there for what nobody
knows; everything is counted at the mail server, not by what the worker believes."""

import os
import signal
import smtplib
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import col, func, select

from bench.filling import home
from bench.lines import Line
from bench.mail_sink import Got, sink
from bench.processes import BEATLINE, ROOT, environment
from social.accounts import Account
from social.alerts.carriers import Parcel
from social.alerts.contacts import Contact, email_key, seal
from social.alerts.mailings import Mailing, Message
from social.alerts.messages import new_token
from social.alerts.residents import Resident
from social.alerts.sending_parcels import prepare
from social.alerts.sent_folder import FOUND
from social.alerts.smtp_carrier import SmtpCarrier
from social.context import Context
from social.mail_password import LETTERBOX, keep_password
from social.upsert import table_of
from tests.mail_servers import MailServers, missing

RESIDENTS, KILLS = 32_000, 10
LEAST_RATIO, MOST_GROWTH = 0.8, 15
FROM = "alerts@woldershire.example"
TEXT = (
    "Three sheds were broken into in Marlpit End between Friday evening and Saturday morning, and hand tools were taken. "
    "If you saw anybody carrying tools along the canal path, please tell us.\n\nLock your shed, note serial numbers, and "
    "mark what you can."
)
_PATIENCE = 600.0


@dataclass(frozen=True)
class Sent:
    """seconds: from the first message that the sink took to the last.  got: what it took.  deaths: workers killed.
    memory: MiB that the worker had when a tenth was out, and at the end.  found, again: messages of which nobody knew,
    found in the folder, and sent once more.  unknown: numbers of those of which nobody knows at the end."""

    seconds: float
    got: Got
    deaths: int
    memory: tuple[float, float]
    found: int = 0
    again: int = 0
    unknown: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Filing:
    """servers: with Dovecot among them.  address: of the mailbox whose folder it serves."""

    servers: MailServers
    address: str

    @property
    def folder(self) -> Path:
        return self.servers.folder / "mail" / self.address / ".Accepted"

    @property
    def settings(self) -> dict[str, object]:
        return {"imap_host": "localhost", "imap_port": self.servers.imaps_port, "imap_security": "tls",
                "imap_ca_file": str(self.servers.ca_file), "imap_user": self.address, "imap_sent_folder": "Accepted",
                "imap_sent_wait": 10}  # fmt: skip


def measure(residents: int = RESIDENTS, kills: int = KILLS) -> Iterator[Line]:
    """Every line, as soon as it is known."""
    with tempfile.TemporaryDirectory() as scratch:
        plain = _plain(Path(scratch) / "plain", residents)
        ours = _sent(Path(scratch) / "ours", residents, 0)
        _require_once(ours, residents)
        rate, plain_rate = residents / ours.seconds, residents / plain
        yield Line(f"an alert by mail to {residents:,}", rate, "a second", None, "a plain loop of smtplib", plain_rate)
        yield Line("  as a part of the plain loop's rate", rate / plain_rate, "ratio", LEAST_RATIO)
        first, last = ours.memory
        yield Line("  the worker's memory at the end", last, "MiB", None, "when a tenth was out", first)
        yield Line("  by how much it grew", (last / first - 1) * 100, "%", MOST_GROWTH)
        with _filing() as filing:
            struck = _sent(Path(scratch) / "struck", residents, kills, filing)
            yield from _struck(struck, residents, looked=filing is not None)


def _struck(sent: Sent, residents: int, *, looked: bool) -> Iterator[Line]:
    times = Counter(Counter(address for address, _ in sent.got.elements()).values())
    none = residents - sum(times.values())
    named = len(sent.unknown - {number(message_id) for _, message_id in sent.got})
    yield Line(f"the same, the worker killed {sent.deaths} times", residents / sent.seconds, "a second")
    yield Line("  residents with exactly one message", times[1], "")
    yield Line("  residents with two or more", sum(n for count, n in times.items() if count > 1), "wrong", 1)
    yield Line("  residents with none, and not named to a person", none - named, "wrong", 1)
    if looked:
        before = sent.found + sent.again + len(sent.unknown)
        yield Line("  residents with none", none, "wrong", 1)
        yield Line("  messages unknown before the look", before, "")
        yield Line("    found in the folder of what was taken", sent.found, "")
        yield Line("    not there, and sent again", sent.again, "")
        yield Line("  messages unknown after it", len(sent.unknown), "wrong", 1)
    else:
        yield Line("  messages named to a person, as nobody knows", len(sent.unknown), "")
        yield Line("  (without Dovecot there is no folder to look in)", nan, "")


@contextmanager
def _filing() -> Iterator["Filing | None"]:
    """A real Dovecot with a mailbox and its folder; None where it cannot be started."""
    if missing() is not None:
        yield None
        return
    servers = MailServers()
    servers.start()
    try:
        yield Filing(servers, servers.filing_mailbox())
    finally:
        servers.remove()


def _require_once(sent: Sent, residents: int) -> None:
    addresses = Counter(address for address, _ in sent.got.elements())
    if len(addresses) != residents or set(addresses.values()) != {1}:
        raise RuntimeError(f"{len(addresses)} of {residents} got it, at most {max(addresses.values())} times")


def number(message_id: str) -> int:
    return int(message_id.split(".")[1])


def fill(context: Context, residents: int) -> None:
    """An alert that waits to be sent to so many, in bulk: opening an alert is not what is measured."""
    now = context.clock.now()
    with context.database.write() as session:
        account = Account(name="alerts", channel="alert", added_at=now, verified_at=now,
                          credentials_sealed=context.vault.seal({"from_address": FROM}))  # fmt: skip
        session.add(account)
        session.flush()
        assert account.id is not None
        mailing = Mailing(account_id=account.id, key="bench", subject="Sheds broken into in Marlpit End", text=TEXT,
                          topic="burglary", audience="{}", members=residents, made_at=now)  # fmt: skip
        session.add(mailing)
        session.flush()
        addresses = [f"resident{n}@example.org" for n in range(1, residents + 1)]
        session.connection().execute(insert(table_of(Resident)), [
            {"id": n, "state": "confirmed", "contact_sealed": seal(context.vault, Contact(address)),
             "email_key": email_key(context.vault, address), "consent_at": now, "consent_source": "website",
             "joined_at": now, "confirmed_at": now, "changed_at": now}
            for n, address in enumerate(addresses, start=1)
        ])  # fmt: skip
        session.connection().execute(insert(table_of(Message)), [
            {"account_id": account.id, "resident_id": n, "kind": "alert", "way": "email", "mailing_id": mailing.id,
             "token": new_token(), "made_at": now, "due_at": now}
            for n in range(1, residents + 1)
        ])  # fmt: skip


def _settings(port: int) -> dict[str, object]:
    return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "settle": 2,
            "public_address": "https://alerts.woldershire.example"}  # fmt: skip


def _plain(folder: Path, residents: int) -> float:
    """Seconds in which a loop over one connection hands over the same messages, written beforehand as far as ours are."""
    with sink() as server:
        context = home(folder, **_settings(server.port))
        fill(context, residents)
        carrier, parcels = _parcels(context)
        with smtplib.SMTP("127.0.0.1", server.port) as connection:
            begun = time.perf_counter()
            for parcel in parcels:
                connection.sendmail(FROM, [parcel.to], carrier.written(parcel))
            seconds = time.perf_counter() - begun
        assert server.taken == residents
        context.database.close()
    return seconds


def _parcels(context: Context) -> tuple[SmtpCarrier, list[Parcel]]:
    with context.database.read() as session:
        account = session.exec(select(Account)).one()
        held = {number: 0 for number in session.exec(select(Message.id)) if number is not None}
    parcels: list[Parcel] = []
    numbers = list(held)
    for start in range(0, len(numbers), 500):
        parcels += prepare(context, dict.fromkeys(numbers[start : start + 500], 0)).parcels
    return SmtpCarrier(context, account), parcels


def _sent(folder: Path, residents: int, kills: int, filing: Filing | None = None) -> Sent:
    """The worker at it, killed so many times at even distances."""
    with sink(filing.folder if filing is not None else None) as server:
        settings = _settings(server.port) | (filing.settings if filing is not None else {})
        context = home(folder, **settings)
        fill(context, residents)
        if filing is not None:
            with context.database.write() as session:
                keep_password(session, context.vault, filing.servers.passwords[filing.address], LETTERBOX)
        given = {f"BEATLINE_{name.upper()}": str(value) for name, value in settings.items()}
        env = environment(folder) | given | {"BEATLINE_KEY": "k" * 40}
        deaths, begun, ended, memory = 0, 0.0, 0.0, [0.0, 0.0]
        until = time.perf_counter() + _PATIENCE
        worker = _start(env)
        try:
            while _open(context):
                if time.perf_counter() > until:
                    raise RuntimeError(f"only {server.taken} of {residents} are out")
                taken = server.taken
                begun = begun or (time.perf_counter() if taken else 0.0)
                ended = time.perf_counter() if taken >= residents - deaths * 8 and not ended else ended
                if taken >= residents // 10 and not memory[0]:
                    memory[0] = _memory(worker)
                memory[1] = _memory(worker) or memory[1]
                if deaths < kills and taken > (deaths + 1) * residents // (kills + 1):
                    os.kill(worker.pid, signal.SIGKILL)
                    worker.wait()
                    deaths += 1
                    worker = _start(env)
                time.sleep(0.05)
        finally:
            worker.kill()
            worker.wait()
        with context.database.read() as session:
            found = len(session.exec(select(Message.id).where(Message.detail == FOUND)).all())
            again = len(session.exec(select(Message.id).where(Message.state == "sent", Message.tries > 1)).all())
            unknown = {one for one in session.exec(select(Message.id).where(Message.state == "unknown")) if one}
        context.database.close()
        seconds = (ended or time.perf_counter()) - begun
        return Sent(seconds, server.close(), deaths, (memory[0], memory[1]), found, again, unknown)


def _start(env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*BEATLINE, "worker"], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def _memory(process: "subprocess.Popen[bytes]") -> float:
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def _open(context: Context) -> int:
    with context.database.read() as session:
        query = select(func.count()).select_from(Message).where(col(Message.state).in_(["waiting", "sending"]))
        return session.exec(query).one()


if __name__ == "__main__":
    import sys

    for line in measure(*map(int, sys.argv[1:])):
        print(line, flush=True)
