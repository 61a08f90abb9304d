"""How often readings were right, month by month, as people here judged them: the running accuracy (M06, R19).

Counted is what the analyser had said when somebody judged it, so that a better version does not mend the past. People
judge what they look at, mistakes first: this shows whether things change, and is no fair sample of all replies."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from insights.measuring import ENOUGH
from social.clock import as_local
from social.intervals import wilson
from social.labels import KIND, STANCE, Label

ASPECTS = (STANCE, KIND)


@dataclass(frozen=True)
class Accuracy:
    """aspect: stance or kind.  month: 'YYYY-MM' of the local day of the judgement; '' for all months together.

    judged: readings that people judged and whose judgement stands.  right: of these, read as the person says.
    share: right / judged, interval: its 95 % interval (Wilson); both None below `ENOUGH` judgements.
    versions: of the analysers that had read them."""

    aspect: str
    month: str
    judged: int
    right: int
    share: float | None
    interval: tuple[float, float] | None
    versions: tuple[str, ...]

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def running_accuracy(session: Session) -> list[Accuracy]:
    """Stance, then kind: each month in which people judged, oldest first, then all together; [] where nobody did."""
    columns: list[Any] = [Label.aspect, Label.at, Label.was, Label.right, Label.version]
    query = (
        select(*columns)
        .where(col(Label.in_force), col(Label.aspect).in_(ASPECTS), col(Label.version) != "")
        .order_by(col(Label.at), col(Label.id))
    )
    months: dict[tuple[str, str], list[tuple[bool, str]]] = {}
    for aspect, at, was, right, version in session.connection().execute(query):
        for month in (as_local(at).strftime("%Y-%m"), ""):
            months.setdefault((aspect, month), []).append((was == right, version))
    ordered = sorted(months, key=lambda key: (ASPECTS.index(key[0]), key[1] == "", key[1]))
    return [_accuracy(aspect, month, months[aspect, month]) for aspect, month in ordered]


def _accuracy(aspect: str, month: str, judged: list[tuple[bool, str]]) -> Accuracy:
    right, enough = sum(so for so, _ in judged), len(judged) >= ENOUGH
    return Accuracy(
        aspect, month, len(judged), right, right / len(judged) if enough else None,
        wilson(right, len(judged)) if enough else None, tuple(dict.fromkeys(version for _, version in judged)),
    )  # fmt: skip
