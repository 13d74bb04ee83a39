/** What took the time: rows of text over one canvas of bars. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { enc } from "../live/api";
import type { Cost, CriticalPath, Timeline as TimelineData, TimelineRow, Touch, View } from "../live/types";
import { useGet, useShownTheme, useThrottled } from "../live/use";
import { CopyLink, Trouble, Waiting } from "../parts/common";
import { percent, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useKeys } from "../parts/keys";
import { placeOf } from "../parts/roving";
import { lookOfTask, Mark, wordOf, type Look } from "../parts/state";
import { useQuery } from "../router";
import { axisOf, ticksOf } from "./axis";

const ROW = 28;
const LABEL = 220;
const RIGHT = 84;
const MOST_FLAGS = 40;

/** How each kind of time looks: working is solid, waiting is thin. */
const KINDS: Record<string, { look: Look; thin: boolean; word: string }> = {
  place: { look: "ready", thin: true, word: "waiting for a place" },
  work: { look: "running", thin: false, word: "working" },
  look: { look: "paused", thin: false, word: "a second look" },
  backing_off: { look: "backing", thin: true, word: "backing off" },
  person: { look: "waiting", thin: true, word: "waiting for a person" },
  message: { look: "skipped", thin: true, word: "waiting for a message" },
  child: { look: "cancelled", thin: false, word: "a run of its own" },
};

type Meaning = "time" | "money" | "tokens";

const amountOf = (cost: Cost | undefined, meaning: Meaning) => (!cost ? 0 : meaning === "money" ? cost.usd : (cost.input_tokens ?? 0) + (cost.output_tokens ?? 0));

interface Shown { row: TimelineRow; name: string; depth: number; fan: boolean; open: boolean }

