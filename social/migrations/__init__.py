"""Schema changes, in order. Every table of every slice is here, because there is one database."""
