// Data of the page, language, numbers and times. Everything shown passes through here.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const state = { language: "en", theme: "dark", instrument: 0, selected: null };
const BLANK = "–";
const MINUS = "−";
const THIN = "\u202f"; // a narrow space that does not break

function decode(column) {
  const bytes = Uint8Array.from(atob(column.bytes), (letter) => letter.charCodeAt(0));
  return column.type === "i4" ? new Int32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

function text(key, values = {}) {
  const row = data.text[key];
  const sentence = row ? row[state.language] : key.replaceAll("-", " ");
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// What the result itself says, in the language of the page.
const told = (kind, { code, text: english, values }) => {
  const places = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, localised(value)]));
  return state.language === "en" || !data.text[`${kind}_${code}`] ? english : text(`${kind}_${code}`, places);
};

// Its numbers come written in English, with their unit: in Ukrainian the comma is decimal and a narrow space groups.
function localised(value) {
  const plain = String(value);
  if (state.language !== "uk" || !/^[-+−]?\d[\d,]*(\.\d+)?( (%|[A-Z0-9]{2,10}))?$/.test(plain)) return plain;
  const [, sign, whole, part, unit] = plain.match(/^([-+−]?)([\d,]+)(\.\d+)?( .*)?$/);
  const grouped = whole.replaceAll(",", "").replace(/\B(?=(\d{3})+$)/g, THIN);
  return sign.replace("-", MINUS) + grouped + (part ?? "").replace(".", ",") + (unit ?? "").replace(" ", "\u00a0");
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const locale = () => (state.language === "uk" ? "uk-UA" : "en-US");

const written = (value, form) => new Intl.NumberFormat(locale(), form).format(value).replaceAll("\u00a0", THIN);

function number(value, digits = 2, signed = false) {
  if (!isNumber(value)) return BLANK;
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const rounded = Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
  const plain = written(Math.abs(rounded), form);
  return (rounded < 0 ? MINUS : signed && rounded > 0 ? "+" : "") + plain;
}

const percent = (value, digits = 2, signed = false) => (isNumber(value) ? `${number(100 * value, digits, signed)} %` : BLANK);
const money = (value, signed = false) => (isNumber(value) ? `${number(value, 2, signed)} ${data.quote}` : BLANK);

function compact(value) {
  if (!isNumber(value)) return BLANK;
  return written(value, { maximumSignificantDigits: 8 });
}

// Every figure of a kind is written the same way everywhere.
const WRITE = {
  percent: (value) => percent(value),
  gain: (value) => percent(value, 2, true),
  money: (value) => money(value),
  profit: (value) => money(value, true),
  ratio: (value) => number(value, 2),
  count: (value) => number(value, 0),
  days: (value) => (isNumber(value) ? `${number(value, 1)} ${text("unit_days")}` : BLANK),
  bars: (value) => (isNumber(value) ? `${number(value, Number.isInteger(value) ? 0 : 1)} ${text("unit_bars")}` : BLANK),
};

const clock = (ms) => new Date(ms).toISOString().replace("T", " ").slice(0, 16);
const signClass = (value) => (value > 0 ? "good" : value < 0 ? "bad" : "");

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function fill(id, ...children) {
  byId(id).replaceChildren(...children);
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const isPhone = () => window.innerWidth < 560;
