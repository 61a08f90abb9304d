"""The mail servers that other tests rest on: what they take and refuse, and that they end with the run."""

import signal
import smtplib
import ssl
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.mail_servers import PATIENCE, MailServers

STARTED_AND_KILLED = """
import os, signal
from tests.mail_servers import MailServers
servers = MailServers()
servers.start()
print(servers.folder, *servers.process_numbers, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def a_letter(to: str, text: str = "Good morning") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "someone@example.test", to, "Hello"
    letter.set_content(text)
    return letter


def test_a_letter_arrives_in_the_mailbox_whatever_follows_the_plus(mail: MailServers) -> None:
    address = mail.new_mailbox()
    mail.post(a_letter(address.replace("@", "+token@")))

    (letter,) = mail.letters(address, at_least=1)

    assert letter.get_content().strip() == "Good morning"


def test_who_signs_in_over_starttls_may_send_and_nobody_else(mail: MailServers) -> None:
    address = mail.new_mailbox()
    with smtplib.SMTP("localhost", mail.submission_port) as server:
        server.ehlo()
        assert not server.has_extn("auth")
        server.starttls(context=ssl.create_default_context(cafile=mail.ca_file))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            server.login(address, "the wrong password")
        server.login(address, mail.passwords[address])
        server.send_message(a_letter(address))

    assert len(mail.letters(address, at_least=1)) == 1


def test_unknown_recipients_are_refused_and_full_mailboxes_send_the_letter_back(mail: MailServers) -> None:
    sender = mail.new_mailbox("sender")
    full = mail.add_mailbox("full.mailbox@example.test", quota=500)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.post(a_letter("nobody.at.all@example.test"))

    mail.post(a_letter(full, "long " * 200), sender=sender)

    (report,) = mail.letters(sender, at_least=1)
    assert report.get_content_type() == "multipart/report"
    assert "5.2.2" in report.as_string()


def test_a_test_run_that_is_killed_leaves_no_server_behind(mail: MailServers) -> None:
    run = subprocess.run(
        [sys.executable, "-c", STARTED_AND_KILLED], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    )

    assert run.returncode == -signal.SIGKILL
    folder, *processes = run.stdout.split()
    for process in processes:
        assert _is_over(int(process)), (Path(folder) / "said").read_text()


def _is_over(process: int) -> bool:
    """Whether the process ends within the patience of these tests; one that nobody has fetched is over too."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
