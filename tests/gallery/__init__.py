"""Pictures of every private page for every audience, and a table of who can open it."""
