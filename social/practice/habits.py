"""How many residents answer a post and how steady they are, where that is not left to the post's words.

Kept with each post in what seeds its residents, so that a switch that is moved changes no post that is there already."""

from dataclasses import dataclass

EDITS = (
    "Edit: that was yesterday, not today.",
    "Edit: sorry, wrong street.",
    "Edit: sorted now, thank you all.",
    "Edit: spelling!",
)


@dataclass(frozen=True)
class Habits:
    """replies: about so many to a post, None as many as its words bring.  deleted: share of the replies that their
    author takes away again, None as usual.  edited: share that their author changes (Facebook only), in [0, 1]."""

    replies: int | None = None
    deleted: float | None = None
    edited: float = 0.0

    def seed(self, key: str) -> str:
        """What seeds the residents of a post: its key, and these habits where they are not the usual ones."""
        if self == Habits():
            return key
        replies = "" if self.replies is None else str(self.replies)
        deleted = "" if self.deleted is None else f"{self.deleted:g}"
        return f"{key}~{replies}~{deleted}~{self.edited:g}"


def read_seed(seed: str) -> tuple[str, Habits]:
    """The key and the habits of a seed that `Habits.seed` made."""
    key, _, rest = seed.partition("~")
    if not rest:
        return key, Habits()
    replies, deleted, edited = rest.split("~")
    return key, Habits(int(replies) if replies else None, float(deleted) if deleted else None, float(edited))
