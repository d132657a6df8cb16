"""webhook: have the platforms call us, see whether they do, or have them call nobody."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.channels.channel import Channel, Hooked, HookedByHand, HookFailed
from bot.channels.opening import channels
from bot.commands.running import Refused, perform
from bot.settings import Settings
from storage.store.engine import Store

app = typer.Typer(no_args_is_help=True, help="The addresses at which platforms call us: set, show, delete.")
PORTS = (443, 80, 88, 8443)
"""The ports platforms call."""

Account = Annotated[str, typer.Option("--account", help="Of this account alone; else of all.")]
_Do = Callable[[Hooked], Awaitable[str]]


async def set_(settings: Settings, found: Sequence[Channel]) -> list[str]:
    """Have each platform call us at PUBLIC_URL. Returns a line each. Raises Refused."""
    _callable(settings.public_url)

    async def one(channel: Hooked) -> str:
        if not channel.called:
            raise HookFailed("it is polled, so nothing is set; write webhook into its ..._MODE first")
        changed = await channel.set_hook(settings.base_url)
        return "set" if changed else "all is well, nothing was changed"

    return await _each(found, one, settings.base_url)


def _callable(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise Refused("PUBLIC_URL must be an https:// address that the platforms can reach")
    if (parts.port or 443) not in PORTS:
        raise Refused(f"PUBLIC_URL: platforms call the ports {', '.join(map(str, PORTS))} only")


async def show(settings: Settings, found: Sequence[Channel]) -> list[str]:
    """Return what each platform calls, what waits there, and its last error. Raises Refused."""

    async def one(channel: Hooked) -> str:
        hook = await channel.hook()
        if not hook.url:
            return "none is set" if channel.called else "none is set, it is polled"
        failed = f"; last error {_when(hook.failed_at)}: {hook.last_error}" if hook.failed_at else ""
        return f"{hook.url}, {hook.waiting} waiting{failed}"

    return await _each(found, one, settings.base_url)


def _when(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


async def delete(settings: Settings, found: Sequence[Channel]) -> list[str]:
    """Have each platform call nobody. Returns a line each. Raises Refused."""

    async def one(channel: Hooked) -> str:
        await channel.delete_hook()
        return "deleted; it calls nobody"

    return await _each(found, one, settings.base_url)


async def _each(found: Sequence[Channel], do: _Do, base_url: str) -> list[str]:
    """Do it for each account that has one; what one platform refuses does not keep the others from it."""
    lines, failed = [], False
    for channel in found:
        if isinstance(channel, Hooked):
            try:
                lines.append(f"{channel.account}: {await do(channel)}")
            except HookFailed as error:
                failed = True
                lines.append(f"{channel.account}: {error}")
        elif isinstance(channel, HookedByHand):
            lines += [f"{channel.account}: {line}" for line in channel.hook_by_hand(base_url)]
    if failed:
        raise Refused("\n".join(lines))
    return lines or ["no account here has a webhook"]


async def of_account(
    settings: Settings,
    store: Store,
    account: str,
    do: Callable[[Settings, list[Channel]], Awaitable[list[str]]],
) -> list[str]:
    """Do something with the channels of an account, or with all. Raises Refused."""
    made = channels(settings, store)
    try:
        found = [channel for channel in made if account in {"", channel.account}]
        if not found:
            known = ", ".join(channel.account for channel in made)
            raise Refused(f"there is no account {account!r}; there are {known}")
        return await do(settings, found)
    finally:
        for channel in made:
            await channel.close()


@app.command("set")
def set_command(account: Account = "") -> None:
    """Have the platforms call us at PUBLIC_URL."""
    perform(lambda store, settings: of_account(settings, store, account, set_))


@app.command("show")
def show_command(account: Account = "") -> None:
    """Show what they call, what waits there, and the last error."""
    perform(lambda store, settings: of_account(settings, store, account, show))


@app.command("delete")
def delete_command(account: Account = "") -> None:
    """Have them call nobody: the desk can poll then."""
    perform(lambda store, settings: of_account(settings, store, account, delete))
