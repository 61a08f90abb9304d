"""How a trial ends: everything is done and checked as in earnest, inside a transaction that keeps nothing."""


class DryRun(Exception):
    """Raised inside the transaction, and caught around it."""
