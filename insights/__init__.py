"""What came of it: readings of replies and figures about publications."""
