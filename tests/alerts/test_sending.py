"""Sending messages by SMTP: each resident once, whatever the mail server does."""

from social.alerts.sending import send_messages
from social.context import Context
from tests.alerts.post_office import a_mailing, open_office, residents_of, states_of
from tests.social.mail_server import MailServer


def test_every_resident_gets_the_alert_once_and_alone(context: Context) -> None:
    with MailServer() as server:
        account = open_office(context, server.port)
        mailing = a_mailing(context, account, residents_of(context, 9))
        assert send_messages(context) == 9
        assert send_messages(context) == 0
    assert sorted(envelope.rcpt_tos for envelope in server.envelopes) == [
        [f"resident{n}@example.org"] for n in range(9)
    ]
    assert states_of(context, mailing) == ["sent"] * 9
