"""How the Official Account stands: its tokens, and what is left of its quotas, as far as we know."""

from datetime import datetime

from sqlalchemy.exc import DBAPIError

from bot.channels.zalo_oa.tokens import WHAT_TO_DO
from bot.findings import Finding, fault, ok, warning
from storage.mail import quotas, tokens
from storage.mail.tokens import Pair
from storage.store.engine import Store

STRICT = "set ZALO_OA_CHECK=strict once real events come without `zalo_oa_signature_wrong` in the log"


async def examine(account: str, store: Store, *, strict: bool) -> list[Finding]:
    """Look at how it is set up and what the database knows; Zalo is not called: that may use a token up."""
    unsigned = warning(account, "events whose signature is wrong are taken: anybody may make them up", STRICT)
    return [*([] if strict else [unsigned]), *await _known(account, store)]


async def _known(account: str, store: Store) -> list[Finding]:
    try:
        async with store.read() as work:
            pair, left, now = await tokens.find(work, account), await quotas.left(work, account), work.now
    except DBAPIError:
        do = "see to the database first"
        return [warning(account, "without a database nothing is known of its tokens", do)]
    found = [_pair(account, pair, now)]
    if left == 0:
        do = "nothing beyond the free answers goes out until the quota is bought or renewed"
        found.append(warning(account, "its quotas are used up", do))
    elif left is not None:
        found.append(ok(account, f"{left} messages are left of its quotas"))
    return found


def _pair(account: str, pair: Pair | None, now: datetime) -> Finding:
    if pair is None:
        return ok(account, "no token was needed yet; the first call uses ZALO_OA_REFRESH_TOKEN")
    if pair.lost(now):
        so = "renewing its tokens was interrupted: nobody knows which are in force"
        return fault(account, so, WHAT_TO_DO)
    if pair.pending_at is not None:
        return ok(account, "its tokens are being renewed")
    if pair.expires_at <= now:
        return ok(account, "its access token is over; the next call renews it")
    return ok(account, f"its access token is good until {pair.expires_at:%Y-%m-%d %H:%M} UTC")
