"""The accounts on the platforms: each channel says for itself how it stands with its own."""

import asyncio
from collections.abc import Sequence

from bot.channels.channel import Channel, Examined
from bot.findings import Finding, fault

WITHIN = 8.0
"""Seconds one platform may take to answer."""


async def examine(channels: Sequence[Channel], base_url: str) -> list[Finding]:
    """Ask every channel, side by side."""
    found = await asyncio.gather(*(_one(channel, base_url) for channel in channels))
    return [finding for findings in found for finding in findings]


async def _one(channel: Channel, base_url: str) -> Sequence[Finding]:
    if not isinstance(channel, Examined):
        return []
    try:
        async with asyncio.timeout(WITHIN):
            return await channel.examine(base_url)
    except TimeoutError:
        do = "see that this machine reaches the platform: network, proxy, firewall"
        return [fault(channel.account, f"it did not answer within {WITHIN:.0f} seconds", do)]
    except Exception as error:  # noqa: BLE001 - a look at one must not hide the others
        return [fault(channel.account, f"it cannot be looked at: {type(error).__name__}", "read the log")]
