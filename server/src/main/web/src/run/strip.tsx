/** Every item as a mark, drawn on one canvas: what is only seen needs no elements. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { enc } from "../live/api";
import type { Strip as StripData, View } from "../live/types";
import { useGet, useShownTheme, useThrottled } from "../live/use";
import { whole } from "../parts/figures";
import { lookOfTask, wordOf } from "../parts/state";

const MOST_ROWS = 8;

export function Strip({ view, at, onSelect }: { view: View; at: number | null; onSelect: (task: string) => void }) {
  const version = useThrottled(view.sequence, 1000);
  // From the first event on, so that nothing gives way to it when the items are known.
  const fans = view.tasks.some((row) => row.each !== null);
  const { data, error } = useGet<StripData>(fans ? `/runs/${enc(view.run)}/strip${at === null ? "" : `?at=${at}`}` : null, version);
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useShownTheme();
  const [over, setOver] = useState<string | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const marks = useMemo(() => {
    return view.tasks.flatMap((row) => {
      const letters = data?.tasks[row.task] ?? "".padEnd(row.items?.total ?? 0, "w");
      return row.each === null ? [{ task: row.task, letter: letters[0] ?? "w" }] : [...letters].map((letter, i) => ({ task: `${row.task}[${i}]`, letter }));
    });
  }, [data, view.tasks]);
  useLayoutEffect(() => {
    if (!box.current) return;
    setWidth(box.current.clientWidth);
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [fans]);
  const fit = useMemo(() => fitted(marks.length, width), [marks.length, width]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current || !data || width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.current.width = width * ratio;
    canvas.current.height = fit.height * ratio;
    context.scale(ratio, ratio);
    context.clearRect(0, 0, width, fit.height);
    const style = getComputedStyle(document.documentElement);
    const colours = new Map(Object.entries(data.letters).map(([letter, state]) => [letter, style.getPropertyValue(`--s-${lookOfTask(state)}`).trim()]));
    const pale = style.getPropertyValue("--line-strong").trim();
    marks.forEach((mark, i) => {
      const look = lookOfTask(data.letters[mark.letter] ?? "waiting");
      context.fillStyle = look === "planned" ? pale : (colours.get(mark.letter) ?? pale);
      context.globalAlpha = look === "succeeded" ? 0.75 : 1;
      context.fillRect((i % fit.columns) * fit.cell, Math.floor(i / fit.columns) * fit.cell, fit.cell - 1, look === "failed" || look === "succeeded" || look === "running" ? fit.cell - 1 : Math.max(2, (fit.cell - 1) / 2));
    });
    if (place !== null && place < marks.length) {
      context.globalAlpha = 1;
      context.strokeStyle = style.getPropertyValue("--ink").trim();
      context.lineWidth = 2;
      context.strokeRect((place % fit.columns) * fit.cell, Math.floor(place / fit.columns) * fit.cell, fit.cell, fit.cell);
    }
  }, [marks, data, width, fit, theme, place]);
  if (!fans || (error !== null && !data)) return null;
  const said = (mark: { task: string; letter: string }) => `${mark.task}: ${wordOf(data?.letters[mark.letter] ?? "waiting")}`;
  const here = Math.min(place ?? 0, marks.length - 1);
  const step = (to: number) => {
    const next = Math.max(0, Math.min(marks.length - 1, to));
    setPlace(next);
    setOver(said(marks[next]!));
  };
  const find = (event: { clientX: number; clientY: number }) => {
    const rect = canvas.current!.getBoundingClientRect();
    const column = Math.floor((event.clientX - rect.left) / fit.cell);
    const row = Math.floor((event.clientY - rect.top) / fit.cell);
    return column < fit.columns ? marks[row * fit.columns + column] : undefined;
  };
  return (
    <div className="strip">
      <div className="row small dim"><span>all {whole(marks.length)} tasks</span><span className="grow" /><span>{over ?? "\u00a0"}</span></div>
      <div ref={box}>
        <canvas
          ref={canvas} style={{ width, height: fit.height }} tabIndex={0} role="slider" aria-label={`All ${marks.length} tasks as marks; arrow keys move, Enter opens`}
          aria-valuemin={1} aria-valuemax={marks.length} aria-valuenow={here + 1} aria-valuetext={marks[here] ? said(marks[here]) : ""}
          onFocus={() => step(here)} onBlur={() => { setPlace(null); setOver(null); }}
          onKeyDown={(event) => {
            const by: Record<string, number> = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: here + fit.columns, ArrowUp: here - fit.columns, Home: 0, End: marks.length - 1 };
            const to = by[event.key];
            if (to !== undefined) step(to);
            else if (event.key === "Enter" && marks[here]) onSelect(marks[here].task);
            else return;
            event.preventDefault();
          }}
          onPointerMove={(event) => { const mark = find(event); setOver(mark ? said(mark) : null); }}
          onPointerLeave={() => setOver(null)}
          onClick={(event) => { const mark = find(event); if (mark) onSelect(mark.task); }}
        />
      </div>
    </div>
  );
}

function fitted(count: number, width: number) {
  for (let cell = 10; cell > 2; cell--) {
    const columns = Math.max(1, Math.floor(width / cell));
    const rows = Math.ceil(count / columns);
    if (rows <= MOST_ROWS || cell === 3) return { cell, columns, height: Math.max(1, rows) * cell };
  }
  return { cell: 3, columns: 1, height: 3 };
}
