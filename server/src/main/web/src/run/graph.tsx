/** The plan: loops and fan-outs are a node each. */
import { useMemo } from "react";
import type { StandIn, TaskRow, View } from "../live/types";
import { useNow } from "../live/use";
import { Bar, Empty } from "../parts/common";
import { inTime, plural, shortId, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { lookOfTask, Mark, WORST_FIRST, wordOf, type Look } from "../parts/state";
import { ChildLine } from "./child";
import { Picture, WIDTH, type Face } from "./picture";

const HEIGHT = 60;
const FAN_HEIGHT = 82;

export const countsOf = (row: TaskRow): [Look, number][] => {
  const by = new Map<Look, number>();
  for (const [state, n] of Object.entries(row.items?.counts ?? {})) by.set(lookOfTask(state), (by.get(lookOfTask(state)) ?? 0) + n);
  return WORST_FIRST.filter((look) => (by.get(look) ?? 0) > 0).map((look) => [look, by.get(look)!]);
};

/** Of what a fan-out is made, in the order in which a bar fills. */
export const barOf = (row: TaskRow): [Look, number][] => {
  const order: Look[] = ["succeeded", "skipped", "cancelled", "failed", "waiting", "backing", "running"];
  const by = new Map(countsOf(row));
  return order.filter((look) => by.has(look)).map((look) => [look, by.get(look)!]);
};

export function tookOf(row: TaskRow, now: number): number | null {
  if (!row.begun_at) return null;
  const from = Date.parse(row.begun_at);
  return Math.max(0, (row.ended_at ? Date.parse(row.ended_at) : now) - from);
}

/** Where what stands in for a task is from. */
export const pinOf = (one: StandIn) => (one.run ? `pinned, from ${shortId(one.run)}` : "pinned to what was given");

/** What to say of a task in one line. */
export function lineOf(row: TaskRow): string {
  if (row.stand_in) return pinOf(row.stand_in);
  if (row.state === "failed" && row.failure) return row.failure.message;
  if (row.state === "skipped" && row.reason) return row.reason;
  if (row.each && row.items?.total == null) return `one for each of ${row.each.replace(/^\$\{|\}$/g, "")}`;
  if (row.waits && (row.state === "waiting" || row.state === "ready" || row.state === "held" || row.state === "backing_off")) return (row.state === "held" ? "" : "waits for ") + inTime(row.waits, row.moments).replaceAll("`", "");
  if (row.summary) return row.summary;
  if (row.agents.length > 0) return row.agents.join(", ");
  return row.does;
}

/** What a task that looks so is. */
export const WORDS: Record<Look, string> = { planned: "waiting", ready: "ready", running: "running", waiting: "held", backing: "backing off", succeeded: "succeeded", failed: "failed", skipped: "skipped", cancelled: "cancelled", paused: "paused" };

function TaskCard({ row, live, touched }: { row: TaskRow; live: boolean; touched: boolean }) {
  const now = useNow(row.state === "running" && live);
  const look = lookOfTask(row.state);
  const took = tookOf(row, now);
  const fan = row.each !== null;
  const total = row.items?.total ?? null;
  return (
    <>
      <span className="node-head">
        <Mark look={look} />
        <span className="node-name clip">{row.task}</span><span className="unseen">, {wordOf(row.state)}{fan ? ", a fan-out" : ""}{row.after.length > 0 ? `, after ${row.after.join(", ")}` : ""}. </span>
        {row.loop && row.loop.iterations > 0 && <span className="node-aside">⟳ {row.loop.iterations}</span>}
        {row.child && <span className="node-aside" title="a run of its own">▸</span>}
        {row.stand_in && <span className="node-flag node-pin" title={pinOf(row.stand_in)}><Icon name="pin" /></span>}
        {touched && !row.stand_in && <span className="node-flag" title="changed by a person"><Icon name="flag" /></span>}
        <span className="node-time num">{fan && total !== null ? `${whole(total)}` : took !== null && !fan ? span(took) : ""}</span>
      </span>
      {fan && total !== null ? (
        <>
          <span className="node-line clip num">{countsOf(row).map(([l, n]) => <span key={l} className="node-count"><Mark look={l} still />{whole(n)}<span className="unseen"> {WORDS[l]}, </span></span>)}</span>
          <Bar parts={barOf(row)} total={total} width={WIDTH - 26} />
        </>
      ) : (
        <span className="node-line clip">{row.child && row.state === "running" ? <ChildLine run={row.child} /> : lineOf(row)}</span>
      )}
      {!fan && row.attempts > 1 && <span className="node-tries">{plural(row.attempts, "attempt")}{row.cost.usd > 0 ? ` · ${usd(row.cost.usd)}` : ""}</span>}
    </>
  );
}

const FACE: Face<TaskRow> = { height: (row) => (row.each !== null ? FAN_HEIGHT : HEIGHT), shape: (row) => (row.each !== null ? " fan" : ""), Draw: TaskCard };

interface Props {
  view: View;
  live: boolean;
  selected: string | null;
  hideDone: boolean;
  steady?: boolean;
  onSelect: (task: string) => void;
}

export function Graph({ view, live, selected, hideDone, steady = false, onSelect }: Props) {
  const touched = useMemo(() => new Set(view.marks.flatMap((mark) => mark.tasks.map((task) => task.replace(/\[.*$/, "")))), [view.marks]);
  if (view.tasks.length === 0) {
    return <Empty title="No task is planned yet"><p>{inTime(view.status_reason ?? "", view.moments) || "The plan appears here as soon as it is made."}</p></Empty>;
  }
  return (
    <Picture rows={view.tasks} face={FACE} name={view.run} noun="task" label="The plan: tasks from left to right, each after those it waits for. Arrow keys follow the lines."
      live={live} selected={selected} faded={hideDone} touched={touched} steady={steady} onSelect={onSelect} />
  );
}
