"""What the store's tests share: a PostgreSQL database of their own, and the contract."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, make_url

from bot.store.base import MissKind, Store, Watch
from tests.clocks import MovedClock
from tests.inbox_contract import ME, InboxContract, arrives, ids, update

POSTGRES = "REFORMBOT_TEST_POSTGRES"
POSTGRES_DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"

# The tests have nothing to lose in a power cut.
HASTE = {"synchronous_commit": "off"}

TODAY = date(2026, 3, 14)
PERSON, OTHER = "person-1", "person-2"


async def admin(statement: str, url: str | None = None) -> list[Any]:
    """Run a statement as a client of the tests' own, past everything that is tested."""
    import asyncpg

    connection = await asyncpg.connect(
        url or (os.environ.get(POSTGRES) or POSTGRES_DEFAULT), timeout=3, server_settings=HASTE
    )
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of a new database, dropped afterwards; skips without a server, but fails in CI."""
    server = os.environ.get(POSTGRES) or POSTGRES_DEFAULT
    name = f"reformbot_test_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        asyncio.run(admin(f"CREATE DATABASE {name}"))
    except OSError as error:
        if os.environ.get("CI") or os.environ.get(POSTGRES):
            pytest.fail(f"No PostgreSQL at {POSTGRES} ({error}); CI tests all the stores.")
        pytest.skip(f"No PostgreSQL answers; give the address of one in {POSTGRES}")
    try:
        url: URL = make_url(server).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        asyncio.run(admin(f"DROP DATABASE {name} WITH (FORCE)"))


async def language(store: Store, chat: str) -> str | None:
    return (await store.languages([chat])).get(chat)


class StoreContract(InboxContract):
    """Every store keeps these rules. A subclass gives the fixtures `store` (opened, empty) and `clock` (its clock)."""

    # settings of a chat

    async def test_a_chat_has_no_language_until_it_chooses_one(self, store: Store) -> None:
        assert await language(store, "chat-1") is None

    async def test_the_last_choice_of_a_language_counts_and_can_be_taken_back(self, store: Store) -> None:
        await store.set_language("chat-1", "ru")
        await store.set_language("chat-1", "kk")
        assert (await language(store, "chat-1"), await language(store, "chat-2")) == ("kk", None)
        await store.set_language("chat-1", None)
        assert await language(store, "chat-1") is None

    async def test_a_group_that_becomes_a_supergroup_keeps_its_settings(self, store: Store) -> None:
        await store.set_language("old", "kk")
        await store.set_language("new", "en")
        await store.move_chat("old", "new")
        assert (await language(store, "old"), await language(store, "new")) == (None, "kk")

    async def test_moving_a_chat_without_settings_changes_nothing(self, store: Store) -> None:
        await store.set_language("new", "en")
        await store.move_chat("old", "new")
        assert await language(store, "new") == "en"

    async def test_moving_a_chat_to_itself_loses_nothing(self, store: Store) -> None:
        await store.set_language("same", "en")
        await store.move_chat("same", "same")
        assert await language(store, "same") == "en"

    # questions in vain

    async def test_questions_come_newest_first_and_page_by_page(self, store: Store, clock: MovedClock) -> None:
        for n in range(5):
            await store.add_unanswered(f"question {n}", "en", None, PERSON)
            clock.move(seconds=n % 2)
        assert [q.text for q in await store.unanswered(limit=2)] == ["question 4", "question 3"]
        assert [q.text for q in await store.unanswered(limit=9, offset=3)] == ["question 1", "question 0"]
        assert await store.unanswered_count() == 5

    async def test_a_question_comes_back_with_all_that_was_said_of_it(self, store: Store, clock: MovedClock) -> None:
        await store.add_unanswered("Қанша жыл?", "kk", "presidential-term", PERSON)
        [question] = await store.unanswered()
        assert (question.text, question.lang, question.nearest) == ("Қанша жыл?", "kk", "presidential-term")
        assert question.asked == clock.now

    async def test_a_question_can_be_dated_back(self, store: Store, clock: MovedClock) -> None:
        earlier = clock.now - timedelta(minutes=5)
        await store.add_unanswered("now", "en", None, PERSON)
        await store.add_unanswered("then", "en", None, PERSON, earlier)
        assert [(q.text, q.asked) for q in await store.unanswered()] == [("now", clock.now), ("then", earlier)]

    async def test_questions_are_scrubbed_before_they_are_kept(self, store: Store) -> None:
        await store.add_unanswered("write to me@example.kz or +7 701 000 00 00", "en", None, PERSON)
        assert (await store.unanswered())[0].text == "write to [email] or [phone]"

    @pytest.mark.parametrize("text", ["", " \n ", "\u200b\x00\ufeff"])
    async def test_a_question_without_a_visible_sign_is_not_kept(self, store: Store, text: str) -> None:
        await store.add_unanswered(text, "en", None, PERSON)
        assert await store.unanswered_count() == 0

    @pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "'; DROP TABLE questions; --", "🏛" * 900, "%s :id {0}"])
    async def test_no_text_breaks_the_store(self, store: Store, text: str) -> None:
        await store.add_unanswered(text, "en", None, PERSON)
        assert len((await store.unanswered())[0].text) <= 500

    async def test_a_question_says_what_it_came_to_and_what_was_written_of_it(self, store: Store) -> None:
        note = "wrong year, call +7 701 000 00 00"
        await store.add_unanswered("how long", "en", "term", PERSON, kind=MissKind.REPORTED, note=note)
        await store.add_unanswered("", "en", "term", PERSON, kind=MissKind.REPORTED, note="a slip")
        await store.add_unanswered("", "en", "term", PERSON, kind=MissKind.REPORTED, note=" ")
        slip, year = await store.unanswered()
        assert (year.text, year.kind, year.note) == ("how long", MissKind.REPORTED, "wrong year, call [phone]")
        assert (slip.text, slip.note) == ("", "a slip")

    async def test_a_later_word_on_a_reply_takes_the_place_of_the_former_and_keeps_its_number(
        self, store: Store
    ) -> None:
        await store.add_unanswered("q", "en", "a", PERSON, kind=MissKind.OFFERED, reply="m1")
        [offered] = await store.unanswered()
        await store.add_unanswered("q", "en", "a", PERSON, kind=MissKind.NONE, reply="m1")
        await store.add_unanswered("other", "en", "a", PERSON, kind=MissKind.OFFERED, reply="m2")
        other, none = await store.unanswered()
        assert (none.kind, none.id, other.id != none.id) == (MissKind.NONE, offered.id, True)

    async def test_what_was_offered_is_taken_back_by_a_tap_but_not_what_was_said_of_it(self, store: Store) -> None:
        await store.add_unanswered("q", "en", "a", PERSON, kind=MissKind.OFFERED, reply="m1")
        await store.add_unanswered("r", "en", "a", PERSON, kind=MissKind.NONE, reply="m2")
        for reply in ("m1", "m2", "m3"):
            await store.drop_unanswered(reply, MissKind.OFFERED)
        assert [one.text for one in await store.unanswered()] == ["r"]

    async def test_a_number_never_comes_to_mean_another_question(self, store: Store) -> None:
        await store.add_unanswered("first", "en", None, PERSON)
        await store.add_unanswered("second", "en", None, PERSON)
        second, first = await store.unanswered()
        assert await store.forget_unanswered([second.id, second.id + 99]) == 1
        assert await store.forget_unanswered([]) == 0
        await store.add_unanswered("third", "en", None, PERSON)
        third, _ = await store.unanswered()
        assert third.id not in (first.id, second.id)

    async def test_what_was_set_aside_stays_so_for_good(self, store: Store, clock: MovedClock) -> None:
        await store.dismiss(["a", "b", "a"])
        await store.dismiss(["b", "c"])
        await store.dismiss([])
        clock.move(days=400)
        await store.prune(clock.now)
        assert await store.dismissed() == {"a", "b", "c"}

    # who waits for an answer

    async def test_who_waits_waits_once_for_each_question_and_is_told_once(
        self, store: Store, clock: MovedClock
    ) -> None:
        first, again = Watch(PERSON, "q1", b"\x00old"), Watch(PERSON, "q1", b"\xffnew")
        await store.add_watch(first)
        clock.move(seconds=1)
        await store.add_watch(Watch(OTHER, "q1", b"x"))
        clock.move(seconds=1)
        await store.add_watch(again)
        assert await store.watches() == [Watch(OTHER, "q1", b"x"), again]
        assert (await store.take_watch(first), await store.take_watch(first)) == (True, False)
        assert await store.forget(OTHER) == 1
        assert await store.watches() == []

    async def test_nobody_waits_for_more_than_90_days(self, store: Store, clock: MovedClock) -> None:
        await store.add_watch(Watch(PERSON, "q1", b"x"))
        clock.move(days=90)
        assert await store.prune(clock.now) == 0
        clock.move(seconds=1)
        assert await store.prune(clock.now) == 1
        assert await store.watches() == []

    # thumbs

    async def test_votes_are_counted_by_entry(self, store: Store) -> None:
        await store.vote("term", PERSON, "m1", 1)
        await store.vote("term", OTHER, "m2", -1)
        await store.vote("term", PERSON, "m3", 1)
        await store.vote("report", PERSON, "m1", -1)
        assert await store.votes(TODAY) == {"term": (2, 1), "report": (0, 1)}

    async def test_a_later_vote_on_the_same_answer_replaces_the_former(self, store: Store) -> None:
        for value in (1, 1, -1):
            await store.vote("term", PERSON, "m1", value)
        assert await store.votes(TODAY) == {"term": (0, 1)}

    async def test_a_vote_can_be_withdrawn(self, store: Store) -> None:
        await store.vote("term", PERSON, "m1", 1)
        await store.vote("term", PERSON, "m1", 0)
        await store.vote("term", OTHER, "m1", 0)
        assert await store.votes(TODAY) == {}

    async def test_votes_are_counted_from_a_day_on_and_kept_for_90(self, store: Store, clock: MovedClock) -> None:
        await store.vote("term", PERSON, "m1", 1)
        clock.move(days=1)
        await store.vote("term", OTHER, "m2", 1)
        assert await store.votes(TODAY + timedelta(days=1)) == {"term": (1, 0)}
        clock.move(days=90)
        assert (await store.prune(clock.now), await store.votes(TODAY)) == (1, {"term": (1, 0)})

    # counts

    async def test_counts_add_up_by_day_kind_and_entry(self, store: Store) -> None:
        for kind, entry, day in [("asked", None, TODAY)] * 3 + [("answered", "term", TODAY)] * 2:
            await store.count({(kind, entry, day): 1})
        await store.count({("answered", "report", TODAY): 1, ("answered", "many", TODAY): 5})
        await store.count({("answered", "many", TODAY): 2})
        await store.count({("asked", None, TODAY - timedelta(days=1)): 1})
        assert await store.counts(TODAY) == [
            (TODAY, "answered", "many", 7),
            (TODAY, "answered", "report", 1),
            (TODAY, "answered", "term", 2),
            (TODAY, "asked", None, 3),
        ]

    async def test_no_count_is_lost_among_many_at_once(self, store: Store) -> None:
        await asyncio.gather(*(store.count({("asked", None, TODAY): 1}) for _ in range(40)))
        assert await store.counts(TODAY) == [(TODAY, "asked", None, 40)]

    # marks

    async def test_a_mark_is_set_once_and_whoever_is_late_is_told(self, store: Store) -> None:
        assert [await store.mark("", "base", "broken") for _ in range(2)] == [True, False]
        assert await store.mark("", "base", "mended")
        assert await store.mark(PERSON, "base", "broken")
        assert await store.marks("base") == {"": "mended", PERSON: "broken"}
        assert await store.marks("digest") == {}

    async def test_of_many_that_set_the_same_mark_one_is_told_that_it_did(self, store: Store) -> None:
        told = await asyncio.gather(*(store.mark(PERSON, "week", "2026-W48") for _ in range(20)))
        assert sorted(told) == [False] * 19 + [True]

    async def test_a_mark_is_taken_away_once(self, store: Store) -> None:
        await store.mark("", "base", "broken")
        assert [await store.mark("", "base", None) for _ in range(2)] == [True, False]
        assert await store.marks("base") == {}

    # deleting

    async def test_forgetting_a_person_deletes_all_of_theirs_and_nothing_else(self, store: Store) -> None:
        for who in (PERSON, OTHER):
            await store.set_language(who, "ru")
            await store.add_unanswered(f"question of {who}", "en", None, who)
            await store.vote("term", who, "m1", 1)
            await store.mark(who, "digest", "on")
        await store.count({("asked", None, TODAY): 1})
        assert await store.forget(PERSON) == 4
        assert await store.forget(PERSON) == 0
        assert (await language(store, PERSON), await language(store, OTHER)) == (None, "ru")
        assert [q.text for q in await store.unanswered()] == [f"question of {OTHER}"]
        assert await store.votes(TODAY) == {"term": (1, 0)}
        assert await store.marks("digest") == {OTHER: "on"}
        assert len(await store.counts(TODAY)) == 1

    async def test_the_journal_is_kept_for_25_hours_and_questions_for_90_days(
        self, store: Store, clock: MovedClock
    ) -> None:
        await store.settle(ME, done=[1])
        await store.put(ME, [update(3, asked=clock.now.timestamp())])
        await store.add_unanswered("old", "en", None, PERSON)
        clock.move(hours=24, minutes=59)
        await store.settle(ME, done=[2])
        assert await store.prune(clock.now) == 0
        clock.move(minutes=2)
        assert await store.prune(clock.now) == 2
        assert (await arrives(store, 1), await arrives(store, 2)) == (True, False)
        assert ids(await store.settle(ME, leave=["a"])) == []
        clock.move(days=89)
        assert await store.prune(clock.now) >= 2
        assert await store.unanswered() == []

    async def test_a_store_that_is_open_is_healthy(self, store: Store) -> None:
        assert await store.healthy()
