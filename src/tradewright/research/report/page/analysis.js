// What the result hangs on: a card for each chapter, and where the gross profit went.
const PARTS = [["maker_fees", "maker_fees"], ["taker_fees", "taker_fees"], ["clearance", "clearance"], ["spread", "spread"], ["slippage", "slippage_alone"], ["funding", "funding_paid"]];

function drawAnalysis() {
  const chapters = data.result.analysis;
  const { optimism, costs, doubt, margin, capacity } = Object.fromEntries(Object.entries(chapters).map(([name, chapter]) => [name, chapter.figures]));
  const heads = { optimism: optimism.touched_share, costs: costs.parts.total.share, doubt: doubt.decided_share, margin: margin.peak_use, capacity: capacity.high_share };
  const card = ([name, head]) => element("div", { class: "chapter", "data-chapter": name }, element("h3", {}, text(`chapter_${name}`)), isNumber(head) ? element("p", { class: "head" }, element("strong", {}, percent(head, head && Math.abs(head) < 0.001 ? 3 : 1)), ` ${text(`head_${name}`)}`) : null, element("p", {}, told("sentence", chapters[name])));
  fill("chapters", ...Object.entries(heads).map(card));
}

function drawCostTable() {
  const { parts, break_even_multiple: multiple } = data.result.analysis.costs.figures;
  const heads = [text("amount", { quote: data.quote }), text("share_of_gross"), text("per_trade")];
  const row = ([name, label]) => element("tr", {}, element("th", { class: "text", scope: "row" }, text(label)), element("td", {}, number(parts[name].amount)), element("td", {}, percent(parts[name].share, 1)), element("td", {}, number(parts[name].per_trade)));
  const last = element("tr", {}, element("th", { class: "text", scope: "row" }, text("break_even")), element("td", {}, number(multiple)), element("td"), element("td"));
  fill("cost-parts", element("table", {}, element("thead", {}, element("tr", {}, element("th", { class: "text", scope: "col" }, text("part")), ...heads.map((head) => element("th", { scope: "col" }, head)))), element("tbody", {}, ...[...PARTS, ["total", "total"]].map(row), last)));
}

function costSteps() {
  const { parts, gross_pnl: gross, net_pnl: net, insurance } = data.result.analysis.costs.figures;
  const fund = insurance ? [["insurance", insurance, "relative"], ["equity_change", net + insurance, "total"]] : [];
  const shown = PARTS.filter(([name]) => parts[name].amount);
  return [["gross", gross, "absolute"], ...shown.map(([name, label]) => [name === "funding" ? name : label, -parts[name].amount, "relative"]), ["net", net, "total"], ...fund];
}

// Orders that were worked by children: what was asked, and what working them cost.
function drawParents() {
  const parents = data.result.data.parents ?? [];
  byId("parents-section").hidden = !parents.length;
  if (!parents.length) return;
  const words = ["parent", "instrument", "side", "status"];
  const figures = ["children", "asked", "done", "average_price", "arrival_bps", "market_bps", "fees"];
  const named = (row) => [`${row.tag} (${row.algorithm})`, row.symbol, text(row.side), text(`status_${row.status}`)];
  const counted = (row) => [number(row.children, 0), number(row.asked, 6), number(row.filled, 6), number(row.average_price), number(row.shortfall_bps, 1, true), number(row.market_bps, 1, true), number(row.fees)];
  const line = (row) => element("tr", {}, ...named(row).map((cell) => element("td", { class: "text" }, cell)), ...counted(row).map((cell) => element("td", {}, cell)));
  const heads = [...words.map((key) => element("th", { class: "text", scope: "col" }, text(key))), ...figures.map((key) => element("th", { scope: "col" }, text(key)))];
  fill("parents", element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...parents.slice(0, PAGE).map(line))));
}
