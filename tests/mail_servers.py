"""A private Postfix and a private Dovecot for the tests: their own folder, ports of this machine alone; they end with the
test run, however it ends. No letter leaves the machine: whatever is not for `example.test` comes back.

    mail.add_mailbox("r.tester@example.test", "a password")
    settings: smtp_host "localhost", smtp_port mail.submission_port, smtp_ca_file mail.ca_file, smtp_user an address
    settings: imap_host "localhost", imap_port mail.imap_port, imap_ca_file mail.ca_file, imap_user an address
    mail.post(message)                      # as any neighbour's server would bring it, without signing in
    mail.letters("r.tester@example.test")   # what lies in the mailbox, read over IMAP

Postfix has to be started as root; `missing()` says what is not there for that."""

import contextlib
import imaplib
import itertools
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.mail_certificates import write_certificates
from tests.mail_settings import COPIES, DOVECOT, MAIN, MASTER, NEEDS_ROOT
from tests.postgresql import clear_away

DOMAIN = "example.test"
PATIENCE = 30.0
MOST_BYTES = 20_000_000
"""Of one letter; larger ones are refused with 552."""
_PREFIX = "beatline-mail-"
_UNTIL_WE_END = 'trap \'kill "$server"; kill -KILL 0\' TERM; "$@" & server=$!; wait "$server"'
"""A test run that is killed leaves no server behind: the shell is told of its end, which Postfix itself would not be, as
the kernel forgets whom to tell when a process changes its user. Dovecot would take seconds to end, so its group is killed."""
_QUEUE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")
_QUEUE_FOR_ALL = ("maildrop", "public")


