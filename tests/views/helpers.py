"""A small force on the memory network, for tests of pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from sqlmodel import func, select
from streamlit.testing.v1 import AppTest

from scheduler.planning import PostInput, plan_post, send_for_approval
from scheduler.worker import publish_due
from social.accounts import Account
from social.channels import memory
from social.context import Context
from social.interactions import Interaction, Reading
from social.measurements import Measurement, Metric
from social.places import Place, PlaceKind, find_or_add_place
from social.publications import Publication
from social.staff import Role, find_or_add_person

APP = Path(__file__).parents[2] / "app.py"
PAGES = {
    "today": "scheduler/views/today.py",
    "write": "scheduler/views/write.py",
    "calendar": "scheduler/views/calendar.py",
    "approvals": "scheduler/views/approvals.py",
    "library": "scheduler/views/library.py",
    "awareness": "scheduler/views/awareness.py",
    "holds": "scheduler/views/holds.py",
    "post": "scheduler/views/post.py",
    "appeals": "scheduler/views/appeals.py",
    "replies": "social/views/replies.py",
    "letters": "social/views/letters.py",
    "saved_answers": "social/views/saved_answers.py",
    "leads": "social/views/leads.py",
    "surveys": "social/views/surveys.py",
    "residents": "social/views/residents.py",
    "works": "insights/views/works.py",
    "areas": "insights/views/areas.py",
    "campaigns": "insights/views/campaigns.py",
    "alerts": "insights/views/alerts.py",
    "reports": "insights/views/reports.py",
    "health": "social/views/health.py",
    "people": "social/views/people.py",
    "requests": "social/views/requests.py",
    "audit": "social/views/audit.py",
    "settings": "social/views/settings.py",
    "help": "social/views/help.py",
    "accessibility": "social/views/accessibility.py",
    "stops": "scheduler/views/stops.py",
}
HOSTILE = "![beacon](https://beacon.invalid/p.png) <script>alert(1)</script> **bold** =1+1"
"""What a resident might write to find out who reads it."""

OpenPage = Callable[..., AppTest]


def text_of(app: AppTest) -> str:
    """Everything that the page says in words, the sidebar left out."""
    found = []
    for block in app.main:
        if block.type == "html":
            found.append(unescape(block.proto.body))
            continue
        value = getattr(block, "value", None) if block.type not in ("selectbox", "multiselect") else None
        found.append(str(value if isinstance(value, str) else getattr(block, "label", "") or ""))
    return "\n".join(found)


class Force:
    """One force with one memory account, two authors' worth of staff, and helpers that do real work."""

    def __init__(self, context: Context) -> None:
        self.context = context
        memory.reset()
        with context.database.write() as session:
            self.account = Account(
                name="town-desk",
                channel="memory",
                handle="town",
                platform_id="1",
                credentials_sealed=context.vault.seal({}),
                added_at=context.clock.now(),
            )
            session.add(self.account)
            self.place: Place = find_or_add_place(session, "Hexley Moor", PlaceKind.NEIGHBOURHOOD)
            self.author = find_or_add_person(session, "nia.abbot@woldershire.example", Role.AUTHOR, "Nia Abbot")
            self.corporate = find_or_add_person(session, "joel.marsh@woldershire.example", Role.CORPORATE, "Joel Marsh")
            self.reader = find_or_add_person(session, "priya.holt@woldershire.example", Role.READER, "Priya Holt")

    @property
    def network(self) -> memory.MemoryNetwork:
        return memory.network_of("town-desk")

    def plan(
        self,
        text: str = "Officers are at the library from 2pm today.",
        *,
        kind: str = "patrol_update",
        due: datetime | None = None,
        send: bool = True,
        link: str | None = None,
    ) -> int:
        """A post by the author; due_local as the author would type it, an hour ahead when None."""
        given = PostInput(
            kind, text, ("town-desk",), due or datetime(2026, 6, 1, 11, 0), place="Hexley Moor", link=link
        )
        post_id = plan_post(self.context, given, self.author)
        if send:
            send_for_approval(self.context, post_id, self.author)
        return post_id

    def publish(self, **given: object) -> int:
        """Plan a post, let its hour come, and let the worker send it.  Returns the post's id."""
        post_id = self.plan(**given)  # type: ignore[arg-type]
        self.context.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
        assert publish_due(self.context) == 1
        return post_id

    def answer(
        self,
        post_id: int,
        text: str,
        *,
        kind: str = "banter",
        stance: str = "positive",
        p: tuple[float, float, float] | None = (0.1, 0.2, 0.7),
        lang: str = "en",
    ) -> int:
        """A resident writes under the post and the analyser has read it.  Returns the publication's id."""
        now = self.context.clock.now()
        with self.context.database.write() as session:
            publication = session.exec(select(Publication).where(Publication.post_id == post_id)).one()
            count = session.exec(select(func.count()).select_from(Interaction)).one()
            reply = Interaction(
                account_id=publication.account_id,
                publication_id=publication.id,
                platform_id=f"r{count}",
                text=text,
                created_at=now,
                fetched_at=now,
            )
            session.add(reply)
            session.flush()
            negative, neutral, positive = p or (None, None, None)
            session.add(
                Reading(
                    interaction_id=reply.id,
                    version="test-1",
                    stance=stance,
                    p_negative=negative,
                    p_neutral=neutral,
                    p_positive=positive,
                    kind=kind,
                    kind_p=0.8,
                    lang=lang,
                    lang_p=0.9,
                    read_at=now,
                )
            )
            return int(publication.id)

    def past(self, kind: str, count: int, *, reach: int | None, reactions: int) -> None:
        """Posts of before Beatline with their figures, an hour apart, newest an hour ago."""
        now = self.context.clock.now()
        with self.context.database.write() as session:
            for number in range(count):
                publication = Publication(
                    account_id=self.account.id,
                    platform_id=f"{kind}-{number}",
                    text=f"{kind} {number}",
                    published_at=now - timedelta(hours=1 + number),
                    content_type=kind,
                    imported=True,
                    place_id=self.place.id,
                )
                session.add(publication)
                session.flush()
                for metric, value in ((Metric.REACH, reach), (Metric.REACTIONS, reactions)):
                    if value is not None:
                        session.add(
                            Measurement(
                                publication_id=publication.id,
                                metric=metric.value,
                                value=value,
                                source_metric="test",
                                fetched_at=now,
                                checked_at=now,
                            )
                        )
