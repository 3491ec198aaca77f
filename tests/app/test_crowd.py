"""More websockets than there is room for: the one that was silent longest makes room."""

import asyncio
from pathlib import Path
from typing import Any

from kantelpunt.viz.app.security.access import Door
from kantelpunt.viz.app.security.middleware import TOO_MANY, Guard

PLACE, OWN = ("127.0.0.1", 8765), b"127.0.0.1:8765"
FINE = {
    "type": "websocket.receive",
    "text": '{"header": {"msg_type": "kernel_info_request"}, "metadata": {}, "content": {}, "channel": "shell"}',
}


class Line:
    """A websocket to a guard, and what it was told."""

    def __init__(self, guard: Guard, name: str) -> None:
        """Open it."""
        self.said: asyncio.Queue[Any] = asyncio.Queue()
        self.told: list[Any] = []
        scope = {
            "type": "websocket", "path": f"/jupyter/api/kernels/{name}/channels", "query_string": b"session_id=page",
            "server": PLACE, "client": ("127.0.0.1", 50_000), "headers": [(b"host", OWN)],
        }  # fmt: skip
        self.task = asyncio.create_task(guard(scope, self.said.get, self.hear))

    async def hear(self, message: Any) -> None:
        """Take what it is told; where it is closed it goes, as a browser does."""
        self.told.append(message)
        if message["type"] == "websocket.close":
            self.said.put_nowait({"type": "websocket.disconnect", "code": message["code"]})

    @property
    def ended(self) -> bool:
        """Return whether it was closed for want of room."""
        return {"type": "websocket.close", "code": TOO_MANY} in self.told


async def talk(scope: Any, receive: Any, send: Any) -> None:
    """Be an app that listens until a browser goes."""
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def settle() -> None:
    """Let everybody do what they can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_the_websocket_that_was_silent_longest_makes_room_for_a_newcomer() -> None:
    async def play() -> None:
        guard = Guard(talk, Door(), Path(), most=3)
        lines = [Line(guard, f"k{i}") for i in range(3)]
        await settle()
        lines[0].said.put_nowait(FINE)
        await settle()
        late = Line(guard, "late")
        await settle()
        assert [each.ended for each in (*lines, late)] == [False, True, False, False]
        assert len(guard.inside) == 3
        for i in range(50):  # any number may come: a newcomer is always let in
            last = Line(guard, f"more{i}")
            await settle()
            assert not last.ended and len(guard.inside) == 3
        for each in (*lines, late, last):
            each.said.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(asyncio.gather(*(each.task for each in (*lines, late, last))), 30)
        await settle()
        assert len(guard.inside) < 3, "one that has gone takes no room"

    asyncio.run(play())
