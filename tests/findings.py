"""A finding with dull fields, for tests of what becomes of findings."""

from insights.findings import Finding, Mark


def made(key: str, substance: str = "x", *, kind: str = "", chance: float | None = None) -> Finding:
    return Finding(
        key, kind or key, f"{key} is so.", 6, "posts", substance, ("What", "Posts"), (("this", 6),), "bars",
        (Mark("this", 0.5, "50%", 6),), "Share", "It does not say why.", "docs/definitions.md", chance=chance,
    )  # fmt: skip
