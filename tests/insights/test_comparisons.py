"""Groups of posts are held against each other like with like, or it is said why not."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from insights.comparison_values import GROUPINGS
from insights.comparisons import Comparison, compare, compare_many, usual_age
from insights.facts import PublicationFacts as Facts
from insights.findings.gathering import work_out
from insights.light_serious import light_serious
from insights.timing import timing
from social.accounts import Account, Audience
from social.clock import as_local
from social.context import Context
from social.errors import InputError
from social.publications import Publication
from tests.insights.test_commands import run

pytestmark = pytest.mark.sqlite_only


class Posts:
    """Puts publications with their facts straight into the tables."""

    def __init__(self, context: Context) -> None:
        self.context, self._number, self._accounts = context, 0, {}
        self.chance = np.random.default_rng(11)

    def account(self, name: str, channel: str = "facebook") -> int:
        if name not in self._accounts:
            with self.context.database.write() as session:
                made = Account(name=name, channel=channel, credentials_sealed=b"", added_at=self.context.clock.now())
                session.add(made)
                session.flush()
                self._accounts[name] = made.id
        return self._accounts[name]

    def skewed(self, typical: float) -> int:
        return int(typical * np.exp(self.chance.normal(0, 0.7)))

    def many(self, count: int, make: Callable[[int], dict[str, Any]]) -> None:
        """make(n): values of the n-th publication; days: how old it is; account; figures at 7 days by their name."""
        columns = {*Facts.__table__.columns.keys()}
        made = []
        with self.context.database.write() as session:
            for n in range(count):
                values = {"days": 30 + n % 60, "account": "town", "content_type": "event", **make(n)}
                at = self.context.clock.now() - timedelta(days=values.pop("days"), hours=values.pop("hours", 0))
                account_id = self._accounts[values.pop("account")]
                self._number += 1
                post = Publication(
                    account_id=account_id, platform_id=f"c{self._number}", text=values.pop("text", "A post"),
                    published_at=at, content_type=values["content_type"], has_picture=values.get("has_picture", False),
                    place_id=values.get("place_id"), campaign=values.get("campaign"),
                )  # fmt: skip
                made.append((post, at, account_id, values))
            session.add_all([post for post, *_ in made])
            session.flush()
            for post, at, account_id, values in made:
                local = as_local(at)
                facts = {
                    "publication_id": post.id, "account_id": account_id, "published_at": at, "channel": "facebook",
                    "week": (local - timedelta(days=local.weekday())).date(), "has_picture": False, "updated_at": at,
                    **values,
                }  # fmt: skip
                session.merge(Facts(**{name: value for name, value in facts.items() if name in columns}))

    def compare(self, by: str, measure: str = "reach", **filters: Any) -> Comparison:
        with self.context.database.read() as session:
            return compare(session, by, measure, **filters)


@pytest.fixture
def posts(context: Context) -> Posts:
    made = Posts(context)
    made.account("town")
    made.account("moor")
    return made


def test_a_picture_that_doubles_the_reach_is_told_with_ratio_interval_and_n(posts: Posts) -> None:
    posts.many(80, lambda n: {"has_picture": n % 2 == 0, "reach_7d": posts.skewed(800 if n % 2 == 0 else 400)})
    found = posts.compare("picture")
    with_picture, without = found.groups
    assert (with_picture.label, with_picture.n, without.n) == ("With a picture", 40, 40)
    assert with_picture.low is not None
    assert 1 < with_picture.low < with_picture.ratio < with_picture.high < 3.5
    assert with_picture.ratio * without.ratio == pytest.approx(1)
    assert with_picture.lower < with_picture.median < with_picture.upper
    assert with_picture.is_finding
    assert found.headline.startswith("With a picture, people reached: about ")
    assert found.headline.endswith(" posts like them.")
    assert "account" in found.adjusted_for


def test_like_is_held_against_like(posts: Posts) -> None:
    """M10: posts with a picture stand mostly on the large account; within each account there is no difference."""

    def make(n: int) -> dict[str, Any]:
        large = n % 2 == 0
        return {
            "account": "town" if large else "moor", "has_picture": n % 10 < 9 if large else n % 10 == 1,
            "reach_7d": posts.skewed(4000 if large else 200),
        }  # fmt: skip

    posts.many(200, make)
    found = posts.compare("picture")
    pictured = next(group for group in found.groups if group.group == "yes")
    plain = next(group for group in found.groups if group.group == "no")
    assert pictured.median > 3 * plain.median
    assert pictured.low < 1 < pictured.high
    assert not found.findings


def test_under_five_posts_a_group_is_too_few_to_tell_and_is_not_ranked(posts: Posts) -> None:
    """M09."""
    kinds = ["event"] * 12 + ["survey"] * 12 + ["road_info"] * 4
    posts.many(len(kinds), lambda n: {"content_type": kinds[n], "reach_7d": posts.skewed(500)})
    last = posts.compare("content_type").groups[-1]
    assert (last.group, last.n, last.ratio, last.median) == ("road_info", 4, None, None)
    assert last.reason == "Too few to tell: 4 posts, 5 are needed."
    assert posts.compare("content_type", content_type="road_info").headline.startswith("Too few to tell")


def test_missing_person_appeals_are_never_compared_ranked_or_timed(posts: Posts) -> None:
    """R11, M12."""
    kinds = ("appeal_missing", "appeal_closed", "appeal_wanted", "road_info", "event", "survey", "")
    posts.many(140, lambda n: {"content_type": kinds[n % 7], "hours": n % 24, "reach_7d": posts.skewed(500),
                               "has_picture": n % 2 == 0})  # fmt: skip
    assert {group.group for group in posts.compare("content_type").groups} == {
        "appeal_wanted", "road_info", "event", "survey",
    }  # fmt: skip
    assert sum(group.n for group in posts.compare("picture").groups) == 80
    assert posts.compare("picture", content_type="appeal_missing").reason.startswith("Appeals for missing people")
    with posts.context.database.read() as session:
        assert timing(session).n == 40
        assert timing(session, content_type="appeal_wanted").n == 0


def test_groups_without_an_account_in_common_are_not_held_against_each_other(posts: Posts) -> None:
    posts.account("vale")
    accounts = ["town", "town", "moor"]
    posts.many(90, lambda n: {"campaign": f"c{n % 3}", "account": accounts[n % 3], "reach_7d": posts.skewed(500)})
    found = posts.compare("campaign")
    assert [group.group for group in found.groups if group.ratio is not None] in (["c0", "c1"], ["c1", "c0"])
    assert found.groups[-1].reason.startswith("Too few to tell: no other group has posts of the same account")


def test_a_figure_that_was_not_reported_is_not_nought_and_a_rate_of_nothing_is_none(posts: Posts) -> None:
    """M04."""
    posts.many(40, lambda n: {"has_picture": n % 2 == 0, "reach_7d": (None, 0, 100, 200)[n % 4], "reactions_7d": 10})
    assert {group.group: group.n for group in posts.compare("picture", "reach").groups} == {"yes": 10, "no": 20}
    rates = {group.group: group.n for group in posts.compare("picture", "engagement_rate").groups}
    assert rates == {"yes": 10, "no": 10}


def test_posts_are_compared_at_the_same_age(posts: Posts) -> None:
    posts.many(
        40, lambda n: {"has_picture": n % 2 == 0, "reach": 10_000 if n % 2 else 10, "reach_7d": posts.skewed(500)}
    )
    assert not posts.compare("picture", age="7d").findings
    assert posts.compare("picture", age="latest").findings
    assert posts.compare("picture", age="28d").reason.endswith("33 posts have one so far: look at that instead.")
    with posts.context.database.read() as session:
        assert usual_age(session) == "7d"


def test_posts_of_before_beatline_are_looked_at_by_their_latest_figure(posts: Posts) -> None:
    posts.many(20, lambda n: {"reach": posts.skewed(500)})
    with posts.context.database.read() as session:
        assert usual_age(session) == "latest"
        assert usual_age(session, "engagement_rate") == "7d"


def test_findings_look_at_posts_of_before_beatline_at_the_age_that_the_page_begins_with(posts: Posts) -> None:
    posts.many(60, lambda n: {"has_picture": n % 2 == 0, "reach": posts.skewed(500) * (5 if n % 2 == 0 else 1)})
    with posts.context.database.read() as session:
        [found] = [one for one in work_out(session, posts.context.clock.now()) if one.kind == "difference"]
    assert found.key.startswith("difference picture")
    assert found.measure.startswith("People reached so far, times that of posts like them")


def test_every_grouping_can_be_asked_for_and_another_is_refused(posts: Posts) -> None:
    posts.many(30, lambda n: {"text": "Out? #HexleyMoor 🦆" * (1 + n % 20), "hours": n, "reach_7d": posts.skewed(500)})
    for by in GROUPINGS:
        assert posts.compare(by).by == by
    with pytest.raises(InputError, match="'author' is not known as by"):
        posts.compare("author")


def test_a_finding_has_to_stand_against_everything_that_was_looked_at(posts: Posts) -> None:
    def make(n: int) -> dict[str, Any]:
        return {"has_picture": n % 2 == 0, "hours": n * 5, "reach_7d": posts.skewed(630 if n % 2 == 0 else 480)}

    posts.many(80, make)
    with posts.context.database.read() as session:
        alone = compare(session, "picture")
        chance = alone.groups[0].chance
        assert chance is not None
        many = [("picture", "reach"), *((by, "reach") for by in ("hour", "weekday", "emoji", "length"))]
        together = compare_many(session, many)[0]
    assert (bool(alone.findings), bool(together.findings)) == (chance < 0.025, chance < 0.025 / 15)
    assert 0.0025 < chance < 0.025


def test_timing_claims_nothing_where_nothing_shows_and_says_when_there_are_too_few(posts: Posts) -> None:
    """M12."""
    with posts.context.database.read() as session:
        assert timing(session).headline == "Too few posts to say."
        assert timing(session).say_slot(posts.context.clock.now()) == "Too few posts to say."
    posts.many(120, lambda n: {"hours": n * 7 % 24, "days": 20 + n, "reach_7d": posts.skewed(500)})
    with posts.context.database.read() as session:
        found = timing(session)
        assert not found.claims
        assert found.headline.startswith("No time of day and no day of the week does better or worse")
        assert found.say_slot(posts.context.clock.now()) == "Your own posts show no clear effect of this time."
        told = [moment for moment in found.hours if moment.ratio is not None]
        assert all(abs(np.log(moment.ratio)) < 0.25 for moment in told)


def test_an_hour_that_does_better_is_told_with_its_evidence(posts: Posts) -> None:
    def make(n: int) -> dict[str, Any]:
        return {"hours": n * 7 % 24, "days": 20 + n}

    now = posts.context.clock.now()

    def figured(n: int) -> dict[str, Any]:
        made = make(n)
        hour = as_local(now - timedelta(days=made["days"], hours=made["hours"])).hour
        return {**made, "reach_7d": posts.skewed(2500 if 18 <= hour < 21 else 500)}

    posts.many(200, figured)
    with posts.context.database.read() as session:
        found = timing(session)
    assert found.claims
    assert found.claims[0].label == "6pm to 9pm"
    assert found.claims[0].low > 1
    assert "posts; somewhere between" in found.headline


def test_light_and_serious_says_too_few_and_never_speaks_of_missing_people(posts: Posts) -> None:
    """R11, M14."""
    kinds = ("lighthearted", "appeal_missing", "event")
    posts.many(90, lambda n: {"content_type": kinds[n % 3], "days": 10 + n * 2, "reach_7d": posts.skewed(500)})
    with posts.context.database.read() as session:
        found = light_serious(session)
    assert (found.reach.n_with, found.reach.n_without) == (0, 0)
    assert found.headline.startswith("Too few weeks and appeals to tell")
    assert not any("led to" in said or "caused" in said for said in (*found.sentences, *found.cannot, found.headline))


def test_followers_gained_are_counted_between_the_beginnings_of_weeks(posts: Posts) -> None:
    now = posts.context.clock.now()
    posts.many(120, lambda n: {"content_type": "lighthearted" if n % 8 == 0 else "event", "days": 5 + n * 3})
    with posts.context.database.write() as session:
        for day in range(370):
            session.add(Audience(account_id=posts.account("town"), followers=2000 + (370 - day), source_metric="f",
                                 fetched_at=now - timedelta(days=day)))  # fmt: skip
    with posts.context.database.read() as session:
        found = light_serious(session).followers
    assert found.n_with > 5
    assert found.estimate == pytest.approx(0, abs=0.05)
    assert "for every 1,000" in found.sentence


def test_the_command_prints_what_the_function_says(posts: Posts) -> None:
    posts.many(60, lambda n: {"has_picture": n % 2 == 0, "reach_7d": posts.skewed(900 if n % 2 == 0 else 300)})
    told = json.loads(run(posts.context, "insights", "compare", "--by", "picture", "--json").stdout)
    expected = posts.compare("picture", until=posts.context.clock.now())
    assert told["groups"][0]["ratio"] == pytest.approx(expected.groups[0].ratio)
    assert told["headline"] == expected.headline
    assert expected.headline in run(posts.context, "insights", "compare", "--by", "picture").stdout
    for name in ("timing", "light"):
        assert run(posts.context, "insights", name).exit_code == 0
