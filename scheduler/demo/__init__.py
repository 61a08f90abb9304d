"""The fictional force that `beatline demo` sets up: its places, people, plan and a week of work on the practice network."""
