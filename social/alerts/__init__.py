"""The alert service: residents who asked to be told, what they are told, and what they say to it."""
