// The candle chart: as many candles as the eye can tell apart, drawn anew for each stretch that is looked at.
const MINUTE = 60000;
const LENGTHS = [1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 10080].map((minutes) => minutes * MINUTE);
const WEEK_START = 4 * 1440 * MINUTE; // weeks begin on Monday
const MOST_MARKS = 1500; // beyond it, none are drawn
const MOST_LINES = 80; // beyond it, only small marks

const markets = data.markets.map((market) => {
  const [place, open, high, low, close] = ["place", "open", "high", "low", "close"].map((name) => decode(market[name]));
  return { ...market, place, open, high, low, close, count: place.length };
});
const openTime = (market, i) => market.start + market.place[i] * market.length;
const price = (market, value) => (value * market.tick[0]) / market.tick[1];

function firstFrom(market, ms) {
  let low = 0, high = market.count;
  while (low < high) { const middle = (low + high) >> 1; if (openTime(market, middle) < ms) low = middle + 1; else high = middle; }
  return low;
}

function lengthFor(market, span) {
  const room = isPhone() ? 160 : 500;
  return [market.length, ...LENGTHS.filter((length) => length > market.length && length % market.length === 0)].find((length) => span / length <= room) ?? LENGTHS[LENGTHS.length - 1];
}

function candlesOf(market, from, to, length) {
  const out = { x: [], open: [], high: [], low: [], close: [] };
  const shift = length === LENGTHS[LENGTHS.length - 1] ? WEEK_START : 0;
  let current = null;
  for (let i = firstFrom(market, from); i < market.count && openTime(market, i) <= to; i++) {
    const time = openTime(market, i);
    const start = time - (((time - shift) % length) + length) % length;
    const last = out.x.length - 1;
    if (start !== current) {
      current = start;
      out.x.push(start); out.open.push(price(market, market.open[i])); out.high.push(price(market, market.high[i])); out.low.push(price(market, market.low[i])); out.close.push(price(market, market.close[i]));
    } else {
      out.high[last] = Math.max(out.high[last], price(market, market.high[i])); out.low[last] = Math.min(out.low[last], price(market, market.low[i])); out.close[last] = price(market, market.close[i]);
    }
  }
  return out;
}

function priceRange(candles, from, to, shown, length) {
  let low = Infinity, high = -Infinity;
  candles.x.forEach((time, i) => { if (time + length >= from && time <= to) { low = Math.min(low, candles.low[i]); high = Math.max(high, candles.high[i]); } });
  if (shown.length <= 3) for (const trade of shown) for (const level of [trade.stop, trade.target]) if (isNumber(level)) { low = Math.min(low, level); high = Math.max(high, level); }
  const room = (high - low) * 0.06 || Math.abs(high) * 0.001 || 1;
  return [low - room, high + room];
}

const describe = (trade) => `#${trade.id} ${text(trade.side)}<br>${text("net")}: ${money(trade.pnl, true)}<br>${text("exit_reason")}: ${text(`reason_${trade.reason}`)}`;

function marks(shown) {
  const few = shown.length <= MOST_LINES;
  const points = (list, time, level, name, symbols, tone) => ({
    x: list.map((trade) => trade[time]), y: list.map((trade) => trade[level]), customdata: list.map((trade) => trade.id), text: list.map(describe), mode: "markers", name: text(name), hovertemplate: `${text(name)} %{y:,}<br>%{text}<extra></extra>`,
    marker: { symbol: list.map(symbols), size: list.map((trade) => (trade.id === state.selected ? 16 : few ? 11 : 6)), color: list.map(tone), line: { color: colour("text"), width: few ? 1 : 0 } },
  });
  const line = (name, tone, dash, list, xs, ys) => ({ x: list.flatMap(xs), y: list.flatMap(ys), mode: "lines", name: text(name), connectgaps: false, hoverinfo: "skip", line: { color: colour(tone), width: 1.4, dash } });
  const wins = shown.filter((trade) => trade.pnl > 0), losses = shown.filter((trade) => trade.pnl <= 0);
  // A trade inside one bar has one stamp; its levels are drawn over that bar.
  const span = (trade) => [Math.min(trade.entryTime, trade.exitTime - data.barLength), trade.exitTime, null];
  const stretch = (trade) => [trade.entryTime, trade.exitTime, null];
  const way = (trade) => [trade.entry, trade.exit, null];
  const level = (name) => (trade) => [trade[name], trade[name], null];
  const left = shown.filter((trade) => trade.reason !== "open");
  const lines = few ? [
    line("stop", "down", "dot", shown, span, level("stop")), line("target", "up", "dot", shown, span, level("target")),
    line("win_path", "up", "solid", wins, stretch, way), line("loss_path", "down", "dash", losses, stretch, way),
  ] : [];
  return [
    ...lines,
    points(shown, "entryTime", "entry", "entry", (trade) => (trade.side === "long" ? "triangle-up" : "triangle-down"), () => colour("accent")),
    points(left, "exitTime", "exit", "exit", (trade) => ({ take_profit: "star", stop_loss: "x", liquidation: "cross", reverse: "diamond" })[trade.reason] ?? "square", (trade) => colour(trade.pnl > 0 ? "up" : "down")),
  ];
}