export function Timeline({ view, at, selected, onSelect }: { view: View; at: number | null; selected: string | null; onSelect: (task: string) => void }) {
  const [query, setQuery] = useQuery();
  const version = useThrottled(at ?? view.sequence, 1000);
  const base = `/runs/${enc(view.run)}/timeline`;
  const { data, error, again } = useGet<TimelineData>(`${base}${at === null ? "" : `?at=${at}`}`, version);
  const openTask = query.get("open");
  const { data: items } = useGet<TimelineData>(openTask ? `${base}?task=${enc(openTask)}${at === null ? "" : `&at=${at}`}` : null, version);
  const [folding, setFolding] = useState(true);
  const [colour, setColour] = useState<Meaning>("time");
  const critical = query.get("critical") === "1";
  const path = useGet<CriticalPath>(critical && view.ended ? `/runs/${enc(view.run)}/path` : null);
  useKeys({ c: () => setQuery({ critical: critical ? null : 1 }, true) });
  const theme = useShownTheme();
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 800, height: 400 });
  useEffect(() => {
    if (!box.current) return;
    const watch = new ResizeObserver(([entry]) => setSize({ width: entry!.contentRect.width, height: entry!.contentRect.height }));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [data === null]);

  const rows = useMemo<Shown[]>(() => {
    if (!data) return [];
    return data.rows.flatMap((row) => {
      const fan = (row.items ?? 1) > 1;
      const open = fan && openTask === row.task;
      const inside = open && items ? items.rows.map((one) => ({ row: one, name: one.item !== undefined ? `${row.task}[${one.item}]` : one.task, depth: 1, fan: false, open: false })) : [];
      return [{ row, name: row.task, depth: 0, fan, open }, ...inside];
    });
  }, [data, items, openTask]);

  const total = data ? Math.max(1, Date.parse(data.end) - Date.parse(data.start)) : 1;
  const from = Math.max(0, Number(query.get("from") ?? 0));
  const to = Math.min(total, Number(query.get("to") ?? total)) || total;
  const ranged = query.has("from");
  const narrow = size.width < 620;
  const label = narrow ? 120 : LABEL;
  const right = narrow ? 0 : RIGHT;
  const width = Math.max(80, size.width - label - right - 16);
  const busy = useMemo(() => rows.flatMap((one) => one.row.bars.filter((bar) => !KINDS[data?.kinds[bar[0]] ?? ""]?.thin).map((bar) => [bar[1], bar[2]] as [number, number])), [rows, data]);
  const axis = useMemo(() => axisOf(from, to, width, busy, folding), [from, to, width, busy, folding]);
  const ticks = useMemo(() => ticksOf(axis, from, to), [axis, from, to]);

  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 8, initialRect: { width: 800, height: 400 }, paddingStart: 0 });
  const canvas = useRef<HTMLCanvasElement>(null);
  const flags = useMemo<{ mark: Touch; ms: number }[]>(() => (data ? view.marks.slice(-MOST_FLAGS).map((mark) => ({ mark, ms: Date.parse(mark.at) - Date.parse(data.start) })) : []), [view.marks, data]);
  const pathSpans = useMemo(() => {
    if (!critical || !path.data) return null;
    const spans: { task: string | null; from: number; to: number }[] = [];
    let t = 0;
    for (const step of path.data.steps) { spans.push({ task: step.task, from: t, to: t + step.time_ms }); t += step.time_ms; }
    return spans;
  }, [critical, path.data]);

  const by = useMemo(() => new Map(view.tasks.map((row) => [row.task, row])), [view.tasks]);
  const [focused, setFocused] = useState(0);
  /** What each row took, as a share of what the dearest of its kind took: an item among items, a task among tasks. */
  const amounts = useMemo(() => {
    if (colour === "time") return null;
    const of = rows.map(({ row, depth }) => amountOf(depth > 0 ? row.cost : by.get(row.task)?.cost, colour));
    const most = [0, 1].map((depth) => Math.max(0, ...of.filter((_, i) => rows[i]!.depth === depth)));
    return of.map((amount, i) => ({ amount, share: amount > 0 ? amount / most[rows[i]!.depth]! : 0 }));
  }, [rows, by, colour]);

  const draw = useCallback(() => {
    const context = canvas.current?.getContext("2d");
    const element = box.current;
    if (!context || !canvas.current || !element || !data) return;
    const ratio = devicePixelRatio || 1;
    const height = element.clientHeight;
    if (canvas.current.width !== Math.floor(width * ratio) || canvas.current.height !== Math.floor(height * ratio)) {
      canvas.current.width = Math.floor(width * ratio);
      canvas.current.height = Math.floor(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const style = getComputedStyle(document.documentElement);
    const colours = data.kinds.map((kind) => style.getPropertyValue(`--s-${KINDS[kind]?.look ?? "planned"}`).trim());
    const failed = style.getPropertyValue("--s-failed").trim();
    const warm = style.getPropertyValue("--s-waiting").trim();
    const flag = warm;
    const ink = style.getPropertyValue("--ink").trim();
    const line = style.getPropertyValue("--line").trim();
    const strong = style.getPropertyValue("--line-strong").trim();
    context.fillStyle = line;
    for (const tick of ticks) context.fillRect(Math.round(axis.x(tick)), 0, 1, height);
    for (const piece of axis.pieces) {
      if (!piece.gap) continue;
      context.fillStyle = style.getPropertyValue("--sunken").trim();
      context.fillRect(piece.x, 0, piece.width, height);
      context.strokeStyle = strong;
      context.lineWidth = 1;
      for (const dx of [6, piece.width - 6]) {
        context.beginPath();
        for (let y = 0; y < height; y += 8) { context.lineTo(piece.x + dx + (y % 16 === 0 ? -2 : 2), y); }
        context.stroke();
      }
    }
    context.fillStyle = flag;
    for (const one of flags) if (one.ms >= from && one.ms <= to) context.fillRect(Math.round(axis.x(one.ms)), 0, 1, height);
    const first = Math.floor(element.scrollTop / ROW);
    const last = Math.min(rows.length, Math.ceil((element.scrollTop + height) / ROW) + 1);
    for (let i = first; i < last; i++) {
      const { row, name } = rows[i]!;
      const y = i * ROW - element.scrollTop;
      const onPath = pathSpans?.some((one) => one.task === name || one.task?.replace(/\[.*$/, "") === name);
      context.globalAlpha = pathSpans && !onPath ? 0.25 : 1;
      row.bars.forEach(([kind, a, b], n) => {
        if (b < from || a > to) return;
        const thin = KINDS[data.kinds[kind] ?? ""]?.thin ?? false;
        const x = axis.x(Math.max(a, from));
        const w = Math.max(2, axis.x(Math.min(b, to)) - x);
        const end = n === row.bars.length - 1;
        const heat = amounts?.[i]?.share ?? 0;
        context.fillStyle = amounts ? (heat > 0 && !thin ? warm : strong) : row.state === "failed" && end && !thin ? failed : colours[kind] ?? strong;
        context.globalAlpha = (pathSpans && !onPath ? 0.25 : 1) * (heat > 0 && !thin ? 0.25 + 0.75 * heat : 1);
        if (thin) context.fillRect(x, y + ROW / 2 - 1.5, w, 3);
        else { context.beginPath(); context.roundRect(x, y + 7, w, ROW - 14, Math.min(3, w / 2)); context.fill(); }
      });
      context.globalAlpha = 1;
      if (pathSpans) {
        context.strokeStyle = ink;
        context.lineWidth = 2;
        for (const one of pathSpans) {
          const own = one.task === name || one.task?.startsWith(name + "[");
          if (own && one.to >= from && one.from <= to) context.strokeRect(axis.x(one.from) + 0.5, y + 5, Math.max(2, axis.x(one.to) - axis.x(one.from)), ROW - 10);
        }
      }
    }
  }, [data, rows, axis, ticks, width, from, to, pathSpans, amounts, flags]);
  useEffect(() => { const frame = requestAnimationFrame(draw); return () => cancelAnimationFrame(frame); }, [draw, size, theme]);

  if (error !== null && !data) return <Trouble error={error} again={again} />;
  if (!data) return <Waiting what="the timeline" />;
  const step = (index: number) => {
    if (!rows[index]) return;
    setFocused(index);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  };
  const shownRows = virtual.getVirtualItems();
  const stop = shownRows.some((item) => item.index === focused) ? focused : (shownRows[0]?.index ?? 0);
  const used = new Set(rows.flatMap((one) => one.row.bars.map((bar) => data.kinds[bar[0]] ?? "")));
  return (
    <div className="timeline">
      <div className="tools row wrap">
        <div className="segments" role="group" aria-label="What bars and the column on the right show">
          {(["time", "money", "tokens"] as const).map((one) => <button key={one} type="button" aria-pressed={colour === one} onClick={() => setColour(one)}>{one}</button>)}
        </div>
        <label className="check"><input type="checkbox" checked={!folding} onChange={(e) => setFolding(!e.target.checked)} /> True scale</label>
        <button type="button" className="chip" aria-pressed={critical} disabled={!view.ended} title={view.ended ? "c" : "Known once the run is over"} onClick={() => setQuery({ critical: critical ? null : 1 }, true)}>Critical path</button>
        {ranged && <button type="button" className="chip" onClick={() => setQuery({ from: null, to: null })}>{span(to - from)} shown · all of it</button>}
        {ranged && <CopyLink query={{ from, to }} what="this part of the time" />}
        <span className="grow" />
        <span className="legend">{amounts ? <span className="s-waiting"><i />{amounts.some((one) => one.amount > 0) ? `the fuller, the more ${colour}` : `no ${colour} was used`}</span> : Object.entries(KINDS).filter(([kind]) => used.has(kind)).map(([kind, how]) => <span key={kind} className={`s-${how.look}`}><i className={how.thin ? "thin" : ""} />{how.word}</span>)}</span>
      </div>
      {flags.length > 0 && (
        <div className="timeline-flags" style={{ marginLeft: label, width }}>
          {flags.filter((one) => one.ms >= from && one.ms <= to).map(({ mark, ms }) => (
            <button key={mark.sequence} type="button" className="slider-flag" style={{ left: axis.x(ms) }} onClick={() => setQuery({ tab: "journal", event: mark.sequence })}
              aria-label={`${mark.verb}${mark.tasks.length > 0 ? ` ${mark.tasks.join(", ")}` : ""} by ${mark.by}: event ${mark.sequence} of the journal`} title={`${mark.verb} ${mark.tasks.join(", ")} by ${mark.by}${mark.reason ? `: ${mark.reason}` : ""}`}><Icon name="flag" /></button>
          ))}
        </div>
      )}
      <Overview rows={rows} total={total} kinds={data.kinds} from={from} to={to} offset={label} width={width} onRange={(a, b) => setQuery(a === null ? { from: null, to: null } : { from: Math.round(a), to: Math.round(b!) })} />
      <div className="axis" style={{ marginLeft: label, width }} aria-hidden="true">
        {ticks.filter((tick) => !axis.pieces.some((piece) => piece.gap && axis.x(tick) > piece.x - 34 && axis.x(tick) < piece.x + piece.width + 8)).map((tick) => <span key={tick} style={{ left: axis.x(tick) }}>{span(tick)}</span>)}
        {axis.pieces.filter((piece) => piece.gap).map((piece) => <span key={piece.x} className="axis-gap" style={{ left: piece.x + piece.width / 2 }}>{span(piece.to - piece.from)}</span>)}
      </div>
      <div className="timeline-body">
        <canvas ref={canvas} className="timeline-canvas" style={{ left: label, width, height: size.height }} aria-hidden="true" />
        <div className="timeline-box" ref={box} onScroll={draw}>
          <div className="json-rows" style={{ height: virtual.getTotalSize() }} role="treegrid" aria-label="Tasks over time" aria-rowcount={rows.length}>
            {shownRows.map((item) => {
              const { row, name, depth, fan, open } = rows[item.index]!;
              const took = row.bars.length ? row.bars.at(-1)![2] - row.bars[0]![1] : null;
              const amount = amounts?.[item.index]?.amount ?? 0;
              const text = colour === "time" ? (took === null ? "" : span(took)) : colour === "money" ? usd(amount) : whole(amount);
              return (
                <div key={item.key} role="row" aria-level={depth + 1} aria-rowindex={item.index + 1} aria-selected={selected === name} {...(fan ? { "aria-expanded": open } : {})} className={selected === name ? "trow selected" : "trow"} style={{ transform: `translateY(${item.start}px)`, height: ROW }}>
                  <span role="gridcell" className="trow-cell">
                  {fan && <button type="button" className="json-fold" tabIndex={-1} aria-expanded={open} aria-label={`${open ? "Fold" : "Open"} ${name}`} onClick={() => setQuery({ open: open ? null : name }, true)}><Icon name={open ? "down" : "right"} /></button>}
                  <button
                    type="button" className="trow-main" data-row={item.index} style={{ paddingLeft: depth * 16 + (fan ? 0 : 18) }}
                    tabIndex={item.index === stop ? 0 : -1} onFocus={() => setFocused(item.index)}
                    onClick={() => onSelect(name)}
                    onKeyDown={(event) => {
                      const to = placeOf(event.key, item.index, rows.length);
                      if (to !== null) step(to);
                      else if (event.key === "ArrowRight" && fan && !open) setQuery({ open: name }, true);
                      else if (event.key === "ArrowLeft" && open) setQuery({ open: null }, true);
                      else return;
                      event.preventDefault();
                    }}
                  >
                    <Mark look={lookOfTask(row.state)} still />
                    <span className="clip" style={{ maxWidth: label - 60 - depth * 16 }} title={row.label ?? name}>{depth > 0 ? (row.label ?? name) : name}{fan && <span className="dim num"> {whole(row.items ?? 0)}</span>}</span>
                    <span className="unseen">, {wordOf(row.state)}: {row.bars.map(([kind, a, b]) => `${KINDS[data.kinds[kind] ?? ""]?.word ?? ""} ${span(b - a)}`).slice(0, 6).join(", ")}. In all </span>
                    {right > 0 && <span className="trow-right num dim" style={{ width: right }}>{text}</span>}
                  </button>
                  </span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {critical && path.data && (
        <section className="path" aria-label="Critical path">
          <h3>Critical path: {span(path.data.makespan_ms)}. Had any of it been shorter, the run would have been over sooner.</h3>
          <ol>{path.data.steps.map((one, i) => <li key={i}><button type="button" className="chip" disabled={!one.task} onClick={() => one.task && onSelect(one.task)}>{one.task ?? "the run"} <span className="dim num">{span(one.time_ms)} · {percent(one.share)}</span></button></li>)}</ol>
        </section>
      )}
    </div>
  );
}

/** All of the time in one strip: dragging on it narrows the view, a double click widens it. */
function Overview({ rows, total, kinds, from, to, offset, width, onRange }: { rows: Shown[]; total: number; kinds: string[]; from: number; to: number; offset: number; width: number; onRange: (from: number | null, to?: number) => void }) {
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const box = useRef<SVGSVGElement>(null);
  const shape = useMemo(() => {
    const bins = new Array<number>(120).fill(0);
    for (const { row, depth } of rows) {
      if (depth > 0) continue;
      for (const [kind, a, b] of row.bars) {
        if (KINDS[kinds[kind] ?? ""]?.thin) continue;
        for (let i = Math.floor((a / total) * 120); i <= Math.min(119, Math.floor((b / total) * 120)); i++) bins[i]!++;
      }
    }
    const most = Math.max(1, ...bins);
    return bins.map((n, i) => `M${(i / 120) * 1000},24v${(-20 * n) / most}h${1000 / 120}V24z`).join("");
  }, [rows, total, kinds]);
  const ms = (event: { clientX: number }) => {
    const rect = box.current!.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - rect.left) / rect.width)) * total;
  };
  const [a, b] = drag ? [Math.min(...drag), Math.max(...drag)] : [from, to];
  const least = total / 100;
  const end = (name: string, at: number, low: number, high: number, set: (ms: number) => void) => (
    <span
      role="slider" tabIndex={0} className="overview-end" style={{ left: `${(at / total) * 100}%` }} aria-label={name} aria-valuemin={Math.round(low)} aria-valuemax={Math.round(high)} aria-valuenow={Math.round(at)} aria-valuetext={span(at)}
      onKeyDown={(event) => {
        const by: Record<string, number> = { ArrowLeft: at - least, ArrowRight: at + least, ArrowDown: at - least, ArrowUp: at + least, PageDown: at - 10 * least, PageUp: at + 10 * least, Home: low, End: high };
        const next = by[event.key];
        if (next === undefined) return;
        event.preventDefault();
        set(Math.max(low, Math.min(high, next)));
      }}
    />
  );
  const range = (one: number, other: number) => (one <= 0 && other >= total ? onRange(null) : onRange(one, other));
  return (
    <div className="overview-box" style={{ marginLeft: offset, width }} role="group" aria-label="Which part of the time is shown">
      <svg
        ref={box} className="overview" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label="All of the time; drag to see a part, double click to see all"
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); setDrag([ms(event), ms(event)]); }}
        onPointerMove={(event) => drag && setDrag([drag[0], ms(event)])}
        onPointerUp={() => { if (drag && Math.abs(drag[1] - drag[0]) > total / 200) onRange(Math.min(...drag), Math.max(...drag)); setDrag(null); }}
        onDoubleClick={() => onRange(null)}
      >
        <path d={shape} className="overview-shape" />
        {(drag || from > 0 || to < total) && <><rect x="0" width={(a / total) * 1000} height="24" className="overview-off" /><rect x={(b / total) * 1000} width={1000 - (b / total) * 1000} height="24" className="overview-off" /></>}
      </svg>
      {end("Shown from", a, 0, b - least, (next) => range(next, b))}
      {end("Shown until", b, a + least, total, (next) => range(a, next))}
    </div>
  );
}
