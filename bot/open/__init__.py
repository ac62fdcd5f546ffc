"""A base ready to answer: read, fitted or taken from the cache, and exchanged for a new one while the bot runs.

Others use: `base` to open one, `cache` for it alone, unfitted, `learn` for the first fit beside other work, `fallback` for the
start of a bot, `last_good` for what is kept for it, `reload`, and `freeze` for the base as JSON."""
