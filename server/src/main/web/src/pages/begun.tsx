import { useMemo, useRef, useState } from "react";
import { enc } from "../live/api";
import { useGet, useNow, useThrottled } from "../live/use";
import { at, moment, plural, span, whole } from "../parts/figures";
import { millisOf } from "../parts/time-text";

interface Counted { since: string; until: string; part_ms: number; whole: boolean; runs: number; parts: { at: string; runs: number; failed: number }[] }

/** What the list is narrowed to, as the server takes it. */
export interface Narrow { status: string[]; workflow: string; words: string; since: string; until: string }

const AGES: [string, string][] = [["", "any time"], ["1h", "the last hour"], ["24h", "the last 24 hours"], ["7d", "the last 7 days"], ["30d", "the last 30 days"]];
const PARTS = 60;
const RENEWED = 10_000;

export const queryOf = ({ status, workflow, words, since, until }: Narrow): string => [
  status.length ? `status=${status.map(enc).join(",")}` : "",
  workflow ? `workflow=${enc(workflow)}` : "",
  words ? `q=${enc(words)}` : "",
  since ? `since=${enc(since)}` : "",
  until ? `until=${enc(until)}` : "",
].filter(Boolean).join("&");

/** The moment that `24h` or a time means; null where it is none. */
export function momentOf(text: string, now: number): number | null {
  const ago = millisOf(text);
  if (ago !== null) return now - ago;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/**
 * How many runs began when: dragging narrows the list to a part of the time, a double click widens it.
 * `newest` is what is known of the newest run: when it changes they are counted again.
 */
export function Begun({ wanted, newest, onSpan }: { wanted: Narrow; newest: string; onSpan: (since: string, until: string) => void }) {
  const now = useNow(true, RENEWED);
  const { data } = useGet<Counted>(`/histogram?parts=${PARTS}&${queryOf(wanted)}`, useThrottled(`${Math.floor(now / RENEWED)} ${newest}`, 1000));
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const box = useRef<SVGSVGElement>(null);
  const shapes = useMemo(() => {
    const most = Math.max(1, ...(data?.parts ?? []).map((part) => part.runs));
    const bars = (of: (part: Counted["parts"][number]) => number) => (data?.parts ?? []).map((part, i) => (of(part) > 0 ? `M${i * 10 + 1},32v${-Math.max(3, (30 * of(part)) / most)}h8V32z` : "")).join("");
    return [bars((part) => part.runs), bars((part) => part.failed)] as const;
  }, [data]);
  const failed = (data?.parts ?? []).reduce((sum, part) => sum + part.failed, 0);
  const place = (event: { clientX: number }) => {
    const rect = box.current!.getBoundingClientRect();
    return Math.max(0, Math.min(PARTS, ((event.clientX - rect.left) / rect.width) * PARTS));
  };
  const chosen = () => {
    if (!drag || !data || Math.abs(drag[1] - drag[0]) < 0.3) return;
    const from = Date.parse(data.since);
    const time = (part: number) => new Date(from + part * data.part_ms).toISOString().replace(/\.\d+Z/, "Z");
    onSpan(time(Math.floor(Math.min(...drag))), time(Math.ceil(Math.max(...drag))));
  };
  const narrowed = wanted.since !== "" || wanted.until !== "";
  const known = AGES.some(([since]) => since === wanted.since) && !wanted.until;
  const counted = data && `${data.whole ? "" : "more than "}${plural(data.runs, "run")} begun ${narrowed ? "then" : "in the last 24 hours"}${failed > 0 ? `, ${whole(failed)} failed` : ""}`;
  return (
    <div className="begun">
      <svg
        ref={box} className="begun-bars" viewBox={`0 0 ${PARTS * 10} 32`} preserveAspectRatio="none" role="img"
        aria-label={counted ? `${counted}. Drag to narrow the list to a part of the time, double click for any time.` : "How many runs began when"}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); setDrag([place(event), place(event)]); }}
        onPointerMove={(event) => drag && setDrag([drag[0], place(event)])}
        onPointerUp={() => { chosen(); setDrag(null); }}
        onDoubleClick={() => onSpan("", "")}
      >
        <path d={shapes[0]} className="begun-all" /><path d={shapes[1]} className="begun-failed" />
        {drag && <rect className="begun-drag" x={Math.min(...drag) * 10} width={Math.abs(drag[1] - drag[0]) * 10} height="32" />}
        {data && <g className="begun-tips">{data.parts.map((part, i) => <rect key={i} x={i * 10} width="10" height="32"><title>{`${moment(part.at)}, ${span(data.part_ms)}: ${plural(part.runs, "run")}${part.failed > 0 ? `, ${whole(part.failed)} failed` : ""}`}</title></rect>)}</g>}
      </svg>
      <select className="field" aria-label="Begun" value={known ? wanted.since : "-"} onChange={(event) => event.target.value !== "-" && onSpan(event.target.value, "")}>
        {AGES.map(([since, word]) => <option key={since} value={since}>{word}</option>)}
        {!known && <option value="-">{words(wanted)}</option>}
      </select>
      <span className="dim small num wide clip" aria-hidden>{counted}</span>
    </div>
  );
}

/** A part of the time in words, as short as can be. */
function words({ since, until }: Narrow): string {
  const told = (text: string) => (Number.isNaN(Date.parse(text)) ? `${text} ago` : new Date(text).toDateString() === new Date().toDateString() ? at(text) : moment(text));
  return since && until ? `${told(since)} to ${told(until)}` : since ? `since ${told(since)}` : `until ${told(until)}`;
}
