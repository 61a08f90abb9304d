"""What Facebook counts of the Page's posts: a part of `FacebookChannel`.

Facts of Graph v26.0 read in August 2026 at https://developers.facebook.com/docs/graph-api: one unknown name fails a whole
request for insights, so which names live is learnt, and learnt again every day."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from social.channels import facebook_answers as answers
from social.channels.base import Figure, Measured
from social.clock import Clock
from social.errors import NeedsPerson, Refused, TryLater

_FIGURE_FIELDS = "id,shares,reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
_LEARN_AGAIN = timedelta(days=1)
"""How long the knowledge of which metrics Facebook still answers is kept."""

_log = logging.getLogger(__name__)


class FacebookMeasuring:
    """Figures.  What it asks of the rest of the channel is declared here."""

    _clock: Clock
    _ask: Callable[..., Any]
    _get: Callable[..., Any]
    _live_metrics: list[str] | None = None
    _learnt_at: datetime | None = None

    def measure(self, platform_ids: Sequence[str]) -> Measured:
        """Post by post, for Facebook has no call for many. One that it refuses hides no other's figures."""
        figures: list[Figure] = []
        gone: list[str] = []
        kept: Refused | None = None
        for platform_id in platform_ids:
            try:
                figures += self._ask(
                    "measure", partial(self._get, platform_id, fields=_FIGURE_FIELDS), answers.post_figures
                )
                figures += self._insights(platform_id)
            except Refused as refused:
                if refused.reason == "gone":
                    gone.append(platform_id)
                else:
                    _log.warning("figures of post %s are not to be had: %s", platform_id, refused)
                    kept = refused
            except TryLater as error:
                if error.code != "unreadable":
                    raise
                _log.warning("figures of post %s cannot be read", platform_id)
        if kept and not figures and not gone:
            raise kept
        return Measured(tuple(figures), tuple(gone))

    def _insights(self, platform_id: str) -> list[Figure]:
        """What Facebook counts for the Page only. One unknown name fails a whole request, so until it is known which
        names live each is asked for alone. A missing permission hides these figures and no others."""
        try:
            if self._live_metrics is not None and not self._knowledge_is_old():
                try:
                    return self._insight(platform_id, self._live_metrics)
                except Refused as refused:
                    if not answers.is_invalid(refused.code):
                        raise
            return self._learn(platform_id)
        except NeedsPerson as needed:
            if not answers.is_about_permission(needed.code):
                raise
            return []

    def _learn(self, platform_id: str) -> list[Figure]:
        figures: list[Figure] = []
        live = []
        for name in answers.INSIGHTS:
            try:
                figures += self._insight(platform_id, [name])
            except Refused as refused:
                if not answers.is_invalid(refused.code):
                    raise
            else:
                live.append(name)
        self._live_metrics, self._learnt_at = live, self._clock.now()
        return figures

    def _insight(self, platform_id: str, names: Sequence[str]) -> list[Figure]:
        if not names:
            return []
        send = partial(self._get, f"{platform_id}/insights", metric=",".join(names))
        found: list[Figure] = self._ask("measure", send, lambda answer: answers.insight_figures(answer, platform_id))
        return found

    def _knowledge_is_old(self) -> bool:
        return self._learnt_at is None or self._clock.now() - self._learnt_at > _LEARN_AGAIN
