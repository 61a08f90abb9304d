"""Tables of reports that are made and mailed again and again: what is asked for, who gets it, and each mail of it."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from social.database import UTCDateTime


class ReportSchedule(SQLModel, table=True):
    """One report that comes again.

    kind: a key of `insights.reports.kinds`.  place_id: the area, None for the whole force.  campaign_id: of an
    assessment, else None.  format: html, pdf, docx or xlsx.  rhythm: weekly, monthly or quarterly.
    period_from: the local day on which the next period to be reported begins.  due_at: when that is mailed, on the
    morning after the period's last day.  person_id: who asked for it, and is told when it cannot be sent.
    ended_at: None while it runs."""

    __tablename__ = "report_schedule"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    place_id: int | None = Field(default=None, foreign_key="place.id")
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    format: str
    rhythm: str
    period_from: date
    due_at: datetime = Field(sa_type=UTCDateTime, index=True)
    person_id: int = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ReportRecipient(SQLModel, table=True):
    """Who gets it: people who use Beatline, nobody else."""

    __tablename__ = "report_recipient"

    schedule_id: int = Field(primary_key=True, foreign_key="report_schedule.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")


class ReportMail(SQLModel, table=True):
    """One e-mail of one period to one person, made before it is sent; the period and the person are there once.

    message_id: of the e-mail.  outcome: None while open, then sent, refused (it never will be), unknown (it may have
    arrived, so it is not sent again) or skipped (the person may not have it any more).  detail: why, in our words.
    tries: how often the server did not take it.  not_before: no try before.  sending_at: when the text was on its way.
    worker, lease_until: who has it in hand."""

    __tablename__ = "report_mail"
    __table_args__ = (UniqueConstraint("schedule_id", "person_id", "period_from"),)

    id: int | None = Field(default=None, primary_key=True)
    schedule_id: int = Field(foreign_key="report_schedule.id")
    person_id: int = Field(foreign_key="person.id")
    period_from: date
    period_to: date
    message_id: str
    made_at: datetime = Field(sa_type=UTCDateTime)
    outcome: str | None = Field(default=None, index=True)
    detail: str | None = None
    tries: int = 0
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sending_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    worker: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
