"""What the bot remembers between two updates, in SQLite or PostgreSQL, and what happens while they are away.

Others use: the contracts `base` and `inbox`, `connect` to open a store, `database` for its address, `identity` for hashed names,
`sealing` for what must not be read in it, `scrub` to leave out what leads to a person,
`recent` for what is kept in memory, `migrations` for the version of a database, `tables` to carry all of it elsewhere."""
