"""What the bot remembers between two updates, in SQLite or PostgreSQL, and what happens while they are away.

Others use: the contracts `base` and `inbox`, `connect` to open a store, `database` for its address, `identity` for hashed names,
`sealing` for what must not be read in it."""
