"""Measures Beatline as a person meets it, beside its goals and beside a plain reference of the same run."""
