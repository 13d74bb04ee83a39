/** The run at any event: lanes in the order of the stages, marks where people stepped in. */
import { useMemo, type CSSProperties } from "react";
import { enc } from "../live/api";
import type { Lanes, View } from "../live/types";
import { useGet, useThrottled } from "../live/use";
import { CopyLink } from "../parts/common";
import { moment, span, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useKeys } from "../parts/keys";

const LANES = ["goal", "plan", "dispatch", "agent", "memory", "synthesis", "people", "messages", "time"];
const BUCKETS = 160;

interface Props {
  view: View;
  shown: View | null;
  at: number | null;
  onAt: (at: number | null, done: boolean) => void;
  onFork: (at: number) => void;
  forkRefusal: string | null;
}

export function Slider({ view, shown, at, onAt, onFork, forkRefusal }: Props) {
  const head = view.sequence;
  const version = useThrottled(head, 2000);
  const { data } = useGet<Lanes>(`/runs/${enc(view.run)}/lanes?buckets=${BUCKETS}`, version);
  const place = at ?? head;
  const step = (by: number) => {
    const next = Math.max(1, Math.min(head, place + by));
    onAt(next >= head ? null : next, true);
  };
  useKeys({ "[": () => step(-1), "]": () => step(1), ".": () => onAt(null, true) });
  const drawing = useMemo(() => (data ? <Drawing data={data} head={Math.max(head, data.head)} /> : null), [data, head]);
  const moved = shown && at !== null ? Date.parse(shown.at) - Date.parse(view.started_at) : null;
  return (
    <section className={at === null ? "slider" : "slider past"} aria-label="Time">
      <div className="slider-text row">
        <button type="button" className="button plain icon" aria-label="An event back" title="An event back ( [ )" disabled={place <= 1} onClick={() => step(-1)}><Icon name="left" /></button>
        <button type="button" className="button plain icon" aria-label="An event on" title="An event on ( ] )" disabled={at === null} onClick={() => step(1)}><Icon name="right" /></button>
        {at === null ? (
          <span className="num">event {whole(head)}{view.ended ? ", the last" : ", now"}</span>
        ) : (
          <span className="num" role="status"><strong>event {whole(at)}</strong> of {whole(head)}{shown && shown.sequence === at && <> · {moment(shown.at)}, {span(Math.max(0, moved ?? 0))} in</>}{!view.ended && <> · +{whole(head - at)} since</>}</span>
        )}
        {at !== null && <CopyLink query={{ at }} what={`event ${at}`} />}
        <span className="grow" />
        {at !== null && <span className="dim wide verb-hint">This is the past: only a fork can be made from here.</span>}
        {at !== null && <button type="button" className="button" data-verb="Fork from here" disabled={forkRefusal !== null} title={forkRefusal ?? undefined} onClick={() => onFork(at)}><Icon name="fork" />Fork from here…</button>}
        {at !== null && <button type="button" className="button strong" onClick={() => onAt(null, true)}>{view.ended ? "To the end" : "Back to now"} <kbd>.</kbd></button>}
      </div>
      <div className="slider-track" style={{ "--at": `${head > 1 ? ((place - 1) / (head - 1)) * 100 : 100}%` } as CSSProperties}>
        {drawing}
        <span className="slider-here" aria-hidden="true" />
        <input
          type="range" min={1} max={Math.max(1, head)} value={place} aria-label="Event" aria-valuetext={`event ${place} of ${head}`}
          onChange={(event) => { const n = Number(event.target.value); onAt(n >= head ? null : n, false); }}
          onPointerUp={(event) => { const n = Number(event.currentTarget.value); onAt(n >= head ? null : n, true); }}
        />
        {view.marks.slice(-40).map((mark) => (
          <button
            key={mark.sequence} type="button" className="slider-flag" style={{ left: `${head > 1 ? ((mark.sequence - 1) / (head - 1)) * 100 : 0}%` }}
            aria-label={`${mark.verb} by ${mark.by}, event ${mark.sequence}`} title={`${mark.verb}${mark.tasks.length ? ` ${mark.tasks.join(", ")}` : ""} by ${mark.by}${mark.reason ? `: ${mark.reason}` : ""}`}
            onClick={() => onAt(mark.sequence >= head ? null : mark.sequence, true)}
          ><Icon name="flag" /></button>
        ))}
      </div>
    </section>
  );
}

/** A mark is the higher the more events of the stage fall into its place. */
function Drawing({ data, head }: { data: Lanes; head: number }) {
  const lanes = LANES.filter((lane) => data.lanes[lane]?.some((n) => n > 0));
  const most = Math.max(1, ...lanes.flatMap((lane) => data.lanes[lane] ?? []));
  const height = 11;
  return (
    <>
      <svg className="slider-lanes" viewBox={`0 0 1000 ${lanes.length * height}`} preserveAspectRatio="none" style={{ height: lanes.length * height }} aria-hidden="true">
        {lanes.map((lane, row) => (data.lanes[lane] ?? []).map((n, i) => {
          if (n === 0) return null;
          const x = ((i * data.size) / head) * 1000;
          const w = Math.max(1.5, Math.min((data.size / head) * 1000 - 1, 14));
          const h = 2 + (height - 3) * Math.sqrt(n / most);
          return <rect key={`${lane}${i}`} className={`lane-${lane}`} x={x} y={row * height + (height - h)} width={w} height={h} />;
        }))}
      </svg>
      <ul className="slider-names" aria-hidden="true">{lanes.map((lane) => <li key={lane}>{lane}</li>)}</ul>
    </>
  );
}
