"""A base ready to answer: read, fitted or taken from the cache, and exchanged for a new one while the bot runs.

Others use: `base` to open one, `learn` for the first fit beside other work, `reload`, and `freeze` for the base as JSON."""
