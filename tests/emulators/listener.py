"""A webhook that only listens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer


@asynccontextmanager
async def listener(*statuses: int) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Run a webhook that answers with these statuses, then with 200; yields its address and what came."""
    came: list[tuple[dict[str, str], bytes]] = []
    answers = iter(statuses)

    async def take(request: web.Request) -> web.Response:
        came.append((dict(request.headers), await request.read()))
        return web.Response(status=next(answers, 200))

    app = web.Application()
    app.router.add_post("/", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/")), came
