"""A channel by an address that Apprise knows: Telegram, Discord, e-mail, SMS, and a hundred more."""

from __future__ import annotations

import apprise

from tradewright.domain.errors import InvalidValue, VenueUnavailable
from tradewright.domain.notices import Language

__all__ = ["AppriseChannel"]


class AppriseChannel:
    """See `ports.notify.Channel`.

    Args:
        name: of the channel.
        url: as Apprise writes it, `discord://…`; it holds secrets and is never told.
        language: in which it is told.

    Raises:
        InvalidValue: Apprise does not know such an address.
    """

    def __init__(self, name: str, url: str, language: Language) -> None:
        self.name, self.language = name, language
        self._own = apprise.Apprise()
        if not self._own.add(url):
            raise InvalidValue(f"notifications.channels.{name}.url", "(secret)", "an address that Apprise knows")

    async def send(self, title: str, text: str) -> None:
        """Send a message.

        Raises:
            VenueUnavailable: it could not be handed over. Apprise does not say why, and an address is never told.
        """
        if not await self._own.async_notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT):
            raise VenueUnavailable(f"channel {self.name}: the message was not taken")
