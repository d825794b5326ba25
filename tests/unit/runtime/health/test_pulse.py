"""A pulse: a server that hangs, or refuses, shows as silence; one that answers again ends it."""

from __future__ import annotations

import asyncio

from services.runtime.errors import NotAdmitted
from services.runtime.health.pulse import Pulse

SHORT = 0.02
DEADLINE = 5.0


class Server:
    def __init__(self) -> None:
        self.hangs = False
        self.refuses = False
        self.asked = asyncio.Semaphore(0)

    async def answer(self) -> None:
        self.asked.release()
        if self.hangs:
            await asyncio.Event().wait()
        if self.refuses:
            raise OSError


async def until_asked(server: Server, times: int) -> None:
    async with asyncio.timeout(DEADLINE):
        for _ in range(times):
            await server.asked.acquire()


def test_a_server_that_hangs_or_refuses_is_silent_until_it_answers() -> None:
    async def run() -> tuple[float, float, float]:
        server = Server()
        pulse = Pulse(server.answer, SHORT, lambda _: None)
        found = []
        for server.hangs, server.refuses in ((True, False), (False, True), (False, False)):
            await until_asked(server, 10)
            found.append(pulse.silent_seconds)
        await pulse.close()
        return found[0], found[1], found[2]

    hanging, refusing, answering = asyncio.run(run())
    assert 5 * SHORT < hanging < refusing
    assert answering < refusing


def test_a_server_that_does_not_let_us_in_is_told_to_the_worker() -> None:
    """A changed password shows only at the next question; a pulse that only counted silence would hide why."""

    async def run() -> NotAdmitted:
        refusal: asyncio.Future[NotAdmitted] = asyncio.get_running_loop().create_future()

        async def ask() -> None:
            raise NotAdmitted("wrong password")

        def refused(error: NotAdmitted) -> None:
            if not refusal.done():
                refusal.set_result(error)

        pulse = Pulse(ask, SHORT, refused)
        async with asyncio.timeout(DEADLINE):
            found = await refusal
        await pulse.close()
        return found

    assert str(asyncio.run(run())) == "wrong password"
