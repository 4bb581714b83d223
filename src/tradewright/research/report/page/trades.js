// The trade table: sorted, filtered, and bound to the chart.
const PAGE = 100;
const columns = Object.fromEntries(Object.entries(data.trades.columns).map(([name, column]) => [name, decode(column)]));
const trades = Array.from({ length: data.trades.count }, (_, i) => {
  const trade = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]));
  return { ...trade, side: trade.side > 0 ? "long" : "short", reason: data.trades.reasons[trade.reason], symbol: data.result.spec.instruments[trade.instrument], facts: data.trades.facts[i] ?? "" };
});
const table = { sort: "id", down: false, shown: PAGE };

const COLUMNS = [
  ["id", "number", (t) => `#${t.id}`], ["symbol", "instrument", (t) => t.symbol, "text"], ["side", "side", (t) => `${t.side === "long" ? "▲" : "▼"} ${text(t.side)}`, "text"],
  ["entryTime", "entry_time", (t) => clock(t.entryTime), "text"], ["exitTime", "exit_time", (t) => clock(t.exitTime), "text"], ["entry", "entry", (t) => compact(t.entry)], ["exit", "exit", (t) => compact(t.exit)],
  ["quantity", "quantity", (t) => compact(t.quantity)], ["pnl", "net", (t) => number(t.pnl, 2, true), "tone"], ["r", "r", (t) => number(t.r, 2, true)], ["fraction", "return", (t) => percent(t.fraction, 2, true)],
  ["fees", "fees", (t) => number(t.fees)], ["slippage", "slippage", (t) => number(t.slippage)], ["funding", "funding", (t) => number(t.funding, 2, true)], ["mae", "mae", (t) => number(t.mae)], ["mfe", "mfe", (t) => number(t.mfe)],
  ["bars", "unit_bars", (t) => number(t.bars, 0)], ["reason", "exit_reason", (t) => text(`reason_${t.reason}`) + (t.ambiguous ? ` · ${text("ambiguous")}` : "") + (t.touched ? ` · ${text("touched")}` : ""), "text"], ["confidence", "confidence", (t) => number(t.confidence)],
];

function matching() {
  const words = byId("search").value.toLowerCase().trim(), side = byId("side").value, outcome = byId("outcome").value;
  const list = trades.filter((trade) =>
    (side === "all" || trade.side === side) &&
    (outcome === "all" || (outcome === "win" ? trade.pnl > 0 : outcome === "loss" ? trade.pnl <= 0 : trade.reason === outcome)) &&
    (!words || COLUMNS.some(([, , write]) => write(trade).toLowerCase().includes(words)) || trade.facts.toLowerCase().includes(words)));
  const by = table.sort, sign = table.down ? -1 : 1;
  return list.sort((a, b) => {
    const [left, right] = [a[by], b[by]];
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) - Number.isNaN(right) || a.id - b.id;
    return sign * (left < right ? -1 : left > right ? 1 : 0) || a.id - b.id;
  });
}

function drawTrades() {
  const list = matching();
  byId("trades-note").textContent = trades.length ? text("trades_shown", { shown: number(Math.min(table.shown, list.length), 0), found: number(list.length, 0), all: number(trades.length, 0) }) : "";
  byId("more").hidden = list.length <= table.shown;
  if (!trades.length) return fill("trades", element("p", { class: "chart empty" }, text("no_trades")));
  const used = COLUMNS.filter(([name]) => name !== "symbol" || data.result.spec.instruments.length > 1);
  fill("trades", element("table", {}, element("caption", {}, text("trades_caption", { quote: data.quote })), element("thead", {}, element("tr", {}, ...used.map(head))), element("tbody", {}, ...list.slice(0, table.shown).map((trade) => row(trade, used)))));
}

function head([name, key, , kind]) {
  const sorted = table.sort === name;
  const turn = () => { table.down = sorted ? !table.down : false; table.sort = name; drawTrades(); byId("trades").querySelector(`button[data-sort="${name}"]`).focus(); };
  const arrow = sorted ? (table.down ? " ↓" : " ↑") : "";
  return element("th", { scope: "col", class: kind === "text" ? "text" : null, "aria-sort": sorted ? (table.down ? "descending" : "ascending") : null }, element("button", { type: "button", "data-sort": name, onclick: turn }, text(key) + arrow));
}

function row(trade, used) {
  const go = () => select(trade.id, true);
  const press = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } };
  const cells = used.map(([, , write, kind]) => element("td", { class: kind === "text" ? "text" : kind === "tone" ? signClass(trade.pnl) : null }, write(trade)));
  return element("tr", { tabindex: 0, "data-trade": trade.id, title: trade.facts || null, "aria-current": trade.id === state.selected ? "true" : null, onclick: go, onkeydown: press }, ...cells);
}

function select(id, jump) {
  state.selected = id;
  const trade = trades.find((one) => one.id === id);
  for (const line of byId("trades").querySelectorAll("tr[data-trade]")) line.toggleAttribute("aria-current", false);
  const line = byId("trades").querySelector(`tr[data-trade="${id}"]`);
  if (line) { line.setAttribute("aria-current", "true"); if (!jump) line.scrollIntoView({ block: "nearest" }); }
  state.instrument = trade.instrument;
  byId("pick").value = String(trade.instrument);
  const margin = Math.max(1.5 * (trade.exitTime - trade.entryTime), 40 * data.barLength);
  if (jump) {
    byId("candles").scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    return drawCandles(trade.entryTime - margin, trade.exitTime + margin);
  }
  const range = byId("candles").layout.xaxis.range.map((edge) => (typeof edge === "number" ? edge : Date.parse(`${edge.replace(" ", "T")}Z`)));
  return drawCandles(...range);
}
