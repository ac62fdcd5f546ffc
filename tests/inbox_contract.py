"""What every inbox keeps to. Leases run by the database's clock: a subclass tells how its time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.store.base import Store
from bot.store.inbox import Copy, Later, Settled, TakenIn, Waiting
from tests.clocks import MovedClock

ME, OTHER_COPY, OTHER_BOT = Copy(42, "one", 60.0), Copy(42, "two", 60.0), Copy(43, "one", 60.0)


def update(update_id: int, lane: str = "a", asked: float = 1_773_489_600.0) -> Waiting:
    return Waiting(update_id, lane, f"payload {update_id}".encode(), asked)


async def arrives(store: Store, update_id: int, me: Copy = ME, lane: str | None = None) -> bool:
    """Whether an update, in a lane of its own unless one is named, is new to the store."""
    return update_id in (await store.put(me, [update(update_id, lane or f"lane {update_id}")])).fresh


def ids(found: Sequence[Waiting] | Settled) -> list[int]:
    return [waiting.update_id for waiting in (found.found if isinstance(found, Settled) else found)]


class InboxContract:
    async def passes(self, clock: MovedClock, seconds: float) -> None:
        """Let time pass for leases and pauses."""
        clock.move(seconds=seconds)

    async def test_what_is_taken_in_is_ours_and_new_once(self, store: Store) -> None:
        assert await store.put(ME, [update(1), update(2, "b")]) == TakenIn(frozenset({1, 2}), frozenset("ab"), ())
        again = await store.put(ME, [update(1), update(3)], held={"a", "b"})
        assert again == TakenIn(frozenset({3}), frozenset("a"), ())
        assert await store.put(ME, []) == TakenIn(frozenset(), frozenset(), ())

    async def test_it_comes_back_as_it_was_after_a_restart(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(2, "b"), update(1), update(3)])
        await self.passes(clock, 61)
        assert await store.take(OTHER_COPY) == [update(1), update(2, "b"), update(3)]

    async def test_what_was_handled_never_comes_again(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(1)])
        assert ids(await store.settle(ME, done=[1], leave=["a"])) == []
        assert (await store.put(OTHER_COPY, [update(1)])).fresh == frozenset()
        await self.passes(clock, 61)
        assert await store.take(ME) == []

    async def test_an_update_can_be_handled_that_was_not_taken_in(self, store: Store) -> None:
        await store.settle(ME, done=[7, 7])
        assert not await arrives(store, 7)

    async def test_update_ids_are_each_bots_own_and_whole(self, store: Store) -> None:
        await store.settle(ME, done=[2**40])
        assert await arrives(store, 2**40 + 1)
        assert await arrives(store, 2**40, OTHER_BOT)
        assert not await arrives(store, 2**40)
        assert (await store.settle(OTHER_BOT, leave=["lane 1099511627776"])).found == (
            update(2**40, "lane 1099511627776"),
        )

    async def test_a_held_lane_keeps_others_away_but_takes_in_from_them(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(1)])
        found = await store.put(OTHER_COPY, [update(2), update(3, "b")])
        assert (found.fresh, found.ours) == ({2, 3}, {"b"})
        await self.passes(clock, 59)
        assert ids(await store.take(OTHER_COPY)) == []

    async def test_whoever_leaves_a_lane_is_given_what_others_put_there(self, store: Store) -> None:
        await store.put(ME, [update(1)])
        await store.put(OTHER_COPY, [update(2)])
        assert ids(await store.settle(ME, done=[1], leave=["a"])) == [2]
        assert (await store.put(OTHER_COPY, [update(3)])).ours == frozenset()
        assert ids(await store.settle(ME, done=[2], leave=["a"])) == [3]
        assert ids(await store.settle(ME, done=[3], leave=["a"])) == []
        assert (await store.put(OTHER_COPY, [update(4)])).ours == {"a"}

    async def test_a_lane_that_is_not_left_stays_ours(self, store: Store) -> None:
        await store.put(ME, [update(1)])
        await store.settle(ME, done=[1])
        assert (await store.put(OTHER_COPY, [update(2)])).ours == frozenset()

    async def test_what_others_bring_into_a_held_lane_is_given_with_what_its_holder_brings(self, store: Store) -> None:
        """So that it can be put in its place: before what came later."""
        await store.put(ME, [update(1), update(2)])
        await store.put(OTHER_COPY, [update(3), update(4)])
        taken = await store.put(ME, [update(5)], held={"a"})
        assert (taken.fresh, ids(taken.before)) == ({5}, [3, 4])
        assert (await store.put(ME, [update(6)], held={"a"})).before == ()

    async def test_what_others_bring_is_given_when_something_of_the_lane_is_settled(self, store: Store) -> None:
        await store.put(ME, [update(1), update(2)])
        await store.put(OTHER_COPY, [update(3)])
        assert ids(await store.settle(ME, done=[1], lanes=["a"])) == [3]
        assert ids(await store.settle(ME, later=[Later(2, 1, 0.0)], lanes=["a"])) == []
        assert ids(await store.settle(ME, done=[2], leave=["a"])) == [3]

    async def test_whoever_settles_in_a_lane_of_another_is_told_and_changes_nothing_there(
        self, store: Store, clock: MovedClock
    ) -> None:
        await store.put(ME, [update(1), update(2), update(3, "b")])
        await self.passes(clock, 61)
        await store.take(OTHER_COPY)
        found = await store.settle(ME, done=[1], later=[Later(2, 5, 90.0)], lanes=["a"], leave=["b"])
        assert found == Settled((), frozenset("ab"))
        [second] = (await store.settle(OTHER_COPY, leave=["a"])).found
        assert (second.update_id, second.tries, second.pause) == (2, 0, 0.0)
        assert (await store.put(ME, [update(4), update(5, "b")])).ours == frozenset()

    async def test_what_was_noted_is_handled_though_its_copy_was_killed_before_it_took_it_out(
        self, store: Store, clock: MovedClock
    ) -> None:
        await store.put(ME, [update(1), update(2), update(3, "b"), update(4, "c")])
        await store.note(ME, [1, 3])
        await store.note(ME, [])
        assert not await arrives(store, 1, OTHER_COPY, "a")
        await self.passes(clock, 61)
        assert ids((await store.put(OTHER_COPY, [update(5)])).before) == [2]
        assert ids(await store.take(OTHER_COPY)) == [4]
        assert ids(await store.take(OTHER_COPY)) == []

    async def test_what_was_noted_at_once_is_noted(self, store: Store) -> None:
        await store.put(ME, [update(1)])
        if not store.note_at_once(ME, [1]):
            await store.note(ME, [1])
        assert ids(await store.settle(ME, leave=["a"])) == []

    async def test_notes_of_the_same_at_once_do_not_lock_each_other_out(self, store: Store) -> None:
        many = list(range(200))
        await asyncio.gather(
            *(store.note(copy, order) for copy in (ME, OTHER_COPY) for order in (many, many[::-1]) * 4)
        )
        assert not await arrives(store, 199)

    async def test_when_the_lease_has_run_out_another_copy_goes_on(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(1), update(2)])
        await self.passes(clock, 61)
        found = await store.put(OTHER_COPY, [update(3)])
        assert (found.ours, ids(found.before)) == ({"a"}, [1, 2])
        assert (await store.put(ME, [update(4)], held={"a"})).ours == frozenset()
        assert ids(await store.settle(ME, done=[1], leave=["a"])) == []
        assert ids(await store.settle(OTHER_COPY, leave=["a"])) == [2, 3, 4]

    async def test_a_renewed_lease_holds_and_a_lost_one_is_told(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(1), update(2, "b")])
        await self.passes(clock, 50)
        assert await store.renew(ME, ["a", "never"]) == {"a"}
        await self.passes(clock, 20)
        assert ids(await store.take(OTHER_COPY)) == [2]
        assert await store.renew(ME, ["a", "b"]) == {"a"}
        assert await store.renew(ME, []) == frozenset()

    async def test_whoever_stops_lets_others_go_on_at_once(self, store: Store) -> None:
        await store.put(ME, [update(1)])
        await store.let_go(ME)
        assert ids(await store.take(OTHER_COPY)) == [1]

    async def test_what_is_put_off_keeps_its_place_its_tries_and_its_pause(
        self, store: Store, clock: MovedClock
    ) -> None:
        await store.put(ME, [update(1), update(2)])
        await store.settle(ME, later=[Later(1, 3, 90.0)])
        await self.passes(clock, 61)
        first, second = await store.take(OTHER_COPY)
        assert (first.update_id, first.tries, second.update_id, second.tries) == (1, 3, 2, 0)
        assert 25 < first.pause <= 29
        assert second.pause == 0

    async def test_lanes_are_taken_whole_and_the_oldest_first(self, store: Store, clock: MovedClock) -> None:
        await store.put(ME, [update(n, f"lane {n % 4}") for n in range(1, 13)])
        await self.passes(clock, 61)
        assert ids(await store.take(OTHER_COPY, limit=2)) == [1, 2, 5, 6, 9, 10]
        assert ids(await store.take(OTHER_COPY, limit=9)) == [3, 4, 7, 8, 11, 12]

    async def test_many_at_once_are_no_trouble(self, store: Store) -> None:
        many = [update(n, f"lane {n}") for n in range(1, 1301)]
        assert len((await store.put(ME, many)).fresh) == 1300
        assert len(await store.renew(ME, [waiting.lane for waiting in many])) == 1300
        leave = [waiting.lane for waiting in many]
        assert ids(await store.settle(ME, done=range(1, 1301), leave=leave)) == []
        assert (await store.put(OTHER_COPY, many)).fresh == frozenset()

    async def test_of_copies_that_take_in_the_same_at_once_one_gets_it(self, store: Store) -> None:
        copies = [Copy(42, f"copy {n}", 60.0) for n in range(8)]
        found = await asyncio.gather(*(store.put(copy, [update(n) for n in range(1, 6)]) for copy in copies))
        assert sorted(len(taken.fresh) for taken in found) == [0] * 7 + [5]
        assert sorted(len(taken.ours) for taken in found) == [0] * 7 + [1]
        taken = await asyncio.gather(*(store.take(copy) for copy in copies))
        assert all(found == [] for found in taken)

    async def test_nothing_is_forgotten_between_one_who_leaves_and_one_who_brings(self, store: Store) -> None:
        """Whatever the order: of what was brought, each is either given to the one who leaves or held by the other."""
        for n in range(1, 40, 2):
            await store.put(ME, [update(n)])
            left, brought = await asyncio.gather(
                store.settle(ME, done=[n], leave=["a"]), store.put(OTHER_COPY, [update(n + 1)])
            )
            assert (ids(left), brought.ours) in (([n + 1], frozenset()), ([], {"a"}))
            await store.settle(OTHER_COPY if brought.ours else ME, done=[n + 1], leave=["a"])

    async def test_what_comes_twice_while_it_is_being_finished_is_not_taken_in_again(self, store: Store) -> None:
        for n in range(1, 20):
            await store.put(ME, [update(n)])
            _, brought = await asyncio.gather(
                store.settle(ME, done=[n], leave=["a"]), store.put(OTHER_COPY, [update(n)])
            )
            assert brought.fresh == frozenset()
            await store.let_go(OTHER_COPY)