let drawing = false;

async function drawCandles(from, to) {
  const market = markets[state.instrument];
  if (!market || !market.count) { byId("candles-note").textContent = ""; return showEmpty("candles", "no_bars"); }
  const first = openTime(market, 0), last = openTime(market, market.count - 1) + market.length;
  const [start, end] = from === undefined ? [first, last] : [from, to];
  const span = Math.max(end - start, 2 * market.length), length = lengthFor(market, span);
  const candles = candlesOf(market, start - span / 2, end + span / 2, length);
  const near = trades.filter((trade) => trade.instrument === state.instrument && trade.exitTime >= start - span / 2 && trade.entryTime <= end + span / 2);
  const inside = near.filter((trade) => trade.exitTime >= start && trade.entryTime <= end);
  const shown = near.length <= MOST_MARKS ? near : [];
  const tones = { increasing: { line: { color: colour("up"), width: 1 }, fillcolor: colour("panel") }, decreasing: { line: { color: colour("down"), width: 1 }, fillcolor: colour("down") } };
  const hover = candles.x.map((time, i) => `${clock(time)}<br>O ${compact(candles.open[i])}  H ${compact(candles.high[i])}<br>L ${compact(candles.low[i])}  C ${compact(candles.close[i])}`);
  drawing = true;
  await plot("candles", [{ type: "candlestick", name: market.symbol, ...candles, x: candles.x.map((time) => time + length / 2), xhoverformat: "%Y-%m-%d %H:%M", text: hover, hoverinfo: "text", ...tones }, ...marks(shown)], layout({
    hovermode: "closest", dragmode: isPhone() ? false : "pan", xaxis: axis({ type: "date", range: [start, end], rangeslider: { visible: false } }), yaxis: axis({ range: priceRange(candles, start, end, inside, length), tickformat: ",", title: { text: market.quote }, fixedrange: true }), shapes: [],
  }));
  drawing = false;
  noteCandles(market, length, near.length, shown.length);
  listen();
}

function noteCandles(market, length, near, shown) {
  const name = (ms) => (ms % (1440 * MINUTE) === 0 ? `${ms / (1440 * MINUTE)}d` : ms % (60 * MINUTE) === 0 ? `${ms / (60 * MINUTE)}h` : ms % MINUTE === 0 ? `${ms / MINUTE}m` : `${ms / 1000}s`);
  const words = [text("legend")];
  if (length > data.barLength) words.push(text(market.length > data.barLength ? "candles_kept" : "candles_joined", { shown: name(length), real: name(data.barLength), kept: name(market.length) }));
  if (shown > MOST_LINES) words.push(text("lines_hidden"));
  if (near > shown) words.push(text("marks_hidden", { count: number(near, 0) }));
  byId("candles-note").textContent = words.join(" ");
  byId("candles").setAttribute("aria-label", `${text("candles_title")}: ${market.symbol}. ${words.join(" ")}`);
}

function listen() {
  const node = byId("candles");
  node.removeAllListeners("plotly_relayout");
  node.removeAllListeners("plotly_click");
  node.on("plotly_click", (event) => { const id = event.points[0].customdata; if (typeof id === "number") select(id, false); });
  node.on("plotly_relayout", (event) => {
    if (drawing) return;
    if (event["xaxis.autorange"]) return void drawCandles();
    const range = event["xaxis.range"] ?? [event["xaxis.range[0]"], event["xaxis.range[1]"]];
    if (range[0] !== undefined) drawCandles(...range.map((edge) => (typeof edge === "number" ? edge : Date.parse(`${edge.replace(" ", "T")}Z`))));
  });
}
