/** Figures as people read them; the same digits everywhere. */

export function usd(amount: number): string {
  if (amount === 0) return "$0.00";
  const size = Math.abs(amount);
  const digits = size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  return (amount < 0 ? "−$" : "$") + size.toLocaleString("en", { minimumFractionDigits: digits === 2 ? 2 : 2, maximumFractionDigits: digits });
}

/** What was used; at least as much where an agent did not say. */
export const paid = (cost: { usd: number; unknown?: boolean }): string => (cost.unknown ? "≥ " : "") + usd(cost.usd);

/** What the sign before it means. */
export const UNKNOWN = "Nobody says what some attempts used, so it is at least this. A budget is charged all that was set aside for them.";

export const whole = (n: number): string => n.toLocaleString("en");

/** 950, 31k, 2.4M */
export function short(n: number): string {
  if (n < 1000) return String(n);
  if (n < 10_000) return (n / 1000).toFixed(1).replace(/\.0$/, "") + "k";
  if (n < 1_000_000) return Math.round(n / 1000) + "k";
  return (n / 1_000_000).toFixed(1).replace(/\.0$/, "") + "M";
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** 12 ms, 9.2 s, 4 m 10 s, 2 h 5 m, 3 d 4 h */
export function span(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.floor(ms / 1000);
  if (s < 3600) return `${Math.floor(s / 60)} m ${String(s % 60).padStart(2, "0")} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, "0")} m`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** 12 s, 3 m, 5 h, 2 d: how long ago, coarsely. */
export function age(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

export function at(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "–" : clock.format(date);
}

export function moment(time: string | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "–";
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/** A sentence of the server with its moments as they are read here; with `now` also how far each is. */
export function inTime(text: string, moments: string[] | undefined, now?: number): string {
  return (moments ?? []).reduce((said, one) => {
    const far = now === undefined ? null : Date.parse(one) - now;
    return said.replaceAll(one, moment(one) + (far === null ? "" : far < 0 ? ` (${age(-far)} ago)` : ` (in ${age(far)})`));
  }, text);
}

export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

export const plural = (n: number, one: string, many = one + "s"): string => `${whole(n)} ${n === 1 ? one : many}`;

/** The part of a run's id that tells it apart: its time to the millisecond, and its place within another. */
export const shortId = (id: string): string => (id.length > 12 ? id.slice(0, 10) + id.slice(26) : id);
