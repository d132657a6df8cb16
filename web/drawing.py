"""Pages and bubbles are drawn off the loop, one at a time: whatever there is to draw, others are answered."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_HAND = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
"""One, so that the loop never shares the processor with more."""


async def drawn(draw: Callable[[], T]) -> T:
    """Return what `draw` returns, drawn beside the loop."""
    return await asyncio.get_running_loop().run_in_executor(_HAND, draw)
