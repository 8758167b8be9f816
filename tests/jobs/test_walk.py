"""Every job, once for each user and day, over zones, summer times and a year's end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mojodex_tui.backend.store.engines import Engines
from tests.backend import databases
from tests.jobs.walk import USERS, Somebody, World, slots, world

HOUR = timedelta(hours=1)
WEEKS = {
    "spring in Europe": datetime(2026, 3, 27, 12, tzinfo=UTC),
    "spring in Cairo": datetime(2026, 4, 22, tzinfo=UTC),
    "autumn in Europe, Cairo and America": datetime(2026, 10, 24, 12, tzinfo=UTC),
    "the end of a year": datetime(2026, 12, 28, tzinfo=UTC),
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    async with databases.engines(request.param, tmp_path) as engines:
        yield engines


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[World]:
    async with databases.engines("sqlite", tmp_path) as engines, world(engines) as opened:
        yield opened


def test_enough_of_the_world() -> None:
    assert len(USERS) >= 40
    moment = datetime(2026, 6, 15, tzinfo=UTC)
    offsets = {user.local(moment).utcoffset() for user in USERS}
    assert {-11 * HOUR, 14 * HOUR} <= offsets


@pytest.mark.parametrize("begin", WEEKS.values(), ids=WEEKS)
async def test_each_job_fires_once_per_user_and_day(on_sqlite: World, begin: datetime) -> None:
    end = begin + timedelta(days=8)
    await on_sqlite.settle(USERS, begin)
    jobs = on_sqlite.worker()
    # What came due before the walk began is not what is counted.
    on_sqlite.watch.moment = begin - HOUR
    await jobs.do_all_due()
    before_nights = len(await on_sqlite.nights())
    on_sqlite.postbox.letters.clear()

    moment = begin
    while moment < end:
        on_sqlite.watch.moment = moment
        await on_sqlite.correct_offsets(USERS)
        await jobs.do_all_due()
        moment += HOUR

    worked = [night for night in await on_sqlite.nights() if night[2] >= begin]
    assert before_nights == len(USERS)
    told = [
        (letter.to.partition("@")[0], letter.subject, at)
        for at, letter in on_sqlite.postbox.letters
    ]
    moves = await on_sqlite.moves()
    for user in USERS:
        nights = [(day, at) for name, day, at in worked if name == user.name]
        expected = slots(user, 1, begin, end, tick=HOUR)
        if (first := user.local(begin - HOUR)).hour == 0:
            # Put on this very day before the walk, it is not overdue in its first night.
            expected -= {first.date()}
        assert Counter(day for day, _ in nights) == Counter(expected), user
        mornings = [(subject, at) for name, subject, at in told if name == user.name]
        expected = slots(user, 8, begin, end, tick=HOUR)
        assert Counter(subject for subject, _ in mornings) == Counter(map(str, expected)), user
        # One move a night, and one before the walk.
        assert moves[user.name] == len(nights) + 1
        for day, at in nights:
            assert user.local(at).date() == day
            assert _is_near(user, at, 1)
        for _, at in mornings:
            assert _is_near(user, at, 8)


def _is_near(user: Somebody, moment: datetime, hour: int) -> bool:
    """Whether the user's clock shows the hour; an offset may be stale until noon corrects it."""
    shown = user.local(moment).hour
    return shown == hour or (not user.tells_zone and abs(shown - hour) <= 1)


async def test_downtime_makes_late_but_neither_skips_nor_repeats(on_sqlite: World) -> None:
    paris = Somebody("Paris", "Europe/Paris", tells_zone=True)
    thursday = datetime(2026, 11, 19, 12, tzinfo=UTC)
    await on_sqlite.settle((paris,), thursday)
    jobs = on_sqlite.worker()
    on_sqlite.watch.moment = thursday
    await jobs.do_all_due()
    # Asleep over Friday's night and morning, awake again on Saturday.
    saturday = datetime(2026, 11, 21, 10, tzinfo=UTC)
    for _ in range(3):
        on_sqlite.watch.moment = saturday
        await jobs.do_all_due()
        saturday += HOUR
    days = [(str(day), str(at.date())) for _, day, at in await on_sqlite.nights()]
    assert days == [("2026-11-19", "2026-11-19"), ("2026-11-20", "2026-11-21")]
    # Friday's reminder is of no use on Saturday; Thursday's was late, but of its day.
    assert [letter.subject for _, letter in on_sqlite.postbox.letters] == ["2026-11-19"]


async def test_a_week_asleep_is_one_night(on_sqlite: World) -> None:
    paris = Somebody("Paris", "Europe/Paris", tells_zone=True)
    begin = datetime(2026, 11, 10, 12, tzinfo=UTC)
    await on_sqlite.settle((paris,), begin)
    for moment in (begin, begin + timedelta(days=8)):
        on_sqlite.watch.moment = moment
        await on_sqlite.worker().do_all_due()
    assert [str(day) for _, day, _ in await on_sqlite.nights()] == ["2026-11-10", "2026-11-18"]


async def test_a_traveller_has_each_day_once(on_sqlite: World) -> None:
    """Over the date line: the day begins twice, its jobs do not."""
    island = Somebody("Kiritimati", "Pacific/Kiritimati", tells_zone=False)
    moment = datetime(2026, 11, 17, 12, tzinfo=UTC)
    await on_sqlite.settle((island,), moment)
    jobs = on_sqlite.worker()
    for hours in range(48):
        on_sqlite.watch.moment = moment + hours * HOUR
        if hours == 12:
            async with on_sqlite.store.write() as work:
                user = await work.users.get(island.name)
                assert user is not None
                await work.users.change(replace(user, timezone_offset=660))
        await jobs.do_all_due()
    days = [day for _, day, _ in await on_sqlite.nights()]
    assert len(days) == len(set(days))
    letters = [letter.subject for _, letter in on_sqlite.postbox.letters]
    assert len(letters) == len(set(letters)) > 0


async def test_several_workers_do_each_job_once(database: Engines) -> None:
    users = USERS[:12]
    begin = datetime(2026, 11, 18, tzinfo=UTC)
    async with world(database) as everybody:
        await everybody.settle(users, begin)
        workers = [everybody.worker() for _ in range(3)]
        for hours in range(0, 48, 3):
            everybody.watch.moment = begin + hours * HOUR
            await asyncio.gather(*(worker.do_all_due() for worker in workers))
        nights = await everybody.nights()
        assert len(nights) == len({(user, day) for user, day, _ in nights}) >= 2 * len(users)
        assert sum((await everybody.moves()).values()) == len(nights)
        letters = [(letter.to, letter.subject) for _, letter in everybody.postbox.letters]
        assert len(letters) == len(set(letters)) >= len(users)
