"""What is told to people is taken from what is really told of each kind of event."""

from __future__ import annotations

import string
from typing import get_args

import pytest

from tradewright.api.models.news import AnyEvent
from tradewright.services.health import Finding
from tradewright.services.notifications.wording import KINDS, kinds

EVENTS = {
    kind: model for model in get_args(get_args(AnyEvent)[0]) for kind in get_args(model.model_fields["type"].annotation)
}
LOOSE = {"health.changed": {"part", "status", "reason"}}


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_a_message_is_one_of_its_event(kind):
    """A template that names what no event has would tell a dash for ever."""
    named = {name for template in kinds()[kind].templates["en"] for _, name, _, _ in string.Formatter().parse(template)}
    facts = LOOSE.get(kind) or set(EVENTS[kind].model_fields["data"].annotation.model_fields)
    assert named - {None} <= facts
    if kinds()[kind].when:
        assert "state" in facts
        assert set(kinds()[kind].when) <= set(_states(EVENTS[kind]))


def test_what_is_told_of_health_is_what_is_found():
    """Its event has no model of its own."""
    assert {"part", "reason"} <= set(Finding.__dataclass_fields__)


def _states(event):
    found = event.model_fields["data"].annotation.model_fields["state"].annotation
    return [getattr(one, "value", one) for one in (get_args(found) or list(found))]
