"""Where people talk to the bot: each channel asks `service` and shows its replies in its own way; they do not know each other.

Others use: `telegram`, `terminal`."""
