const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers between two, about as many as wanted, at least `least` apart, smallest first. */
export function ticks(low: number, high: number, wanted = 5, least = 0): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(low) ? [low] : [];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, (STEPS.find((one) => one * power >= rough) ?? 10) * power);
  const found: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

/** A scale from a span of numbers to a span of pixels. */
export function scaleOf(low: number, high: number, from: number, to: number): (value: number) => number {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}
