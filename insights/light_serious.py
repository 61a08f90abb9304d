"""Does light help serious? A belief of digital officers: light posts widen who sees the next appeal.

What can be estimated is estimated: followers gained in weeks with more light posts than usual, and the reach of appeals
after more of them than usual, each against comparable weeks of the same account (docs/methods/light-and-serious.md).
The same is asked of appeals *before* light posts: nothing comes from a post that was still to come, so what shows there
as well has another reason. Missing-person appeals are never in it (R11); 'led to' is never said (M14)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from insights.block_regression import FEWEST_BLOCKS, Effect, effects_of
from insights.chosen import Chosen
from insights.comparison_model import Codes, Numbers
from insights.comparison_values import ENOUGH
from insights.comparison_words import say_interval, say_ratio
from insights.light_data import Appeal, Week, more_than_usual, weeks_and_appeals

BLOCK_WEEKS = 4
"""Neighbouring weeks that are left out together."""
CLEAR = 0.025
"""Two things are asked (followers, reach): each is told where chance alone would show it in fewer than so many cases."""
CANNOT = (
    "Whether light posts are the cause: teams choose when to post them, and what else went on in those weeks is not known.",
    "Whether the people who saw the light post are those who saw the appeal: networks do not tell.",
    "Anything about appeals for missing people: they are never compared.",
    "Whether it brings information: reach is not what an appeal is for.",
)


@dataclass(frozen=True)
class Estimate:
    """One answer.  estimate, low, high: with its 95% interval, as `unit` says; None where it cannot be told, and then
    reason says why.  n_with, n_without: weeks or appeals with more light posts than usual for the account, and without.
    chance: two-sided p of no difference.  is_clear: told as a difference.  sentence: for people."""

    name: str
    unit: str
    n_with: int
    n_without: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    is_clear: bool = False
    reason: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class LightSerious:
    """followers: followers gained in the week for every 1,000 more than in comparable weeks.  reach: of appeals in the
    14 days after more light posts than usual, as a ratio.  before: the same of appeals in the 14 days before such posts:
    a check, which should show nothing.  headline, sentences: the answer.  cannot: what cannot be concluded."""

    followers: Estimate
    reach: Estimate
    before: Estimate
    headline: str
    sentences: tuple[str, ...]
    cannot: tuple[str, ...] = CANNOT

    def as_dict(self) -> dict[str, Any]:
        """Everything, for a file or `--json`."""
        return asdict(self)


def light_serious(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
    place_id: int | None = None,
) -> LightSerious:
    """The answer from posts in [since, until); place_id: with what lies beneath it."""
    weeks, appeals = weeks_and_appeals(session, Chosen(since, until, channel, place_id))
    return answered(weeks, appeals)


def answered(weeks: Sequence[Week], appeals: Sequence[Appeal]) -> LightSerious:
    """The answer from weeks of accounts and appeals."""
    followers = _followers(weeks)
    reach, before = _reach(appeals)
    sentences = tuple(one.sentence or one.reason for one in (followers, reach, before))
    return LightSerious(followers, reach, before, _headline(followers, reach, before), sentences)


def _headline(followers: Estimate, reach: Estimate, before: Estimate) -> str:
    if followers.estimate is None and reach.estimate is None:
        return "Too few weeks and appeals to tell whether light posts help serious ones."
    if reach.is_clear and before.is_clear:
        return "Appeals near light posts reach differently, before them as well as after: something else is behind it."
    if reach.is_clear and reach.estimate is not None:
        more = "more" if reach.estimate > 1 else "fewer"
        return f"Appeals after light posts reached {more} people than comparable ones; that the light posts did it is not shown."
    if followers.is_clear and followers.estimate is not None:
        more = "more" if followers.estimate > 0 else "fewer"
        return f"Weeks with light posts gained {more} followers than comparable ones; that appeals reached more is not shown."
    return "Nothing here shows that light posts help serious ones, and nothing shows that they do not."


def _followers(weeks: Sequence[Week]) -> Estimate:
    name, unit = "Followers gained", "a week, for every 1,000 followers"
    accounts = [week.account_id for week in weeks]
    light = more_than_usual([week.light for week in weeks], accounts)
    with_, without = sum(light), len(light) - sum(light)
    if min(with_, without) < ENOUGH:
        return _too_few(name, unit, with_, without, "weeks")
    number = _weeks_since([datetime.combine(week.monday, datetime.min.time()) for week in weeks])
    rest = [_levels(accounts), _levels((number // 13).astype(int).tolist()), _column([week.others for week in weeks])]
    found = effects_of(
        np.array([week.gained for week in weeks]),
        np.array(light, dtype=np.float64)[:, None],
        np.concatenate(rest, axis=1),
        _blocks(number),
    )[0]
    if found is None:
        return _too_few(name, unit, with_, without, "weeks")
    sentence = (
        f"In weeks with more light posts than usual the account gained {abs(found.effect):.1f} "
        f"{'more' if found.effect >= 0 else 'fewer'} followers for every 1,000 than in comparable weeks "
        f"(somewhere between {_gain(found.low)} and {_gain(found.high)}; {with_} weeks with, {without} without). {_may_be(found)}"
    )
    return Estimate(name, unit, with_, without, found.effect, found.low, found.high, found.chance,
                    found.chance < CLEAR, "", sentence)  # fmt: skip


def _gain(number: float) -> str:
    return f"{abs(number):.1f} {'more' if number >= 0 else 'fewer'}"


def _reach(appeals: Sequence[Appeal]) -> tuple[Estimate, Estimate]:
    """Of appeals after more light posts than usual, and before them: both in one model."""
    names = ("Reach of appeals after light posts", "Reach of appeals before light posts")
    unit = "ratio"
    accounts = [appeal.account_id for appeal in appeals]
    after = more_than_usual([appeal.light_before for appeal in appeals], accounts)
    before = more_than_usual([appeal.light_after for appeal in appeals], accounts)
    counts = [(sum(one), len(one) - sum(one)) for one in (after, before)]
    found: list[Effect | None] = [None, None]
    if min(counts[0]) >= ENOUGH:
        number = _weeks_since([appeal.published_at for appeal in appeals])
        middle = number - number.mean()
        rest = [
            _levels(accounts), _levels([appeal.content_type for appeal in appeals]),
            _levels([appeal.is_late for appeal in appeals]),
            _column([appeal.others for appeal in appeals]), number[:, None], (middle**2)[:, None],
        ]  # fmt: skip
        asked = [np.array(one, dtype=np.float64)[:, None] for one in (after, before)]
        held = np.concatenate(rest, axis=1)
        outcome = np.log(np.array([appeal.reach for appeal in appeals]) + 0.5)
        if min(counts[1]) >= ENOUGH:
            found = effects_of(outcome, np.concatenate(asked, axis=1), held, _blocks(number))
        else:
            found = [effects_of(outcome, asked[0], held, _blocks(number))[0], None]
    made = []
    for name, one, (with_, without), when in zip(names, found, counts, ("after", "before"), strict=True):
        if one is None:
            made.append(_too_few(name, unit, with_, without, "appeals"))
            continue
        ratio, low, high = np.exp((one.effect, one.low, one.high))
        sentence = (
            f"Appeals in the 14 days {when} more light posts than usual had a reach {say_ratio(ratio)} that of comparable "
            f"appeals ({say_interval(low, high)}; {with_} appeals with, {without} without). {_may_be(one)}"
        ).replace("that of that of", "that of")
        made.append(Estimate(name, unit, with_, without, float(ratio), float(low), float(high), one.chance,
                             one.chance < CLEAR, "", sentence))  # fmt: skip
    return made[0], made[1]


def _may_be(found: Effect) -> str:
    return "That is more than chance would bring." if found.chance < CLEAR else "That may be chance."


def _too_few(name: str, unit: str, with_: int, without: int, what: str) -> Estimate:
    reason = (
        f"{name}: too few to tell ({with_} {what} with more light posts than usual, {without} without; {ENOUGH} of each are "
        f"needed, over {FEWEST_BLOCKS * BLOCK_WEEKS} weeks or more)."
    )
    return Estimate(name, unit, with_, without, reason=reason)


def _weeks_since(moments: Sequence[datetime]) -> Numbers:
    start = min(moments)
    return np.array([(moment - start).total_seconds() / 604_800 for moment in moments])


def _blocks(weeks: Numbers) -> Codes:
    return np.unique((weeks // BLOCK_WEEKS).astype(np.int64), return_inverse=True)[1].astype(np.int64)


def _levels(values: Sequence[Any]) -> Numbers:
    codes = np.unique(np.array(values), return_inverse=True)[1]
    return np.asarray(codes[:, None] == np.arange(int(codes.max()) + 1)[None, :], dtype=np.float64)


def _column(counts: Sequence[int]) -> Numbers:
    return np.log1p(np.array(counts, dtype=np.float64))[:, None]
