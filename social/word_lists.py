"""Word lists are typed as one text: the one way to read them."""


def words_of(text: str) -> frozenset[str]:
    """The words of a list that is typed as one text."""
    return frozenset(text.split())
