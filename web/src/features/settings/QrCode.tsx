import qrcode from "qrcode-generator";

/** A text as a picture that a phone reads; dark on light in both themes, as phones expect it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const cells: string[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (code.isDark(row, column)) cells.push(`M${column} ${row}h1v1h-1z`);
    }
  }
  return (
    <svg
      role="img"
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      width={200}
      height={200}
      style={{ background: "#ffffff" }}
    >
      <title>{label}</title>
      <path d={cells.join("")} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
