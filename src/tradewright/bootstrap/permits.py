"""Live trading: what it still lacks, who has approved of it, and the permit that follows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tradewright.bootstrap.config.uses import missing_for_live, reach_of
from tradewright.bootstrap.database_care import on_audit
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.venues import led_elsewhere
from tradewright.bootstrap.wiring import now_ns
from tradewright.domain.errors import StoreError
from tradewright.ports.audit_log import Deed
from tradewright.services.live.permit import Approval, approve, grant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.adapters.storage.json_approvals import JsonApprovals
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.services.live.permit import LivePermit

__all__ = ["approval_of", "keep_approval", "lacks_for_live", "led_words", "orders_led", "permit_for", "take_back"]


def _kept(configured: Configured) -> JsonApprovals:
    from tradewright.adapters.storage.json_approvals import JsonApprovals

    return JsonApprovals(configured.tree.storage.data_dir / "approvals.json")


def approval_of(configured: Configured, venue: str) -> Approval | None:
    """What has been approved of at a venue.

    Raises:
        StoreError: the file of approvals cannot be read.
    """
    found = _kept(configured).load(venue)
    try:
        return None if found is None else Approval(**found)
    except TypeError as error:
        raise StoreError(f"approvals.json: {venue}: {error}") from error


def keep_approval(configured: Configured, venue: str, by: str, terms: tuple[float, float]) -> Approval:
    """Approve of live trading at a venue.

    Args:
        configured: that says where data lie.
        venue: its name.
        by: who approves.
        terms: hours, and the most capital of a session.

    Raises:
        InvalidValue: one of the terms is not allowed.
        StoreError: it cannot be kept.
    """
    approval = approve(venue, by, now_ns(), *terms)
    _enter(configured, Deed(approval.at, by, "live.approved", venue, asdict(approval)))
    _kept(configured).save(venue, asdict(approval))
    return approval


def take_back(configured: Configured, venue: str, by: str) -> None:
    """Take an approval back: what trades goes on, nothing new begins."""
    _kept(configured).save(venue, None)
    _enter(configured, Deed(now_ns(), by, "live.revoked", venue, {}))


def _enter(configured: Configured, deed: Deed) -> None:
    on_audit(settings_of(configured), lambda log: log.add([deed]))


def lacks_for_live(configured: Configured, venue: str) -> tuple[str, ...]:
    """Everything that live trading at a venue lacks, in words."""
    from tradewright.services.live.permit import NotPermitted

    lacks = missing_for_live(configured)
    try:
        grant((), approval_of(configured, venue), venue, now_ns())
    except NotPermitted:
        lacks = (*lacks, f"approval in the product: tradewright live approve {venue}")
    return lacks


def orders_led(configured: Configured) -> tuple[str, ...]:
    """Where requests and streams of the venue go if not to its own addresses; empty if they do."""
    return led_elsewhere(reach_of(configured.tree.venue))


def led_words(led: Sequence[str]) -> str:
    """The same in words, for whoever is about to trade with money."""
    return f"orders with money do not go to the venue's own address: requests and streams are at {', '.join(led)}"


def permit_for(configured: Configured, venue: str) -> LivePermit:
    """The permit to trade with money at a venue.

    Raises:
        NotPermitted: naming everything that is missing.
    """
    return grant(missing_for_live(configured), approval_of(configured, venue), venue, now_ns())
