"""A Bot API server for tests: real HTTP on the loopback, checked against what aiogram knows of the Bot API."""
