/** Every text of this language, by the name of its file. */
const files = import.meta.glob<Record<string, unknown>>("./*.json", { eager: true, import: "default" });

export default Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.replace("./", "").replace(".json", ""), texts]),
);
