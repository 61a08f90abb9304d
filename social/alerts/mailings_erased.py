"""Takes the words and pictures out of mailings when those of their posts are erased (R10, R28). Numbers and moments stay.

What waits to be sent of it is never sent: a letter without words is none (`alert_letter.write`). A correction goes on
waiting, in the usual words, which say nothing of what was taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from social.accounts import Account
from social.alerts.mailings import Mailing, MailingPicture
from social.alerts.stopping import usual_words
from social.publications import Publication


def mailings_of(session: Session, publication_ids: Sequence[int]) -> list[int]:
    """The mailings behind these publications; none for those of other channels."""
    query = select(Publication.platform_id).where(
        col(Publication.id).in_(publication_ids),
        col(Account.id) == col(Publication.account_id),
        Account.channel == "alert",
    )
    return [int(number) for number in session.exec(query) if number.isdecimal()]


def erase_mailings(session: Session, mailing_ids: Sequence[int], now: datetime) -> set[str]:
    """Erase what these said, in the caller's transaction.  Returns the names of their picture files."""
    if not mailing_ids:
        return set()
    these = col(MailingPicture.mailing_id).in_(mailing_ids)
    files = set(session.exec(select(MailingPicture.file_name).where(these)))
    session.exec(delete(MailingPicture).where(these))
    gone = {"subject": "", "text": "", "link": None, "correction": None, "reference": None, "erased_at": now}
    session.exec(update(Mailing).where(col(Mailing.id).in_(mailing_ids)).values(**gone))
    for correction in session.exec(select(Mailing).where(col(Mailing.corrects_id).in_(mailing_ids))):
        original = session.get_one(Mailing, correction.corrects_id, populate_existing=True)
        correction.text, correction.reference = usual_words(original), None
        session.add(correction)
    return files
