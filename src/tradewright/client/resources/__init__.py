"""Every resource of the API.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from tradewright.client.resources.account import Account
from tradewright.client.resources.audit import Audit
from tradewright.client.resources.backtests import Backtests
from tradewright.client.resources.bot import Bot
from tradewright.client.resources.charts import Charts
from tradewright.client.resources.data import Data
from tradewright.client.resources.deployments import Deployments
from tradewright.client.resources.evaluations import Evaluations
from tradewright.client.resources.exports import Exports
from tradewright.client.resources.jobs import Jobs
from tradewright.client.resources.journal import Journal
from tradewright.client.resources.keys import Keys
from tradewright.client.resources.notifications import Notifications
from tradewright.client.resources.orders import Orders
from tradewright.client.resources.pairs import Pairs
from tradewright.client.resources.pending import Pending
from tradewright.client.resources.portfolio import Portfolio
from tradewright.client.resources.risk import Risk
from tradewright.client.resources.session import Session
from tradewright.client.resources.settings import Settings
from tradewright.client.resources.signals import Signals
from tradewright.client.resources.simulation import Simulation
from tradewright.client.resources.status import Status
from tradewright.client.resources.strategies import Strategies
from tradewright.client.resources.tokens import Tokens
from tradewright.client.resources.users import Users
from tradewright.client.sender import Sender

__all__ = ["Resources"]


class Resources:
    """A field for each resource."""

    def __init__(self, sender: Sender) -> None:
        self.account = Account(sender)
        self.audit = Audit(sender)
        self.backtests = Backtests(sender)
        self.bot = Bot(sender)
        self.charts = Charts(sender)
        self.data = Data(sender)
        self.deployments = Deployments(sender)
        self.evaluations = Evaluations(sender)
        self.exports = Exports(sender)
        self.jobs = Jobs(sender)
        self.journal = Journal(sender)
        self.keys = Keys(sender)
        self.notifications = Notifications(sender)
        self.orders = Orders(sender)
        self.pairs = Pairs(sender)
        self.pending = Pending(sender)
        self.portfolio = Portfolio(sender)
        self.risk = Risk(sender)
        self.session = Session(sender)
        self.settings = Settings(sender)
        self.signals = Signals(sender)
        self.simulation = Simulation(sender)
        self.status = Status(sender)
        self.strategies = Strategies(sender)
        self.tokens = Tokens(sender)
        self.users = Users(sender)
