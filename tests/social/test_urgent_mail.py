"""What the duty contact has to know goes out several at a time: no emergency waits behind another's slow mail."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from social import alarm_mail
from social.alarm_mail import URGENT_AT_A_TIME, send_urgent
from social.alarms import AlarmMail, AlarmMailItem, raise_alarm
from social.context import Context
from social.smtp import Delivery, Result
from social.staff import Role, find_or_add_person


def make_urgent(context: Context, count: int) -> None:
    with context.database.write() as session:
        now = context.clock.now()
        person = find_or_add_person(session, "duty@woldershire.example", Role.ADMINISTRATOR)
        assert person.id is not None
        for number in range(count):
            alarm = raise_alarm(
                session, now, f"duty:{number}", f"interaction:{number}", person.id, "A reply needs you."
            )
            mail = AlarmMail(person_id=person.id, urgent=True, message_id=f"<{number}@beatline.invalid>", made_at=now)
            session.add(mail)
            session.flush()
            session.add(AlarmMailItem(mail_id=mail.id or 0, alarm_id=alarm.id or 0))


def test_emergencies_do_not_wait_for_each_other(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    context.settings = replace(
        context.settings, smtp_host="127.0.0.1", smtp_port=1, smtp_from="beatline@woldershire.example"
    )
    make_urgent(context, URGENT_AT_A_TIME + 2)
    together = threading.Barrier(URGENT_AT_A_TIME)
    first = iter(range(URGENT_AT_A_TIME))
    sent: list[str] = []

    def slow(_settings: Any, _password: Any, message: Any, _to: str, leaving: Any) -> Delivery:
        if next(first, None) is not None:
            together.wait(timeout=20)  # passes only when so many are under way at once
        assert leaving()
        sent.append(message["Message-ID"])
        return Delivery(Result.SENT, "250")

    monkeypatch.setattr(alarm_mail, "deliver", slow)
    monkeypatch.setattr(alarm_mail, "PATIENCE", 0.01)
    assert send_urgent(context, "worker") == URGENT_AT_A_TIME + 2
    assert len(sent) == len(set(sent)) == URGENT_AT_A_TIME + 2
    with context.database.read() as session:
        assert {(mail.outcome, mail.tries) for mail in session.exec(select(AlarmMail))} == {("sent", 1)}
