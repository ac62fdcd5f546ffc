"""The tables as SQLAlchemy Core sees them now; how they came about stands in `migrations`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

# SQLite makes a plain INTEGER key the row's own number, which spares an index.
BIG_KEY = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

# Times are seconds since 1970 in UTC: they compare alike in both databases.
inbox = Table(
    "inbox",
    metadata,
    Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
    Column("update_id", BIG_KEY, primary_key=True, autoincrement=False),
    Column("lane", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("asked", Float(53), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Float(53), nullable=False),
    # The copy that has it in memory; "" if it was put into the lane of another.
    Column("owner", String(64), nullable=False, server_default=""),
    Index("inbox_by_lane", "bot", "lane", "update_id"),
)

# Who holds a lane, and with it all that waits there. Whoever changes anything in a lane locks its row first.
lanes = Table(
    "lanes",
    metadata,
    Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
    Column("lane", String(64), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("lease_until", Float(53), nullable=False),
)

# The journal: an update that is here is never handled again.
handled = Table(
    "handled",
    metadata,
    Column("bot", BIG_KEY, primary_key=True, autoincrement=False),
    Column("update_id", BIG_KEY, primary_key=True, autoincrement=False),
    Column("at", Float(53), nullable=False),
    Index("handled_by_at", "at"),
)

# One row, written by `healthy`: only a write shows that the disk takes writes.
pulse = Table(
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beat", Float(53), nullable=False),
)

chats = Table(
    "chats",
    metadata,
    Column("chat", String(64), primary_key=True),
    Column("language", String(16), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", BIG_KEY, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("nearest", String(128), nullable=True),
    Column("asker", String(64), nullable=False),
    Column("asked", Float(53), nullable=False),
    Column("kind", String(16), nullable=False, server_default="declined"),
    Column("note", Text, nullable=False, server_default=""),
    # The message it was said under, as a key: one row for each, so that a later word on it takes the place of the former.
    Column("reply", String(80), nullable=True),
    Index("questions_by_asked", "asked"),
    Index("questions_by_asker", "asker"),
    Index("questions_by_reply", "reply", unique=True),
    sqlite_autoincrement=True,  # a number that a maintainer has read must not come to mean another question
)

# What maintainers set aside: keys of the words, from which nobody reads the question, so they may be kept for good.
dismissed = Table(
    "dismissed",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("at", Float(53), nullable=False),
)

# Who waits for an answer. Where to is sealed with the question; `question` is a key of it.
watches = Table(
    "watches",
    metadata,
    Column("asker", String(64), primary_key=True),
    Column("question", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("asked", Float(53), nullable=False),
    Index("watches_by_asked", "asked"),
)

votes = Table(
    "votes",
    metadata,
    Column("asker", String(64), primary_key=True),
    Column("message", String(64), primary_key=True),
    Column("entry", String(128), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Index("votes_by_day", "day"),
)

# What has to be known to all copies, one value of each kind for an owner: a chat, or "" for the bot as a whole.
marks = Table(
    "marks",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("value", String(128), nullable=False),
)

# `entry` is "" where the kind has none: NULL would never conflict with NULL.
counts = Table(
    "counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("entry", String(128), primary_key=True),
    Column("n", Integer, nullable=False),
)
