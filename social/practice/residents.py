"""Who answers a post, when, and how far the post travels: a pure function of the post's words and a seed.

Nothing here knows the clock. A crowd is drawn once from its seed, complete; what can be seen of it after so many
hours is read off curves that only grow. So the same post has the same residents in whatever order it is read."""

import random
from dataclasses import dataclass, replace
from functools import lru_cache

from social.practice import wording
from social.practice.habits import EDITS, Habits, read_seed
from social.practice.kinds import kind_of, place_of, streets_of

REACTIONS = ("LIKE", "LOVE", "CARE", "HAHA", "WOW", "SAD", "ANGRY")
LAST_REPLY_HOURS = 120.0

# reach: factor on the account's usual reach.  reacts: share of those reached.  reshares: chance of each of four
# community pages.  clicks: share of those reached.
_TRAITS: dict[str, tuple[float, float, float, float]] = {
    "missing": (2.4, 0.014, 0.55, 0.030),
    "appeal": (1.2, 0.009, 0.30, 0.025),
    "light": (1.5, 0.042, 0.25, 0.012),
    "event": (0.7, 0.009, 0.15, 0.015),
    "road": (1.5, 0.007, 0.35, 0.020),
    "prevention": (0.8, 0.010, 0.20, 0.016),
    "result": (1.4, 0.026, 0.20, 0.018),
    "other": (0.8, 0.012, 0.12, 0.012),
}
_MOODS: dict[str, tuple[float, ...]] = {
    "missing": (0.45, 0.05, 0.25, 0.0, 0.02, 0.22, 0.01),
    "appeal": (0.55, 0.02, 0.04, 0.02, 0.05, 0.10, 0.22),
    "light": (0.38, 0.26, 0.02, 0.33, 0.01, 0.0, 0.0),
    "event": (0.80, 0.14, 0.02, 0.02, 0.0, 0.0, 0.02),
    "road": (0.62, 0.0, 0.06, 0.01, 0.05, 0.18, 0.08),
    "prevention": (0.74, 0.04, 0.03, 0.02, 0.04, 0.04, 0.09),
    "result": (0.66, 0.20, 0.01, 0.04, 0.03, 0.01, 0.05),
    "other": (0.75, 0.12, 0.03, 0.04, 0.01, 0.02, 0.03),
}
_REPLY_KINDS: dict[str, dict[str, float]] = {
    "missing": {"lead": 12, "question": 14, "thanks": 9, "complaint": 5, "banter": 0, "abuse": 2, "other": 58},
    "appeal": {"lead": 27, "question": 11, "thanks": 9, "complaint": 19, "banter": 6, "abuse": 6, "other": 22},
    "light": {"lead": 0, "question": 6, "thanks": 30, "complaint": 12, "banter": 40, "abuse": 3, "other": 9},
    "event": {"lead": 2, "question": 28, "thanks": 28, "complaint": 15, "banter": 9, "abuse": 2, "other": 16},
    "road": {"lead": 6, "question": 28, "thanks": 20, "complaint": 22, "banter": 4, "abuse": 2, "other": 18},
    "prevention": {"lead": 9, "question": 16, "thanks": 29, "complaint": 20, "banter": 6, "abuse": 3, "other": 17},
    "result": {"lead": 4, "question": 7, "thanks": 43, "complaint": 18, "banter": 7, "abuse": 8, "other": 13},
    "other": {"lead": 3, "question": 20, "thanks": 28, "complaint": 23, "banter": 10, "abuse": 4, "other": 12},
}
_EMERGENCY_CHANCE = {"missing": 0.14, "appeal": 0.12, "light": 0.02, "event": 0.03, "road": 0.08}
_USUALLY_DELETED = 0.03
_OFTEN_ANSWERED = {"question": 0.55, "complaint": 0.35, "lead": 0.5, "emergency": 0.9, "thanks": 0.06}


