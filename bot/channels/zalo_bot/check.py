"""How a Zalo Bot stands: its token, and that what people write has one way to us."""

from collections.abc import Awaitable, Callable

from bot.channels.channel import Hook, HookFailed
from bot.channels.zalo_bot.http import BAD_TOKEN, Client, NotSent, Refused, Unanswered
from bot.findings import Finding, fault, ok


async def examine(
    account: str, client: Client, wanted: str, hook: Callable[[], Awaitable[Hook]]
) -> list[Finding]:
    """Look at one bot. `wanted` is the address Zalo is to call, empty where we poll."""
    try:
        await client.call("getMe")
        found = await hook()
    except (Refused, NotSent, Unanswered, HookFailed) as error:
        if isinstance(error, Refused) and error.code == BAD_TOKEN:
            return [fault(account, "Zalo refuses the token", "take the right one from Zalo Bot Manager")]
        do = "see that this machine reaches ZALO_BOT_API_URL: network, proxy, firewall"
        return [fault(account, f"Zalo cannot be asked: {error}", do)]
    return [ok(account, "Zalo knows the token"), _way(account, wanted, found)]


def _way(account: str, wanted: str, found: Hook) -> Finding:
    if found.url == wanted:
        return ok(account, f"Zalo calls {wanted}" if wanted else "it is polled, and Zalo calls nobody")
    if wanted:
        so = f"Zalo calls {found.url or 'nobody'}, not {wanted}"
        return fault(account, so, "`python -m bot webhook set`")
    do = "`python -m bot webhook delete`, or set ZALO_BOT_MODE=webhook"
    return fault(account, f"it is to be polled, but Zalo calls {found.url}", do)