class MailServers:
    """Both servers.  Every mailbox is `NAME@example.test`, and `NAME+ANYTHING@example.test` is the same mailbox.

    smtp_port: takes mail for `example.test` from anybody, as a force's server takes it from the world.
    submission_port: takes mail from those who sign in, after STARTTLS.  imap_port: after STARTTLS.  imaps_port: TLS."""

    def __init__(self) -> None:
        home = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
        clear_away(home, _PREFIX)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home))
        self.folder.chmod(0o755)
        self.ca_file = write_certificates(self.folder)
        self.passwords: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._begun, self._changes = int(time.time()), 0
        self._accounts: dict[str, int | None] = {}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._directories = _postconf("daemon_directory", "default_database_type", "mail_owner", "setgid_group")
        self.smtp_port = self.submission_port = self.imap_port = self.imaps_port = 0

    def start(self) -> None:
        """Start both on free ports.  Another process may take a port before they do: then on others."""
        for attempt in itertools.count(1):
            self.smtp_port, self.submission_port, self.imap_port, self.imaps_port = _free_ports(4)
            self._write_settings()
            self._processes = [
                self._run(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")]),
                self._run(
                    [f"{self._directories['daemon_directory']}/master", "-s", "-c", str(self.folder / "postfix")]
                ),
            ]
            try:
                for port in (self.smtp_port, self.submission_port, self.imap_port, self.imaps_port):
                    self._wait_for(port)
            except AssertionError:
                self.stop()
                if attempt == 3:
                    raise
            else:
                return

    def stop(self) -> None:
        """End both and everything they started."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(PATIENCE)
        self._processes = []

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def process_numbers(self) -> list[int]:
        """Of the two servers' main processes and of those who watch them."""
        numbers = []
        for process in self._processes:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            numbers += [process.pid, *map(int, children.split())]
        return numbers

    def add_mailbox(self, address: str, password: str = "a long password", quota: int | None = None) -> str:
        """Open a mailbox; returns its address.  quota: bytes that it holds, after which mail to it comes back."""
        assert address.endswith(f"@{DOMAIN}"), address
        self.passwords[address], self._accounts[address] = password, quota
        if self._processes:
            self._write_accounts()
        return address

    def filing_mailbox(self) -> str:
        """A mailbox of its own with the folder `Accepted`, in which Postfix files what it takes from it.  Returns its
        address."""
        address = self.new_mailbox("filed")
        with self.mailbox(address) as server:
            assert server.create("Accepted")[0] == "OK"
        return address

    def new_mailbox(self, name: str = "resident") -> str:
        """A mailbox that no other test has.  Returns its address."""
        return self.add_mailbox(f"{name}.{next(self._numbers)}@{DOMAIN}")

    def post(self, message: EmailMessage | bytes, sender: str | None = None, to: Sequence[str] = ()) -> None:
        """Bring a letter as any server would.  sender: of the envelope, '' for a bounce; None takes From.  to: None given
        takes the addresses of To.  Raises smtplib's errors when it is refused."""
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
        parsed = message_from_bytes(raw)
        sender = str(parsed["From"]) if sender is None else sender
        with smtplib.SMTP("localhost", self.smtp_port, timeout=PATIENCE) as server:
            server.sendmail(sender, list(to) or [str(parsed["To"])], raw)

    @contextlib.contextmanager
    def mailbox(self, address: str) -> Iterator[imaplib.IMAP4]:
        """The mailbox, signed in over IMAP after STARTTLS, its INBOX open."""
        server = imaplib.IMAP4("localhost", self.imap_port, timeout=PATIENCE)
        try:
            server.starttls(ssl.create_default_context(cafile=str(self.ca_file)))
            server.login(address, self.passwords[address])
            server.select("INBOX")
            yield server
        finally:
            server.logout()

    def letters(self, address: str, at_least: int = 0) -> list[EmailMessage]:
        """What lies in the mailbox, oldest first, read over IMAP; unread letters stay unread.

        at_least: so many are waited for, as a letter that was taken is not yet delivered."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with self.mailbox(address) as server:
                numbers = server.search(None, "ALL")[1][0].split()
                if len(numbers) >= at_least:
                    return [_letter(server, number) for number in numbers]
            assert time.monotonic() < deadline, f"{len(numbers)} of {at_least} letters arrived\n{self.log}"
            time.sleep(0.02)

    @property
    def log(self) -> str:
        """What both servers wrote, for a test's failure message."""
        # The ends of them: each look into a mailbox writes a line.
        files = (self.folder / "postfix.log", self.folder / "dovecot.log", self.folder / "said")
        return "\n".join(file.read_text(errors="replace")[-4000:] for file in files if file.exists())

    def _run(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        with (self.folder / "said").open("ab") as said:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "sh", "-c", _UNTIL_WE_END, "sh", *command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                env=_ENVIRONMENT,
            )

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert all(process.poll() is None for process in self._processes), self.log
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline, self.log
                time.sleep(0.01)
            else:
                return

    def _write_settings(self) -> None:
        for name in ("postfix", "queue", "data", "mail", "dovecot", "users"):
            (self.folder / name).mkdir(exist_ok=True)
        owner, group = self._directories["mail_owner"], self._directories["setgid_group"]
        for name in (*_QUEUE, *_QUEUE_FOR_ALL, "pid"):
            (self.folder / "queue" / name).mkdir(exist_ok=True)
            shutil.chown(self.folder / "queue" / name, "root" if name == "pid" else owner)
        for name in _QUEUE_FOR_ALL:
            shutil.chown(self.folder / "queue" / name, owner, group)
            (self.folder / "queue" / name).chmod(0o730 if name == "maildrop" else 0o710)
        shutil.chown(self.folder / "data", owner)
        shutil.chown(self.folder / "mail", "nobody")
        texts = {
            "dovecot.conf": DOVECOT,
            "postfix/main.cf": MAIN,
            "postfix/master.cf": MASTER,
            "postfix/copies": COPIES,
        }
        facts = {**self._directories, "folder": self.folder, "domain": DOMAIN, "smtp": self.smtp_port,
                 "submission": self.submission_port, "imap": self.imap_port, "imaps": self.imaps_port,
                 "most_bytes": MOST_BYTES}  # fmt: skip
        for name, text in texts.items():
            for word, fact in facts.items():
                text = text.replace(f"<{word}>", str(fact))
            (self.folder / name).write_text(text)
            # Postfix waits for a second or two before it reads what was written just now.
            os.utime(self.folder / name, (self._begun - 60,) * 2)
        self._write_accounts()

    def _write_accounts(self) -> None:
        """Replace both lists of mailboxes; running servers notice by themselves."""
        for address, quota in self._accounts.items():
            # A file each: Dovecot looks no more than once a second whether one that it has read was changed.
            rule = "" if quota is None else f"userdb_quota_rule=*:bytes={quota}"
            (self.folder / "users" / address).write_text(f"{address}:{{PLAIN}}{self.passwords[address]}::::::{rule}\n")
        known = self.folder / "mailboxes"
        known.write_text("".join(f"{address} there\n" for address in self._accounts))
        kind = self._directories["default_database_type"]
        subprocess.run(["postmap", "-c", str(self.folder / "postfix"), f"{kind}:{known}"], check=True, env=_ENVIRONMENT)
        # Postfix notices by the time of the file, in whole seconds: each change is a second further on.
        self._changes += 1
        for made in self.folder.glob("mailboxes.*"):
            os.utime(made, (self._begun + self._changes,) * 2)


def missing() -> str | None:
    """What these servers lack here; None when they can be started."""
    if not shutil.which("dovecot", path=_PATH) or not shutil.which("postconf", path=_PATH):
        return "Postfix and Dovecot are not installed; .ci/mail says how to get them"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True, env=_ENVIRONMENT)
    if not version.stdout.startswith("2.3."):
        return "these servers' settings are for Dovecot 2.3"
    return None if os.getuid() == 0 else NEEDS_ROOT


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServers]:
    """Postfix and Dovecot of this test run's own, started when the first test asks for them."""
    if (lack := missing()) is not None:
        pytest.skip(lack)
    servers = MailServers()
    servers.start()
    yield servers
    servers.remove()


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin"
_ENVIRONMENT = {"PATH": _PATH}
"""Where Debian puts servers is not on everybody's path."""


def _letter(server: imaplib.IMAP4, number: bytes) -> EmailMessage:
    fetched = server.fetch(number.decode(), "(BODY.PEEK[])")[1][0]
    assert isinstance(fetched, tuple)
    return message_from_bytes(fetched[1], policy=SMTP)


def _postconf(*names: str) -> dict[str, str]:
    found = subprocess.run(["postconf", "-d", "-h", *names], capture_output=True, text=True, check=True,
                           env=_ENVIRONMENT)  # fmt: skip
    return dict(zip(names, found.stdout.split(), strict=True))


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
