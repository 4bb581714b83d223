"""A session beside the backtest over its bars, as a page tells it."""

from pathlib import Path

from tradewright.services.desk.beside import beside_of
from tradewright.services.strategies import find_strategies
from tradewright.testing.paper_rig import PaperRig


def test_an_undisturbed_session_is_its_backtest(tmp_path: Path) -> None:
    """Every execution is in both, and nothing is worse; before the first bar there is nothing to set beside."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    read = lambda: rig.do(lambda trading: trading.sessions.read(name))  # noqa: E731 - a line
    assert beside_of(name, read(), find_strategies()) is None

    own = rig.follow(name, 60)

    found = beside_of(name, read(), find_strategies())
    assert found is not None
    fills = int(own.session.run.world.fills.size)
    assert (1.0, 0.0, fills, fills, None, ()) == (
        found.score, found.equity, found.ours, found.expected, found.worse_bps, found.apart
    )  # fmt: skip
    assert fills > 0