@dataclass(frozen=True)
class Reply:
    """One reply.  index: from 1, its place in the post's ids.  parent: index of what it answers, 0 the post.

    hours: after the post.  gone_after: hours after which its author deletes it, None never.  edit: hours after which
    its author changes it, and the words from then on.  kind, stance, lang: what it was written to be, in the words of
    `docs/definitions.md`; the networks never tell these."""

    index: int
    parent: int
    hours: float
    text: str
    author: int
    kind: str
    stance: str
    lang: str
    likes: int
    ours: bool = False
    hidden: bool = False
    gone_after: float | None = None
    edit: tuple[float, str] | None = None


@dataclass(frozen=True)
class Reshare:
    """A community page passes the post on.  page: which of `wording.COMMUNITY_PAGES`."""

    hours: float
    page: int
    reach: int
    shares: int


@dataclass(frozen=True)
class Crowd:
    """All that will ever happen under a post.  half: hours until half of the reach is there.  Rest: final counts."""

    kind: str
    reach: int
    half: float
    views_each: float
    reactions: tuple[int, ...]
    shares: int
    clicks: int
    saves: int
    reshares: tuple[Reshare, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Figures:
    """What is counted at one moment; every count only grows.  reactions: by REACTIONS."""

    reach: int
    impressions: int
    reactions: dict[str, int]
    shares: int
    quotes: int
    clicks: int
    profile_clicks: int
    saves: int

    @property
    def reaction_count(self) -> int:
        return sum(self.reactions.values())


def _grown(final: float, hours: float, half: float) -> int:
    """How much of `final` is there after some hours: half after `half`, nearly all after seven times that."""
    return int(final * (1 - 2 ** (-max(hours, 0.0) / half)))


def figures_at(crowd: Crowd, hours: float) -> Figures:
    """The figures of a post that residents have had for so many of their hours."""
    reach, shares = _grown(crowd.reach, hours, crowd.half), _grown(crowd.shares, hours, crowd.half)
    quotes = 0
    for reshare in crowd.reshares:
        since = hours - reshare.hours
        if since >= 0:
            reach += _grown(reshare.reach, since, 3.0)
            shares += 1 + _grown(reshare.shares, since, 3.0)
            quotes += 1
    # Those who come through a community page react too, at the same rate, so reactions follow the whole reach.
    part = reach / max(crowd.reach, 1)
    reactions = {name: int(final * part) for name, final in zip(REACTIONS, crowd.reactions, strict=True)}
    clicks = int(crowd.clicks * part)
    impressions = int(reach * crowd.views_each)
    return Figures(reach, impressions, reactions, shares, quotes, clicks, clicks // 6, int(crowd.saves * part))


@lru_cache(maxsize=4096)
def crowd_of(seed: str, network: str, text: str, answered: bool) -> Crowd:
    """Draw the residents of a post.

    seed: any text, with habits where `Habits.seed` made it.  network: x or facebook.  answered: the account answers some of them (only in history: for a new
    post that is Beatline's task)."""
    key, habits = read_seed(seed)
    rng = random.Random(f"{key}/{network}")  # noqa: S311  (simulation, not security)
    kind = kind_of(text)
    reach_factor, reacts, passes_on, clicks = _TRAITS[kind]
    usual = 4600 if network == "facebook" else 2600
    reach = max(int(usual * reach_factor * rng.lognormvariate(0.0, 0.38)), 350)
    reacted = reach * reacts * rng.lognormvariate(0.0, 0.3) * (1.0 if network == "facebook" else 0.55)
    reactions = tuple(round(reacted * share * rng.uniform(0.7, 1.3)) for share in _MOODS[kind])
    reshares = tuple(
        Reshare(rng.uniform(0.4, 30.0), page, int(rng.uniform(500, 3800) * reach_factor), rng.randint(2, 25))
        for page in range(len(wording.COMMUNITY_PAGES))
        if rng.random() < passes_on
    )
    return Crowd(
        kind=kind,
        reach=reach,
        half=rng.uniform(3.0, 9.0),
        views_each=rng.uniform(1.18, 1.65),
        reactions=reactions,
        shares=int(reach * passes_on * 0.016 * rng.uniform(0.5, 1.6)),
        clicks=int(reach * clicks * rng.uniform(0.6, 1.5)),
        saves=int(reach * 0.0012 * rng.uniform(0.3, 1.8)),
        reshares=reshares,
        replies=tuple(_edited(key, network, habits, _replies(rng, kind, network, text, answered, habits))),
    )


def _replies(rng: random.Random, kind: str, network: str, text: str, answered: bool, habits: Habits) -> list[Reply]:
    low, high, usual = (9, 30, 20) if network == "facebook" else (2, 11, 5)
    count = round(rng.triangular(low, high, usual))
    if habits.replies is not None:
        count = round(habits.replies * rng.uniform(0.5, 1.5))
    leaving = _USUALLY_DELETED if habits.deleted is None else habits.deleted
    scene = wording.Scene(kind, network, place_of(text), streets_of(text))
    chances = _REPLY_KINDS[kind]
    drawn = (0.04 + rng.lognormvariate(1.0, 1.25) for _ in range(count))
    hours = sorted(hour if hour < LAST_REPLY_HOURS else rng.uniform(24, LAST_REPLY_HOURS) for hour in drawn)
    emergency = rng.randrange(count) if count and rng.random() < _EMERGENCY_CHANCE.get(kind, 0.03) else None
    replies: list[Reply] = []
    used: set[str] = set()
    for place, moment in enumerate(hours):
        told = "emergency" if place == emergency else rng.choices(list(chances), list(chances.values()))[0]
        replies.append(_reply(rng, scene, replies, used, place + 1, moment, told, leaving))
    if answered:
        replies += _official_answers(rng, scene, replies)
    return sorted(replies, key=lambda reply: (reply.hours, reply.index))


def _reply(
    rng: random.Random, scene: wording.Scene, before: list[Reply], used: set[str], index: int, hours: float, told: str,
    leaving: float,
) -> Reply:  # fmt: skip
    parent = 0
    if before and told != "emergency" and rng.random() < 0.17:
        parent = rng.choice(before).index
        told = "retort"
    words = wording.compose(rng, scene, told, used)
    # Somebody who answers beneath an own reply is the same person; everybody else is somebody new.
    author = next(reply.author for reply in before if reply.index == parent) if parent and rng.random() < 0.12 else 0
    return Reply(
        index=index,
        parent=parent,
        hours=hours,
        text=words.text,
        author=author or rng.randrange(1, 10**9),
        kind=words.kind,
        stance=words.stance,
        lang=words.lang,
        likes=int(rng.expovariate(1 / 3)),
        hidden=words.kind == "abuse" and rng.random() < 0.25,
        gone_after=rng.uniform(1.0, 40.0) if rng.random() < leaving else None,
    )


def _edited(key: str, network: str, habits: Habits, replies: list[Reply]) -> list[Reply]:
    """Some residents change their words later. On X nobody can change an answer to somebody else."""
    if network == "x" or not habits.edited:
        return replies
    rng = random.Random(f"{key}/edits")  # noqa: S311  (simulation, not security)
    changed = []
    for reply in replies:
        if rng.random() < habits.edited and not reply.ours:
            words = f"{reply.text} {rng.choice(EDITS)}"
            changed.append(replace(reply, edit=(rng.uniform(0.2, 30.0), words)))
        else:
            changed.append(reply)
    return changed


def _official_answers(rng: random.Random, scene: wording.Scene, replies: list[Reply]) -> list[Reply]:
    answers: list[Reply] = []
    for reply in replies:
        if reply.lang != "en" or rng.random() >= _OFTEN_ANSWERED.get(reply.kind, 0.0):
            continue
        index = len(replies) + len(answers) + 1
        # Minutes for the lucky, the next shift for most, days for a few.
        hours = reply.hours + min(0.1 + rng.lognormvariate(0.9, 1.1), 70.0)
        text = wording.official_answer(rng, scene, reply.kind)
        answers.append(Reply(index, reply.index, hours, text, 0, "answer", "neutral", "en", 0, ours=True))
    return answers
