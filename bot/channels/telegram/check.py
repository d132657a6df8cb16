"""How a bot stands with Telegram: its token, and that what people write has one way to us."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.channel import Hook, HookFailed
from bot.findings import Finding, fault, ok, warning
from bot.hooks import MANY

LATELY = timedelta(hours=1)
"""Telegram tells of its last error for ever; after so long without another it is over."""
_SET = "`python -m bot webhook set`"


async def examine(
    account: str,
    bot: Bot,
    wanted: str,
    hook: Callable[[], Awaitable[Hook]],
    *,
    polled_here: bool,
) -> list[Finding]:
    """Look at one bot. `wanted` is the address Telegram is to call, empty where we poll."""
    try:
        me = await bot.get_me()
        found = await hook()
        if wanted:
            way = _hook(account, wanted, found)
        else:
            way = [await _polling(account, bot, found, polled_here=polled_here)]
    except InvalidToken:
        return [fault(account, "Telegram refuses the token", "take the right one from @BotFather")]
    except (TelegramError, HookFailed) as error:
        do = "see that this machine reaches TELEGRAM_API_URL: network, proxy, firewall"
        return [fault(account, f"Telegram cannot be asked: {error}", do)]
    return [ok(account, f"the token is @{me.username}'s"), *way]


def _hook(account: str, wanted: str, found: Hook) -> list[Finding]:
    if found.url != wanted:
        so = f"Telegram calls {found.url or 'nobody'}, not {wanted}"
        return [fault(account, so, _SET)]
    findings = [ok(account, f"Telegram calls {found.url}")]
    if found.waiting >= MANY:
        so = f"{found.waiting} updates wait at Telegram"
        findings.append(warning(account, so, "see that a web process runs and is reached"))
    if found.failed_at and _ago(found.failed_at) < LATELY:
        secret = "403" in found.last_error
        do = f"the secret may be another: {_SET}" if secret else "see that PUBLIC_URL reaches a web process"
        findings.append(fault(account, f"Telegram could not call us: {found.last_error}", do))
    return findings


def _ago(seconds: int) -> timedelta:
    return datetime.now(UTC) - datetime.fromtimestamp(seconds, UTC)  # noqa: TID251 - Telegram's own time


async def _polling(account: str, bot: Bot, found: Hook, *, polled_here: bool) -> Finding:
    if found.url:
        do = "`python -m bot webhook delete`, or set TELEGRAM_MODE=webhook"
        return fault(account, f"it is to be polled, but Telegram calls {found.url}", do)
    if polled_here:  # asking too would take the place of whoever polls
        return ok(account, "a process of this desk polls")
    try:
        await bot.get_updates(limit=1, timeout=0)  # without an offset nothing is confirmed
    except Conflict:
        return fault(
            account, "somebody else polls with this token", "end the other program, or make a new token"
        )
    return ok(account, "nobody polls at present")
