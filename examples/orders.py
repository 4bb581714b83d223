"""Two strategies that give orders of their own; copy the file into your folder of strategies."""

from tradewright import CancelAll, Change, OrderIntent, Param, Strategy, Twap, ta


class OrderGrid(Strategy):
    """Rest post-only bids under the market, and sell what each has bought one step higher.

    Bids follow a market that rises, and stay where they are while it falls.
    """

    version, ltf = "1.0.0", "15m"
    levels: int = Param(3, low=1, high=20, doc="bids under the market")
    step: float = Param(0.004, low=0.0005, high=0.1, doc="distance from bid to bid, and from a bid to its sale")
    quantity: float = Param(0.01, low=1e-6, doc="of each bid, base currency")

    def on_start(self):
        self.bought = []

    def on_fill(self, fill):
        if fill.tag.startswith("bid-"):
            self.bought.append((fill.price, fill.quantity))

    def on_bar(self, view):
        up = [(view.whole_price(price * (1 + self.step), "sell"), quantity) for price, quantity in self.bought]
        sales = [OrderIntent("sell", quantity, "limit", price=price, reduce_only=True) for price, quantity in up]
        self.bought.clear()
        resting = {order.tag: order for order in view.orders}
        held = round(view.position.quantity / self.quantity) + sum(tag.startswith("bid-") for tag in resting)
        return [*sales, *self.bids(view, resting, self.levels - held)]

    def bids(self, view, resting, room):
        for level in range(1, self.levels + 1):
            tag, price = f"bid-{level}", view.whole_price(view.close * (1 - level * self.step), "buy")
            if tag in resting:
                if price > resting[tag].price * (1 + self.step):
                    yield Change(tag, price=price)
            elif room > 0:
                room -= 1
                yield OrderIntent("buy", self.quantity, "limit", price=price, time_in_force="gtx", tag=tag)


class SlowTrend(Strategy):
    """Work into a trend in equal parts over some hours, and out of it in the same way."""

    version, ltf = "1.0.0", "15m"
    fast: int = Param(24, low=2, doc="bars in the fast average")
    slow: int = Param(96, low=3, doc="bars in the slow average")
    window: int = Param(12, low=1, doc="bars over which an order is worked")
    share: float = Param(0.5, low=0.01, high=3.0, doc="notional to hold, as a fraction of equity")

    def on_start(self):
        self.averages = ta.Ema(self.fast), ta.Ema(self.slow)

    def on_bar(self, view):
        fast, slow = (average.update(view.close) for average in self.averages)
        held, working = view.position.quantity, {parent.side for parent in view.parents}
        if fast > slow and not held and not working:
            return Twap("buy", view.whole_quantity(self.share * view.equity / view.close), bars=self.window, tag="in")
        if fast < slow and (held or "buy" in working) and "sell" not in working:
            # What works is taken back before the way out begins.
            return [CancelAll(), *([Twap("sell", held, bars=self.window, reduce_only=True, tag="out")] if held else [])]
        return None
