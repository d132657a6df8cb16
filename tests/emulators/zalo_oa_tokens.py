"""The tokens of the emulated official account: an access token for hours, a refresh token for one use."""

from collections.abc import Callable, Sequence

from aiohttp import web

from tests.emulators.loopback import START, Loopback
from tests.emulators.zalo_oa_contract import CodeForm, RefreshForm, oauth_error

REFRESH_LIVES, CODE_LIVES = 90 * 24 * 3600, 600


class TokenOffice(Loopback):
    """A server that issues them. `access_token` and `refresh_token` are the newest pair."""

    app_id, app_secret = "4242000000000000001", "app-secret-emulated"

    def __init__(
        self, clock: Callable[[], float] = lambda: START, routes: Sequence[web.AbstractRouteDef] = ()
    ) -> None:
        super().__init__(clock, routes)
        self.token_lives = 90_000
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}
        self._codes: dict[str, float] = {}
        self.new_pair()

    def consent(self) -> str:
        """Let the account's owner agree; returns the code, good once and for ten minutes."""
        code = f"code-{self.new_id()}"
        self._codes[code] = self.now + CODE_LIVES
        return code

    def accept_refresh(self, token: str) -> None:
        """Take this refresh token too, once."""
        self.refresh_token = token
        self._refresh[token] = self.now + REFRESH_LIVES

    def expire_tokens(self) -> None:
        """Let every access token die early."""
        self._access.clear()

    def good(self, token: str) -> bool:
        """Whether an access token opens anything now."""
        return self._access.get(token, 0) > self.now

    def spend(self, wanted: RefreshForm | CodeForm) -> None:
        """Use up what a pair is asked for with; it works once."""
        if isinstance(wanted, RefreshForm):
            if self._refresh.pop(wanted.refresh_token, 0) <= self.now:
                raise oauth_error(-14014, "Invalid refresh token.")
        elif self._codes.pop(wanted.code, 0) <= self.now:
            raise oauth_error(-14020, "Invalid authorization code.")

    def new_pair(self) -> None:
        """Issue both tokens; older access tokens live on until their hour."""
        self.access_token, self.refresh_token = f"access-{self.new_id()}", f"refresh-{self.new_id()}"
        self._access[self.access_token] = self.now + self.token_lives
        self._refresh[self.refresh_token] = self.now + REFRESH_LIVES
