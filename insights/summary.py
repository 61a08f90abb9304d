"""Figures by content type as the demo reports them: the same functions as the page What works."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from insights.figures import figures_by


def summary(session: Session) -> Mapping[str, Any]:
    """Content type -> posts, reach (median) and engagement_rate, None where not reported, and sentiment shares."""
    return {
        row.group: {
            "posts": row.posts,
            "reach": row.reach,
            "engagement_rate": row.engagement_rate,
            "sentiment": {
                "negative": row.share_negative,
                "neutral": row.share_neutral,
                "positive": row.share_positive,
                "unknown": row.share_unknown,
            },
        }
        for row in figures_by(session, "content_type")
    }
