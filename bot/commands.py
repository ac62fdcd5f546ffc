"""The bot's commands by where they are listed, in the order in which people see them. What each does is for the channels."""

from __future__ import annotations

NEWS = "news"  # listed and known only where the base has any
START = "start"  # sent by Telegram's own button: nobody has to find it in a list
PRIVATE = ("help", "topics", "random", "news", "language", "settings", "about", "privacy", "forget")
GROUP = ("ask", "topics", "random", "news", "help", "language", "about", "privacy")
ADMIN = ("stats", "unanswered", "reload", "digest")  # for all others none of these exists

EVERYBODY = frozenset({START, *PRIVATE, *GROUP})
ALL = EVERYBODY | frozenset(ADMIN)  # names that no topic may take
