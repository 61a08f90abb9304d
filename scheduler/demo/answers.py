"""What the invented staff answer: most questions and complaints of the Page's last days, a few late, some never, so that the
figures on answers have something to tell. Real answers, by the same door as anybody's (R23)."""

from datetime import timedelta

from sqlmodel import col, select

from scheduler.answering import RULES
from scheduler.demo.force import Staff
from social.accounts import Account
from social.answers import send_answer
from social.context import Context
from social.errors import InputError
from social.interactions import Interaction

CHANNEL = "facebook"
SOON, LATE = timedelta(hours=9), timedelta(hours=80)
"""How old a question is before somebody comes to it: most are answered soon, one in eight late."""
ANSWERS = {
    "question": ("Thank you for asking. The details are in the post, and the team is glad to say more on 101.",
                 "Good question. We will say more here as soon as we can. For anything else please call 101."),
    "complaint": ("We are sorry to read this. The team has been told. Please tell us more on 101 or on our website.",
                  "Thank you for telling us plainly. The sergeant of the team has read it and will look at it this week."),
}  # fmt: skip
"""Kind of reply -> what is said in turn."""


def answer_residents(context: Context, staff: Staff) -> int:
    """Answer what somebody would have come to by now.  Returns how many were answered."""
    now = context.clock.now()
    query = (
        select(Interaction.id, Interaction.seen_kind, Interaction.created_at)
        .join(Account, col(Account.id) == Interaction.account_id)
        .where(
            Account.channel == CHANNEL, col(Interaction.ours).is_(False), col(Interaction.answered_at).is_(None),
            col(Interaction.seen_kind).in_(sorted(ANSWERS)), col(Interaction.created_at) <= now - SOON,
            col(Interaction.created_at) > now - LATE - timedelta(hours=12), col(Interaction.gone_at).is_(None),
        )
        .order_by(col(Interaction.id))
    )  # fmt: skip
    with context.database.read() as session:
        waiting = session.exec(query).all()
    return sum(
        _answer(context, staff, number, ANSWERS[kind or ""][number % 2])
        for number, kind, written in waiting
        if number is not None and _is_its_time(number, now - written)
    )


def _is_its_time(number: int, age: timedelta) -> bool:
    """Of eight four are answered in time, one late and three never."""
    turn = number % 8
    return (turn > 3 and age < timedelta(hours=60)) or (turn == 0 and age >= LATE)


def _answer(context: Context, staff: Staff, number: int, text: str) -> bool:
    """False where it may not be answered, such as one that was taken back."""
    try:
        send_answer(context, staff.corporate, number, text, key=f"demo-{number}", rules=RULES, seen=0)
    except InputError:
        return False
    return True
