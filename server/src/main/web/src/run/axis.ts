/** The axis of time: dead time is folded away, so that bars keep their size. */

export interface Piece { from: number; to: number; x: number; width: number; gap: boolean }
export interface Axis { pieces: Piece[]; x: (ms: number) => number; ms: (x: number) => number; width: number }

const GAP_WIDTH = 28;
const GAP_SHARE = 0.2;

/** An axis from `from` to `to` over `width` pixels; spans in which nothing ran for a fifth of it become breaks. */
export function axisOf(from: number, to: number, width: number, busy: [number, number][], folding: boolean): Axis {
  const all = Math.max(1, to - from);
  const gaps: [number, number][] = [];
  if (folding) {
    const spans = busy.map(([a, b]) => [Math.max(from, a), Math.min(to, b)] as [number, number]).filter(([a, b]) => b >= a).sort((a, b) => a[0] - b[0]);
    let end = from;
    for (const [a, b] of spans) {
      if (a - end > all * GAP_SHARE) gaps.push([end, a]);
      end = Math.max(end, b);
    }
    if (to - end > all * GAP_SHARE && spans.length > 0) gaps.push([end, to]);
  }
  const dead = gaps.reduce((sum, [a, b]) => sum + b - a, 0);
  const scale = Math.max(1, width - gaps.length * GAP_WIDTH) / Math.max(1, all - dead);
  const pieces: Piece[] = [];
  let at = from;
  let x = 0;
  const add = (until: number, gap: boolean) => {
    if (until <= at) return;
    const w = gap ? GAP_WIDTH : (until - at) * scale;
    pieces.push({ from: at, to: until, x, width: w, gap });
    x += w;
    at = until;
  };
  for (const [a, b] of gaps) {
    add(a, false);
    add(b, true);
  }
  add(to, false);
  const place = (ms: number) => {
    for (const piece of pieces) if (ms <= piece.to) return piece.x + (Math.max(0, ms - piece.from) / (piece.to - piece.from)) * piece.width;
    return x;
  };
  const time = (px: number) => {
    for (const piece of pieces) if (px <= piece.x + piece.width) return piece.from + (Math.max(0, px - piece.x) / piece.width) * (piece.to - piece.from);
    return to;
  };
  return { pieces, x: place, ms: time, width };
}

/** Round steps that leave `space` pixels between ticks. */
export function ticksOf(axis: Axis, from: number, to: number, space = 96): number[] {
  const live = axis.pieces.filter((piece) => !piece.gap);
  const dead = axis.pieces.filter((piece) => piece.gap).reduce((sum, piece) => sum + piece.to - piece.from, 0);
  const most = Math.max(2, axis.width / space);
  const raw = (to - from - dead) / most;
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000];
  const step = steps.find((one) => one >= raw) ?? 86_400_000 * Math.ceil(raw / 86_400_000);
  const ticks: number[] = [];
  for (const piece of live) for (let t = Math.ceil(piece.from / step) * step; t <= piece.to && ticks.length < 60; t += step) ticks.push(t);
  return ticks;
}
