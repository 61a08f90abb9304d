"""Names of campaigns that posts carry, whether or not they are out yet, and that nobody planned."""

from sqlmodel import Session, col, func, select

from scheduler.posts import Post
from social.campaigns import Campaign


def names_in_posts(session: Session) -> dict[str, int]:
    """Such names in order, each with the number of posts that carry it."""
    query = (
        select(col(Post.campaign), func.count())
        .where(col(Post.campaign).is_not(None), col(Post.campaign).not_in(select(Campaign.name)))
        .group_by(col(Post.campaign))
        .order_by(col(Post.campaign))
    )
    return {name: posts for name, posts in session.exec(query) if name}
