"""From the settings to the channels they ask for; the web chat is always there."""

from bot.channels.channel import Channel
from bot.channels.telegram.channel import Telegram
from bot.channels.webchat import WebChat
from bot.channels.zalo_bot.channel import ZaloBot
from bot.channels.zalo_oa.channel import ZaloOa, ZaloOaKeys
from bot.channels.zalo_oa.notices import ZaloNotices
from bot.settings import Settings
from storage.store.engine import Store
from web.links import Links

_MB = 1024 * 1024


def channels(settings: Settings, store: Store) -> list[Channel]:
    """Return one channel an account. Nothing is called yet."""
    return [
        WebChat(store, settings.base_url, settings.max_upload_mb * _MB, settings.limits),
        *_telegrams(settings, store),
        *_official_account(settings, store),
        *_zalo_bot(settings, store),
    ]


def links(settings: Settings, store: Store) -> Links | None:
    """Return what makes links to stored files; nothing where nobody could reach them."""
    return Links(store, settings.public_url.rstrip("/")) if settings.public_url else None


def _telegrams(settings: Settings, store: Store) -> list[Channel]:
    secret, mode = settings.telegram_webhook_secret, settings.telegram_mode
    return [
        Telegram(account, token, settings.telegram_api_url, secret, mode, store)
        for account, token in settings.telegram_accounts.items()
    ]


def _official_account(settings: Settings, store: Store) -> list[Channel]:
    if not settings.zalo_oa_app_id:
        return []
    keys = ZaloOaKeys(
        settings.zalo_oa_app_id,
        settings.zalo_oa_app_secret,
        settings.zalo_oa_secret,
        settings.zalo_oa_id,
        settings.zalo_oa_refresh_token,
        settings.zalo_oa_api_url,
        settings.zalo_oa_check,
        settings.zalo_oa_verifier,
        settings.public_url.rstrip("/"),
    )
    account = ZaloOa(keys, store)
    return [account, ZaloNotices(account.client, store)]


def _zalo_bot(settings: Settings, store: Store) -> list[Channel]:
    token = settings.zalo_bot_token
    if not token.get_secret_value():
        return []
    to_files = links(settings, store)
    link = to_files.make if to_files else None
    secret, mode = settings.zalo_bot_secret, settings.zalo_bot_mode
    return [ZaloBot(token, settings.zalo_bot_api_url, secret, mode, store, link)]
