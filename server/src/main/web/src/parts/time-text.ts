/** Times as people write them, as the server takes them: a whole number and `ms`, `s`, `m`, `h` or `d`. */
const UNITS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `90s` in milliseconds; null where it is none. */
export function millisOf(text: string): number | null {
  const time = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  return time ? Number(time[1]) * UNITS[time[2]!]! : null;
}

/** A time in the largest unit in which it is whole, as a team file has it: 600000ms is 10m. */
export function shownTime(time: unknown): string {
  const ms = Number(/^(\d+)ms$/.exec(String(time))?.[1] ?? NaN);
  const unit = Object.entries(UNITS).find(([name, size]) => name !== "ms" && ms > 0 && ms % size === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : String(time);
}
