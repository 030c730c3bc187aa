// Numbers in words, and the class of colour of a change of real income.

const STEPS = [0.05, 0.1, 0.2, 0.5];

/** Below this, in per cent, a change rounds to zero. */
const NOTHING = 0.005;

/** `l5` ... `z` ... `g5`; `none` where there is no number. */
export function shade(value: number | null): string {
  if (value === null) return "none";
  if (Math.abs(value) < NOTHING) return "z";
  const level = 1 + STEPS.filter((step) => Math.abs(value) >= step).length;
  return `${value < 0 ? "l" : "g"}${level}`;
}

/** `+0.12`, with a true minus sign. */
export function signed(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? "−" : "+") + text;
}

/** An amount in USD million as `+12 bn`. */
export function dollars(million: number): string {
  const amount = Math.abs(million);
  const text = amount >= 99500 ? `${(amount / 1000).toFixed(0)} bn` : amount >= 1000 ? `${(amount / 1000).toFixed(1)} bn` : `${amount.toFixed(0)} m`;
  return (million < 0 ? "−" : "+") + text;
}

/** `A`, `A and B`, `A, B and C`. */
export function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** The next round number at or above another: an axis that seldom changes while a slider moves. */
export function nice(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * ten >= value * (1 - 1e-9)) ?? 10;
  return Number((step * ten).toPrecision(2));
}

/** An axis that holds numbers and zero: round ends, neither side less than a tenth of the other; `x` in a drawing 200 wide. */
export function axis(values: number[], least: number): { low: number; high: number; x: (value: number) => number } {
  const [down, up] = [Math.max(0, ...values.map((value) => -value)), Math.max(0, ...values)];
  const low = -nice(Math.max(down, up / 10, least));
  const high = nice(Math.max(up, down / 10, least));
  return { low, high, x: (value) => (200 * (value - low)) / (high - low) };
}

/** An end of an axis: `−0.5`. */
export const tick = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value)}`;

/** `between −0.31 and +0.08 %`. */
export const between = (low: number, high: number) => `between ${signed(low)} and ${signed(high)} %`;

/** `100 (new / old - 1)` as text; nothing where there was nothing. */
export const percent = (after: number, before: number) => (before > 0 ? signed(100 * (after / before - 1), 1) : "");
