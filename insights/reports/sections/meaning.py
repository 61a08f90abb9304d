"""What the figures of a report mean and what they cannot say, in plain words; docs/definitions.md has the formulas."""

from insights.figures import ENOUGH_POSTS
from insights.reports.document import Block, Bullets, Definitions, Heading
from insights.reports.scope import Scope
from social.open_data_credit import credit_for

POSTS = (
    ("Post", "One text or picture that went out on one account of one network. The same words on two networks are two posts."),
    ("Reach", "How many accounts were shown a post, as the network counts them. An account is not a person and may lie "
     "outside the area. Reach is never added up over posts or networks, since the same people see several."),
    ("Engagement", "Reactions, replies, shares, clicks and saves together. Nothing says what people thought."),
    ("Engagement rate", "Engagement divided by reach, post by post; then the middle value over the posts. Where a network "
     "reports no reach, engagement divided by times shown, and the heading says so."),
    ("Median", "The middle value: half of the posts lie above it, half below. One post that did very well does not move it."),
)  # fmt: skip
REPLIES = (
    ("Supportive, critical, neutral", "How a reply speaks of the police or of the post, as a program reads it. It is "
     "weaker than a trained reader. 'Cannot be told' is mostly a language that it cannot score."),
    ("Answered", "A question or complaint under a post that our account answered. A person's answer elsewhere is not seen. Only what "
     "was written since an account was connected to Beatline is counted."),
)  # fmt: skip
ALERTS = (
    ("Alert", "A message by e-mail or text to residents who signed up for alerts. They are counted one by one."),
    ("Useful", "Of the residents who pressed yes or no under an alert, the share who pressed yes."),
)
SURVEYS = (
    ("95% interval", "Had the same survey been asked of other residents of the same kind, the share would lie within it 19 "
     "times out of 20. Few answers make it broad."),
)  # fmt: skip
MISSING = (
    ("Not reported", "The network gave no figure. It is never taken as 0."),
    ("Not measured", "Nobody measured it."),
    ("Too few to tell", f"Fewer than {ENOUGH_POSTS} posts: any difference may be chance, so that nothing is ranked."),
)  # fmt: skip
SMALL = (
    ("Fewer than 5, or hidden", "Small numbers could tell of somebody. They are hidden, and so is whatever else would let "
     "a reader work them out."),
)  # fmt: skip
BRIEFLY = (
    "Reach is a network's own count of accounts that were shown a post; an account is not a person and may lie elsewhere. "
    "A median is the middle value. 'Not reported' is a figure that the network did not give. What was seen here need not have "
    "been caused by the posts."
)
CAUSE = (
    "Something that changed while we worked need not have changed because of our work. This report says what was seen; it "
    "names a cause only where a like area without the work is set beside it."
)


def what_it_means(scope: Scope, *terms: tuple[tuple[str, str], ...]) -> list[Block]:
    """The closing section: terms, limits, where figures come from, and the credit for open data (D06)."""
    items = tuple(item for group in (*terms, MISSING, *((SMALL,) if scope.outside else ())) for item in group)
    sources = [
        "Figures of posts: as each network reports them, read and kept by Beatline, the force's own system for posts and alerts.",
        *open_data(scope),
    ]
    return [
        Heading("Limits and sources"),
        Bullets((CAUSE, *sources)),
        Heading("What the words mean"),
        Definitions(items),
    ]


def open_data(scope: Scope) -> tuple[str, ...]:
    """The lines that the licences of open data ask for, none where no open data is held."""
    found = credit_for(scope.session, scope.place_ids)
    return (found,) if found else ()
