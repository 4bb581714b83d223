// Charts other than the candles. Each has its words in an aria-label and, where it helps, a note beneath.
const CONFIG = { responsive: true, displaylogo: false, showSendToCloud: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"] };

Plotly.register({
  moduleType: "locale", name: "uk", dictionary: { Autoscale: "Автомасштаб", Pan: "Рухати", Zoom: "Збільшити", "Zoom in": "Ближче", "Zoom out": "Далі", "Reset axes": "Скинути осі" },
  format: {
    days: ["неділя", "понеділок", "вівторок", "середа", "четвер", "пʼятниця", "субота"], shortDays: ["нд", "пн", "вт", "ср", "чт", "пт", "сб"],
    months: ["січень", "лютий", "березень", "квітень", "травень", "червень", "липень", "серпень", "вересень", "жовтень", "листопад", "грудень"],
    shortMonths: ["січ", "лют", "бер", "кві", "тра", "чер", "лип", "сер", "вер", "жов", "лис", "гру"], date: "%d.%m.%Y",
  },
});

function axis(more = {}) {
  return { gridcolor: colour("grid"), zerolinecolor: colour("line"), linecolor: colour("line"), automargin: true, ...more };
}

function layout(more = {}) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { color: colour("muted"), size: 12, family: "system-ui, sans-serif" },
    margin: { l: 8, r: 8, t: 26, b: 30 }, hovermode: "x unified", showlegend: false, separators: state.language === "uk" ? `,${THIN}` : ".,",
    hoverlabel: { bgcolor: colour("panel"), bordercolor: colour("line"), font: { color: colour("text") } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("muted"), activecolor: colour("accent") }, dragmode: isPhone() ? false : "zoom", ...more,
  };
}

function plot(id, traces, shape) {
  byId(id).classList.remove("empty");
  return Plotly.react(id, traces, shape, { ...CONFIG, locale: state.language, displayModeBar: isPhone() ? false : "hover" });
}

function showEmpty(id, key) {
  const node = byId(id);
  if (node.data) Plotly.purge(node);
  node.classList.add("empty");
  node.setAttribute("aria-label", text(key));
  node.textContent = text(key);
}

const curves = Object.fromEntries(["equity", "drawdown"].map((name) => [name, { x: decode(data.curves[name].x), y: decode(data.curves[name].y) }]));

function drawEquity() {
  if (!curves.equity.x.length) return showEmpty("equity", "no_bars");
  const { equity, drawdown } = curves;
  const falls = Array.from(drawdown.y, (value) => -100 * value);
  const y = `%{y:,.2f} ${data.quote}<extra></extra>`;
  plot("equity", [
    { x: equity.x, y: equity.y, mode: "lines", line: { color: colour("accent"), width: 1.6 }, hovertemplate: `${text("equity")}: ${y}` },
    { x: [equity.x[0], equity.x[equity.x.length - 1]], y: [data.result.initial_balance, data.result.initial_balance], mode: "lines", line: { color: colour("muted"), width: 1, dash: "dot" }, hoverinfo: "skip" },
    { x: drawdown.x, y: falls, yaxis: "y2", mode: "lines", fill: "tozeroy", line: { color: colour("down"), width: 1.2 }, fillcolor: `rgb(${colour("down-bg")} / .18)`, hovertemplate: `${text("drawdown")}: %{y:.2f} %<extra></extra>` },
  ], layout({
    xaxis: axis({ type: "date", anchor: "y2" }),
    yaxis: axis({ domain: [0.36, 1], tickformat: ",", title: { text: `${text("equity")}, ${data.quote}` } }),
    yaxis2: axis({ domain: [0, 0.3], ticksuffix: " %", rangemode: "tozero", title: { text: text("drawdown") } }),
  }));
  const m = data.result.metrics;
  byId("equity").setAttribute("aria-label", text("equity_summary", { start: money(data.result.initial_balance), end: money(data.result.final_balance), fall: percent(m.max_drawdown) }));
  byId("equity-note").textContent = data.curves.thinned ? text("equity_thinned", { points: number(data.curves.steps, 0) }) : "";
}

function drawCosts() {
  const m = data.result.metrics;
  if (!data.trades.count) { byId("costs-note").textContent = ""; return showEmpty("costs", "no_trades"); }
  const steps = costSteps();
  plot("costs", [{
    type: "waterfall", x: steps.map(([name]) => text(name)), y: steps.map(([, value]) => value), measure: steps.map(([, , kind]) => kind),
    text: steps.map(([, value]) => number(value, 2, true)), textposition: isPhone() ? "none" : "outside", cliponaxis: false, constraintext: "none",
    increasing: { marker: { color: colour("up") } }, decreasing: { marker: { color: colour("down") } }, totals: { marker: { color: colour("accent") } },
    connector: { line: { color: colour("line") } }, hovertemplate: `%{x}: %{text} ${data.quote}<extra></extra>`,
  }], layout({ hovermode: "closest", yaxis: axis({ tickformat: ",", title: { text: data.quote } }), xaxis: axis({ fixedrange: true, automargin: true }) }));
  const words = steps.map(([name, value]) => `${text(name)} ${money(value, true)}`).join(", ");
  byId("costs").setAttribute("aria-label", words);
  byId("costs-note").textContent = isNumber(m.cost_share) ? text("cost_share_note", { share: percent(m.cost_share, 1) }) : text("no_gross_note");
}

function drawExcursions() {
  const t = trades;
  if (!t.length) { byId("excursions-note").textContent = ""; return showEmpty("excursions", "no_trades"); }
  const MOST = 3000;
  const shown = t.length > MOST ? [...t].sort((a, b) => Math.abs(b.pnl) - Math.abs(a.pnl)).slice(0, MOST) : t;
  const group = (key, symbol, tone, keep) => {
    const some = shown.filter(keep);
    return { x: some.map((trade) => trade.mae), y: some.map((trade) => trade.mfe), mode: "markers", name: text(key), customdata: some.map((trade) => trade.id), marker: { symbol, color: colour(tone), size: 8, opacity: 0.75, line: { width: 1, color: colour("panel") } }, text: some.map((trade) => money(trade.pnl, true)), hovertemplate: `#%{customdata}: %{text}<br>MAE %{x:,.2f}<br>MFE %{y:,.2f}<extra></extra>` };
  };
  plot("excursions", [group("wins", "triangle-up", "up", (trade) => trade.pnl > 0), group("losses", "x", "down", (trade) => trade.pnl <= 0)], layout({
    hovermode: "closest", showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" },
    xaxis: axis({ title: { text: `${text("mae_axis")}, ${data.quote}` }, tickformat: "," }), yaxis: axis({ title: { text: `${text("mfe_axis")}, ${data.quote}` }, tickformat: "," }),
  }));
  byId("excursions").setAttribute("aria-label", text("excursions_note"));
  byId("excursions-note").textContent = text("excursions_note") + (t.length > MOST ? ` ${text("excursions_capped", { count: number(MOST, 0) })}` : "");
  const node = byId("excursions");
  node.removeAllListeners("plotly_click");
  node.on("plotly_click", (event) => select(event.points[0].customdata, true));
}
