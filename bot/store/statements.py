"""The statements of `sql`, written once for both databases; none of them waits for another's result."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Delete,
    Executable,
    Table,
    any_,
    bindparam,
    case,
    delete,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import chats, counts, dismissed, handled, inbox, lanes, marks, pulse, questions, votes, watches

# Rows that one statement deletes: some 20 ms.
PORTION = 5_000


class Statements:
    """Built once for a dialect, so that SQLAlchemy compiles each a single time."""

    def __init__(self, dialect: str) -> None:
        self._insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
        self.beat = self._upsert(pulse, {"id": 1, "beat": bindparam("beat")}, "beat")
        self.languages = select(chats.c.chat, chats.c.language).where(listed(dialect, chats.c.chat, "chats"))
        self.set_language = self._upsert(chats, {"chat": bindparam("chat"), "language": bindparam("lang")}, "language")
        self.unset_language = delete(chats).where(chats.c.chat == bindparam("chat"))
        self.copy_chat = self._copy_chat()
        self.add_question = self._add_question()
        self.drop_question = delete(questions).where(
            *(questions.c[name] == bindparam(name) for name in ("reply", "kind"))
        )
        self.forget_questions = (
            delete(questions).where(listed(dialect, questions.c.id, "ids")).returning(questions.c.id)
        )
        self.dismiss = self._insert(dismissed).values(_named("mark", "at")).on_conflict_do_nothing()
        self.dismissed = select(dismissed.c.mark)
        self.add_watch = self._upsert(watches, _named("asker", "question", "payload", "asked"), "payload", "asked")
        self.watches = select(watches).order_by(watches.c.asked, watches.c.asker, watches.c.question)
        self.take_watch = delete(watches).where(*(column == bindparam(column.name) for column in watches.primary_key))
        self.questions = _questions()
        self.question_count = select(func.count()).select_from(questions)
        self.vote = self._upsert(votes, _named("asker", "message", "entry", "value", "day"), "value", "day")
        self.withdraw = delete(votes).where(*(column == bindparam(column.name) for column in votes.primary_key))
        self.votes = _votes()
        self.count = self._count()
        self.mark = self._mark()
        self.unmark = delete(marks).where(*(column == bindparam(column.name) for column in marks.primary_key))
        self.marks = select(marks.c.owner, marks.c.value).where(marks.c.kind == bindparam("kind"))
        self.counts = select(counts).where(counts.c.day >= bindparam("since")).order_by(*counts.primary_key)

    def _add_question(self) -> Any:
        row = _named("text", "lang", "nearest", "asker", "asked", "kind", "note", "reply")
        new = self._insert(questions).values(row)
        return new.on_conflict_do_update(
            index_elements=[questions.c.reply], set_={name: new.excluded[name] for name in row}
        )

    def _copy_chat(self) -> Any:
        found = select(bindparam("new", type_=chats.c.chat.type), chats.c.language).where(
            chats.c.chat == bindparam("old")
        )
        new = self._insert(chats).from_select(["chat", "language"], found)
        return new.on_conflict_do_update(index_elements=[chats.c.chat], set_={"language": new.excluded.language})

    def _count(self) -> Any:
        new = self._insert(counts).values(_named("day", "kind", "entry", "n"))
        total = counts.c.n + new.excluded.n
        return new.on_conflict_do_update(index_elements=list(counts.primary_key), set_={"n": total})

    def _mark(self) -> Any:
        """Touches no row that has the value already."""
        new = self._insert(marks).values(_named("owner", "kind", "value"))
        return new.on_conflict_do_update(
            index_elements=list(marks.primary_key),
            set_={"value": new.excluded.value},
            where=marks.c.value != new.excluded.value,
        )

    def _upsert(self, table: Any, row: dict[str, Any], *changed: str) -> Any:
        new = self._insert(table).values(row)
        return new.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in changed}
        )


def listed(dialect: str, column: Any, name: str) -> Any:
    """Whether the column is among the values of one parameter, a list."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


def _named(*columns: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in columns}


def _questions() -> Executable:
    newest_first = (questions.c.asked.desc(), questions.c.id.desc())
    return select(questions).order_by(*newest_first).limit(bindparam("limit")).offset(bindparam("offset"))


def _votes() -> Executable:
    up, down = (func.sum(case((test, 1), else_=0)) for test in (votes.c.value > 0, votes.c.value < 0))
    chosen = select(votes.c.entry, up.label("up"), down.label("down"))
    return chosen.where(votes.c.day >= bindparam("since")).group_by(votes.c.entry)


def belongings(asker: str) -> list[Delete]:
    """All that is kept of a person, and of the private chat with them."""
    return [
        delete(chats).where(chats.c.chat == asker),
        delete(questions).where(questions.c.asker == asker),
        delete(votes).where(votes.c.asker == asker),
        delete(marks).where(marks.c.owner == asker),
        delete(watches).where(watches.c.asker == asker),
    ]


def outdated(journal_before: float, questions_before: float, *, voted: date, counted: date) -> list[Delete]:
    """Each deletes one portion, and is to be repeated until nothing is left."""
    return [
        _portion(handled, handled.c.at < journal_before),
        _portion(lanes, lanes.c.lease_until < journal_before),
        _portion(questions, questions.c.asked < questions_before),
        _portion(watches, watches.c.asked < questions_before),
        _portion(votes, votes.c.day < voted),
        _portion(counts, counts.c.day < counted),
    ]


def unhandled(before: float) -> Delete:
    """A portion of what was asked before and still waits."""
    return _portion(inbox, inbox.c.asked < before)


def _portion(table: Table, old: ColumnElement[bool]) -> Delete:
    """What somebody else is at is left to the next time: else two might wait for each other."""
    key = tuple_(*table.primary_key)
    found = select(*table.primary_key).where(old).limit(PORTION).with_for_update(skip_locked=True)
    return delete(table).where(key.in_(found))
