"""What posts say of campaigns by the name they carry: its title, since when one is planned (R35), and which names nobody
planned."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from scheduler.posts import Post
from social.campaigns import Campaign, campaign_named


def names_in_posts(session: Session) -> dict[str, int]:
    """Such names in order, each with the number of posts that carry it."""
    query = (
        select(col(Post.campaign), func.count())
        .where(col(Post.campaign).is_not(None), col(Post.campaign).not_in(select(Campaign.name)))
        .group_by(col(Post.campaign))
        .order_by(col(Post.campaign))
    )
    return {name: posts for name, posts in session.exec(query) if name}


def campaign_title(session: Session, name: str) -> str:
    """The campaign as people write it: its title where it is planned, else the name without what files put for spaces."""
    campaign = campaign_named(session, name)
    if campaign is not None:
        return campaign.title
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def campaign_began(session: Session, name: str) -> datetime | None:
    """Since when the campaign is planned: its first post, or its launch where that came earlier; None for neither (R35)."""
    first = session.exec(select(func.min(col(Post.created_at))).where(Post.campaign == name)).one()
    campaign = campaign_named(session, name)
    known = [at for at in (first, campaign.launched_at if campaign else None) if at is not None]
    return min(known, default=None)
