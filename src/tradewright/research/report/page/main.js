// The page as a whole: head, warnings, tiles, tables, details, and the two switches.
const GRAVE = new Set(["leak-failed", "wallet-exhausted", "liquidation"]);
const result = data.result;

function drawHead() {
  byId("strategy").textContent = result.strategy;
  byId("subtitle").textContent = [result.spec.instruments.join(", "), result.spec.timeframe + (result.spec.htf ? ` + ${result.spec.htf}` : ""), `${result.start_date.slice(0, 16).replace("T", " ")} – ${result.end_date.slice(0, 16).replace("T", " ")} UTC`, result.spec.venue].join(" · ");
}

function drawWarnings() {
  const calm = !result.warnings.length;
  byId("warnings").classList.toggle("calm", calm);
  fill("warning-list", ...(calm ? [element("li", {}, element("span", {}, text("no_warnings")))] : result.warnings.map((warning) => element("li", { class: GRAVE.has(warning.code) ? "grave" : null }, element("span", {}, told("warning", warning))))));
}

function drawTiles() {
  const m = result.metrics;
  const costs = m.fees + m.slippage - m.funding;
  const tiles = [
    ["net_return", percent(m.total_return, 2, true), money(m.net_pnl, true), m.total_return], ["max_drawdown", m.max_drawdown ? MINUS + percent(m.max_drawdown) : percent(0), WRITE.days(m.max_drawdown_days), -m.max_drawdown],
    ["sharpe", number(m.sharpe), text(data.result.data.sampling === "daily" ? "from_days" : "from_bars"), 0], ["trades", number(m.trades, 0), text("wins_losses", { wins: number(m.winning_trades, 0), losses: number(m.losing_trades, 0) }), 0],
    ["win_rate", percent(m.win_rate, 1), `${text("payoff")} ${number(m.payoff)}`, 0], ["profit_factor", number(m.profit_factor), `${text("expectancy")} ${money(m.expectancy, true)}`, 0],
    ["costs", number(costs), data.quote + (isNumber(m.cost_share) ? ` · ${text("of_gross", { share: percent(m.cost_share, 1) })}` : ""), 0],
  ];
  fill("tiles", ...tiles.map(([name, value, aside, tone]) => element("div", { class: "tile" }, element("div", { class: "label" }, text(name)), element("div", { class: `value ${signClass(tone)}`, "data-tile": name }, (tone > 0 ? "▲ " : tone < 0 ? "▼ " : "") + value), element("div", { class: "aside" }, aside))));
}

function drawMonths() {
  if (!data.months.length) return fill("months", element("p", { class: "chart empty" }, text("no_bars")));
  const names = Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" }).format(Date.UTC(2024, month, 15)));
  const most = Math.max(...data.months.flatMap((year) => year.months.filter(isNumber).map(Math.abs)), 1e-9);
  const cell = (value) => element("td", { class: "month", style: isNumber(value) ? `background: rgb(var(--${value < 0 ? "down" : "up"}-bg) / ${(0.05 + 0.25 * Math.abs(value) / most).toFixed(3)})` : null }, isNumber(value) ? percent(value, 2, true) : "");
  const lines = data.months.map((year) => element("tr", {}, element("th", { scope: "row" }, String(year.year)), ...year.months.map(cell), element("td", {}, element("strong", {}, percent(year.total, 2, true)))));
  fill("months", element("table", {}, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, text("year")), ...names.map((name) => element("th", { scope: "col" }, name)), element("th", { scope: "col" }, text("whole_year")))), element("tbody", {}, ...lines)));
}

function drawRefusals() {
  const rows = Object.entries(result.refusals);
  if (!rows.length) return fill("refusals", element("p", { class: "note" }, text("no_refusals")));
  const most = Math.max(...rows.map(([, count]) => count));
  const line = ([code, count]) => element("tr", {}, element("td", { class: "text" }, text(`refusal_${code}`).replace(/^refusal_/, "")), element("td", {}, number(count, 0)), element("td", { "aria-hidden": "true" }, element("meter", { min: 0, max: most, value: count })));
  fill("refusals", element("table", {}, element("thead", {}, element("tr", {}, element("th", { class: "text", scope: "col" }, text("reason")), element("th", { scope: "col" }, text("signals")), element("th", { "aria-hidden": "true" }))), element("tbody", {}, ...rows.map(line))));
}

function drawMetrics() {
  byId("metrics-note").textContent = text(result.data.sampling === "daily" ? "sampled_daily" : "sampled_bars");
  fill("metrics", ...data.metrics.map((family) => element("table", {}, element("caption", {}, text(family.name)), element("tbody", {}, ...family.rows.map(([name, kind]) => element("tr", {}, element("th", { scope: "row" }, text(name)), element("td", {}, WRITE[kind](result.metrics[name]))))))));
}

function drawSplit() {
  const rows = Object.entries(result.per_instrument);
  byId("split-section").hidden = rows.length < 2;
  const kinds = [["trades", "count"], ["win_rate", "percent"], ["profit_factor", "ratio"], ["net_pnl", "profit"], ["long_pnl", "profit"], ["short_pnl", "profit"], ["fees", "money"], ["slippage", "money"], ["funding", "profit"]];
  const costs = data.result.analysis.costs.figures.per_instrument;
  const hangs = (symbol) => [percent(costs[symbol].parts.total.share, 1), number(costs[symbol].break_even_multiple)];
  fill("split", element("table", {}, element("thead", {}, element("tr", {}, element("th", { class: "text", scope: "col" }, text("instrument")), ...[...kinds.map(([name]) => name), "cost_share", "break_even"].map((name) => element("th", { scope: "col" }, text(name))))), element("tbody", {}, ...rows.map(([symbol, figures]) => element("tr", {}, element("th", { class: "text", scope: "row" }, symbol), ...kinds.map(([name, kind]) => element("td", {}, WRITE[kind](figures[name]))), ...hangs(symbol).map((shown) => element("td", {}, shown)))))));
}

