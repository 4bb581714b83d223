const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const state = { language: (navigator.language || "en").startsWith("uk") ? "uk" : "en", theme: matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark" };
const BLANK = "–", MINUS = "−";
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function text(key, values = {}) {
  return data.text[key][state.language].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function number(value, digits = 2, signed = false) {
  if (!isNumber(value)) return BLANK;
  const rounded = Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
  const plain = new Intl.NumberFormat(state.language === "uk" ? "uk-UA" : "en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(rounded));
  return (rounded < 0 ? MINUS : signed && rounded > 0 ? "+" : "") + plain;
}

const percent = (value, digits = 2, signed = false) => (isNumber(value) ? `${number(100 * value, digits, signed)} %` : BLANK);

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const row = (...cells) => element("tr", {}, ...cells);
const head = (word, kind = null) => element("th", { scope: "col", class: kind }, word);
const day = (stamp) => (data.span === "day" ? stamp.slice(0, 10) : stamp.slice(0, 16).replace("T", " "));

function verdict(one) {
  const word = text(`verdict_${one.verdict}`);
  const needed = one.verdict === "not_told_apart" && one.spans_needed ? ` (${text("needed", { count: `${number(one.spans_needed, 0)} ${text(`span_${data.span}`)}` })})` : "";
  return word + needed;
}

function drawRanking() {
  const lines = data.standings.map((one) => row(
    element("td", {}, String(one.rank)), element("th", { scope: "row", class: "text" }, one.strategy), element("td", {}, number(one.sharpe)),
    element("td", {}, isNumber(one.low) ? `${number(one.low)} … ${number(one.high)}` : BLANK), element("td", {}, percent(one.best_chance, 0)),
    element("td", {}, percent(one.total_return, 2, true)), element("td", {}, percent(one.worst_period, 2, true)), element("td", {}, number(one.trades, 0)), element("td", { class: "text" }, verdict(one))));
  const names = ["rank", "strategy", "sharpe", "interval", "best_chance", "total_return", "worst_period", "trades", "verdict"];
  const heads = names.map((name) => head(text(name), ["strategy", "verdict"].includes(name) ? "text" : null));
  byId("ranking").replaceChildren(element("table", {}, element("thead", {}, row(...heads)), element("tbody", {}, ...lines)));
  const lost = data.standings.every((one) => one.total_return <= 0);
  byId("told").textContent = [text(data.told ? "told" : "not_told"), lost ? text("negative") : ""].join(" ").trim();
  byId("told").classList.toggle("warn", !data.told);
  const resampled = text("resampled", { spans: number(data.spans, 0), span: text(`span_${data.span}`), block: number(data.mean_block, 1) });
  byId("notes").textContent = resampled + (data.standings.length > 1 ? ` ${text("chosen", { count: data.standings.length })}` : "");
}

function heatCell(cell, most) {
  if (!isNumber(cell.total_return)) return element("td", {}, element("small", {}, text("no_bars")));
  const strength = (0.05 + 0.4 * Math.min(Math.abs(cell.total_return) / most, 1)).toFixed(3);
  const style = `background: rgb(var(--${cell.total_return < 0 ? "down" : "up"}) / ${strength})`;
  return element("td", { style }, percent(cell.total_return, 1, true), element("small", {}, number(cell.trades, 0)));
}

function drawHeat() {
  const all = Object.values(data.cells).flat().map((cell) => Math.abs(cell.total_return ?? 0));
  const most = Math.max(...all, 1e-9);
  const groups = row(head(text("all_instruments"), "text"), ...data.instruments.map((symbol) => element("th", { scope: "colgroup", colspan: data.periods.length }, symbol)));
  const periods = row(head(text("period"), "text"), ...data.instruments.flatMap(() => data.periods.map(([first]) => head(day(first)))));
  const lines = data.standings.map((one) => row(element("th", { scope: "row" }, one.strategy), ...data.instruments.flatMap((symbol) => data.cells[one.strategy].filter((cell) => cell.instrument === symbol).map((cell) => heatCell(cell, most)))));
  byId("heat").replaceChildren(element("table", {}, element("thead", {}, groups, periods), element("tbody", {}, ...lines)));
}

function draw() {
  document.documentElement.lang = state.language;
  document.documentElement.dataset.theme = state.theme;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = text(node.dataset.t);
  byId("language").textContent = text("other_language");
  byId("theme").textContent = text(state.theme === "dark" ? "to_light" : "to_dark");
  byId("subtitle").textContent = [data.instruments.join(", "), `${day(data.periods[0][0])} – ${day(data.periods.at(-1)[1])} UTC`].join(" · ");
  const skipped = Object.entries(data.skipped);
  byId("skipped-section").hidden = !skipped.length;
  byId("skipped").replaceChildren(...skipped.map(([name, reason]) => element("li", {}, `${name}: ${reason}`)));
  drawRanking();
  drawHeat();
}

byId("language").addEventListener("click", () => { state.language = state.language === "en" ? "uk" : "en"; draw(); });
byId("theme").addEventListener("click", () => { state.theme = state.theme === "dark" ? "light" : "dark"; draw(); });
draw();
