"""What an id may look like: short enough that a button's data and a deep link hold it, in letters that need no quoting."""

from __future__ import annotations

import re

ID = "[a-z0-9][a-z0-9-]{0,47}"  # of an entry, a gap, a refusal group, a change, a kind of small talk
TOPIC = "[a-z0-9_]{1,32}"  # Telegram: a command
LANGUAGE = "[a-z]{2,3}"  # ISO 639

is_id, is_topic, is_language = (re.compile(one).fullmatch for one in (ID, TOPIC, LANGUAGE))
