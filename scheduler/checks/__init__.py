"""Checks on a post, one small module per family; each finding cites the rule it enforces (see docs/rules.md)."""