function drawTeam() {
  const team = result.team;
  byId("team-section").hidden = !team;
  if (!team) return;
  const names = result.spec.team?.map((member) => member.name) ?? Object.keys(team.members);
  const kinds = [["share", "percent"], ["total_return", "gain"], ["net_pnl", "profit"], ["trades", "count"], ["win_rate", "percent"], ["fees", "money"], ["max_drawdown", "percent"], ["sharpe", "ratio"]];
  const heads = (first, rest) => element("thead", {}, element("tr", {}, element("th", { class: "text", scope: "col" }, text(first)), ...rest.map((shown) => element("th", { scope: "col" }, shown))));
  const line = (name, cells) => element("tr", {}, element("th", { class: "text", scope: "row" }, name), ...cells.map((shown) => element("td", {}, shown)));
  const shares = element("table", {}, heads("member", kinds.map(([name]) => text(name))), element("tbody", {}, ...names.map((name) => line(name, kinds.map(([figure, kind]) => WRITE[kind](team.members[name][figure]))))));
  const alike = element("table", {}, element("caption", {}, text("correlation")), heads("member", names), element("tbody", {}, ...names.map((name) => line(name, names.map((other) => number(team.correlation[name][other]))))));
  fill("team", shares, ...(names.length > 1 ? [alike] : []));
}

function drawDetails() {
  const flat = (value) => (value === null ? BLANK : typeof value === "object" ? JSON.stringify(value) : String(value));
  const isGroup = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const pairs = (rows, path = "") => Object.entries(rows).flatMap(([name, value]) => (isGroup(value) ? pairs(value, `${path}${name} · `) : [[path + name, value]]));
  const list = (key, rows) => element("div", {}, element("h3", {}, text(key)), element("dl", {}, ...pairs(rows).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, element("code", {}, flat(value)))])));
  const { instruments: sources, parents, ...facts } = result.data;
  const bySource = Object.entries(isGroup(sources) ? sources : {}).map(([symbol, rows]) => { const node = list("detail_data", rows); node.firstChild.append(` · ${symbol}`); return node; });
  const { params, costs, risk, ...plain } = result.spec;
  fill("details", list("detail_run", { id: result.id, created_at: result.created_at, ...plain }), list("detail_params", params), list("detail_costs", costs), list("detail_risk", risk), list("detail_data", facts), ...bySource, list("detail_leak", result.leak_passport ?? { [text("leak")]: text("not_run") }), list("detail_fingerprints", result.fingerprints));
}

function drawWords() {
  document.documentElement.lang = state.language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = text(node.dataset.t);
  byId("language").textContent = state.language === "en" ? "Українською" : "In English";
  byId("language").lang = state.language === "en" ? "uk" : "en";
  byId("theme").textContent = text(state.theme === "dark" ? "to_light" : "to_dark");
  byId("tiles").setAttribute("aria-label", text("headline"));
  const choices = (id, keys) => { const kept = byId(id).value || "all"; fill(id, ...keys.map(([value, key]) => element("option", { value }, text(key)))); byId(id).value = kept; };
  choices("side", [["all", "all"], ["long", "long"], ["short", "short"]]);
  choices("outcome", [["all", "all"], ["win", "wins"], ["loss", "losses"], ...data.trades.reasons.map((reason) => [reason, `reason_${reason}`])]);
}

function drawCharts() {
  drawEquity();
  drawCosts();
  drawExcursions();
  const range = byId("candles").layout?.xaxis?.range;
  return range ? drawCandles(...range.map((edge) => (typeof edge === "number" ? edge : Date.parse(`${edge.replace(" ", "T")}Z`)))) : drawCandles();
}

function drawAll() {
  drawWords(); drawHead(); drawWarnings(); drawTiles(); drawAnalysis(); drawCostTable(); drawParents(); drawMonths(); drawTrades(); drawRefusals(); drawMetrics(); drawSplit(); drawTeam(); drawDetails();
  return drawCharts();
}

function start() {
  state.theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = state.theme;
  byId("pick-label").hidden = markets.length < 2;
  fill("pick", ...markets.map((market, place) => element("option", { value: place }, market.symbol)));
  byId("pick").addEventListener("change", (event) => { state.instrument = Number(event.target.value); drawCandles(); });
  byId("whole").addEventListener("click", () => drawCandles());
  byId("more").addEventListener("click", () => { table.shown += 4 * PAGE; drawTrades(); });
  for (const id of ["search", "side", "outcome"]) byId(id).addEventListener("input", () => { table.shown = PAGE; drawTrades(); });
  byId("language").addEventListener("click", () => { state.language = state.language === "en" ? "uk" : "en"; drawAll(); });
  byId("theme").addEventListener("click", () => { state.theme = state.theme === "dark" ? "light" : "dark"; document.documentElement.dataset.theme = state.theme; drawAll(); });
  drawAll().then(() => { document.documentElement.dataset.ready = "yes"; });
}

start();
