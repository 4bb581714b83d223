type Plain = { [key: string]: unknown };

/** The fields in which descriptions differ, by their path, as text. */
export function differences(specs: readonly Plain[]): { name: string; values: string[] }[] {
  const flat = specs.map((spec) => flattened(spec, ""));
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))].sort();
  return names
    .map((name) => ({ name, values: flat.map((one) => one.get(name) ?? "–") }))
    .filter(({ values }) => new Set(values).size > 1);
}

function flattened(value: unknown, path: string): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return new Map([[path, typeof value === "string" ? value : JSON.stringify(value)]]);
  }
  const parts = Object.entries(value).map(([key, inner]) => flattened(inner, path ? `${path}.${key}` : key));
  return new Map(parts.flatMap((part) => [...part]));
}
