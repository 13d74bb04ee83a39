/** The run as it ran: fan-outs unrolled into their items, and each further attempt as a node of its own. */
import { useMemo } from "react";
import { enc } from "../live/api";
import type { Ran, RanNode, TaskRow, View } from "../live/types";
import { useGet, useNow, useThrottled } from "../live/use";
import { Empty, Trouble, Waiting } from "../parts/common";
import { plural, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { lookOfTask, Mark, State, wordOf } from "../parts/state";
import { lineOf, pinOf, WORDS } from "./graph";
import { Picture, type Face, type Placed } from "./picture";

const HEIGHT = 60;
const ITEM_HEIGHT = 30;

/** A node with the task of the plan that it belongs to, if that is known. */
type Row = Omit<RanNode, "task"> & Placed & { of: string | null; place: number; plan: TaskRow | null };

/** Which of its task it is, where it has more than one. */
function asideOf(row: Row): string {
  if (row.kind === "iteration") return `⟳ ${row.place}`;
  if (row.kind === "look") return "a second look";
  if (row.kind === "turn") return `turn ${row.place}`;
  if (row.kind === "attempt") return `attempt ${row.place}`;
  return (row.attempts ?? 0) > 1 ? plural(row.attempts ?? 0, "attempt") : "";
}

const nameOf = (row: Row) => (row.kind === "more" ? (row.of ? `${row.of}: ${whole(row.count ?? 0)} more` : `${plural(row.count ?? 0, "more task")}`) : row.kind === "each" ? `${row.of}[…]` : `${row.of ?? row.task}${row.place > 1 ? ` #${row.place}` : ""}`);

function lineOfNode(row: Row): string {
  if (row.kind === "more") return Object.entries(row.counts ?? {}).map(([state, n]) => `${whole(n)} ${wordOf(state)}`).join(", ");
  if (row.kind === "each") return row.plan?.each ? `one for each of ${row.plan.each.replace(/^\$\{|\}$/g, "")}` : "its items";
  if (row.plan?.stand_in) return pinOf(row.plan.stand_in);
  if (row.kind === "all") return row.plan?.items?.total == null ? "all of its items" : `all of ${plural(row.plan.items.total, "item")}`;
  if (row.failure && row.state === "failed") return row.failure.message;
  if (row.came && row.came !== "accepted" && row.came !== "open" && row.by) return `${row.came} by ${row.by}`;
  if (row.label) return row.label;
  if (row.by) return row.by;
  return row.plan && !row.of?.endsWith("]") ? lineOf(row.plan) : "";
}

function tookOf(row: Row, now: number): number | null {
  if (!row.begun_at) return null;
  return Math.max(0, (row.ended_at ? Date.parse(row.ended_at) : now) - Date.parse(row.begun_at));
}

const small = (row: Row) => row.kind === "more" || row.kind === "each" || (row.of ?? "").endsWith("]");

function NodeCard({ row, live, touched }: { row: Row; live: boolean; touched: boolean }) {
  const now = useNow(row.state === "running" && live);
  const took = tookOf(row, now);
  const aside = asideOf(row);
  return (
    <>
      <span className="node-head">
        <Mark look={lookOfTask(row.state)} />
        <span className="node-name clip">{nameOf(row)}</span><span className="unseen">, {wordOf(row.state)}{row.after.length > 0 && row.after.length < 9 ? `, after ${row.after.join(", ")}` : row.after.length > 0 ? `, after ${row.after.length} others` : ""}. </span>
        {small(row) ? <span className="node-line clip grow">{aside ? `${aside} · ` : ""}{lineOfNode(row)}</span> : aside && <span className="node-aside">{aside}</span>}
        {row.plan?.stand_in && <span className="node-flag node-pin" title={pinOf(row.plan.stand_in)}><Icon name="pin" /></span>}
        {touched && !row.plan?.stand_in && <span className="node-flag" title="changed by a person"><Icon name="flag" /></span>}
        {row.kind !== "all" && <span className="node-time num">{took === null ? "" : span(took)}</span>}
      </span>
      {!small(row) && <span className="node-line clip">{lineOfNode(row)}</span>}
    </>
  );
}

const FACE: Face<Row> = { height: (row) => (small(row) ? ITEM_HEIGHT : HEIGHT), shape: (row) => (small(row) ? " small" : row.kind === "all" ? " fan" : ""), Draw: NodeCard };

/** What is asked of the server; the last that was known stays until the new is there. */
export function useRan(view: View, at: number | null, on: boolean) {
  const version = useThrottled(view.sequence, 500);
  const { data, error, again } = useGet<Ran>(on ? `/runs/${enc(view.run)}/ran${at === null ? "" : `?at=${at}`}` : null, at === null ? version : 0);
  const rows = useMemo<Row[] | null>(() => {
    if (!data) return null;
    const plan = new Map(view.tasks.map((row) => [row.task, row]));
    return data.nodes.map((node) => ({ ...node, task: node.node, of: node.task, place: node.place ?? 0, plan: node.task === null ? null : (plan.get(node.task.replace(/\[.*$/, "")) ?? null) }));
  }, [data]); // eslint-disable-line
  return { ran: data, rows, error, again };
}

interface Props {
  view: View;
  at: number | null;
  live: boolean;
  selected: string | null;
  attempt: number | null;
  hideDone: boolean;
  asList: boolean;
  onSelect: (task: string, attempt: number | null) => void;
}

export function AsItRan({ view, at, live, selected, attempt, hideDone, asList, onSelect }: Props) {
  const { ran, rows, error, again } = useRan(view, at, true);
  const touched = useMemo(() => new Set(view.marks.flatMap((mark) => mark.tasks)), [view.marks]);
  if (error !== null && !rows) return <Trouble error={error} again={again} />;
  if (!rows || !ran) return <Waiting what="what ran" />;
  if (rows.length === 0) return <Empty title="No task is planned yet"><p>{view.status_reason ?? "The plan appears here as soon as it is made."}</p></Empty>;
  const chosen = selected === null ? null : (rows.filter((row) => row.of === selected && (attempt === null || row.token === attempt)).at(-1) ?? rows.find((row) => row.of === selected) ?? null);
  const select = (name: string) => {
    const row = rows.find((one) => one.task === name);
    if (row?.of) onSelect(row.of, row.place > 0 && rows.some((one) => one.of === row.of && one !== row) ? (row.token ?? null) : null);
  };
  if (asList) return <RanList rows={rows} selected={chosen} hideDone={hideDone} live={live} onSelect={select} />;
  return (
    <Picture rows={rows} face={FACE} name={`${view.run}.ran`} noun="node" label={`The run as it ran, ${rows.length} nodes: items and attempts from left to right. Arrow keys follow the lines.`}
      live={live} selected={chosen?.task ?? null} faded={hideDone} touched={touched} onSelect={select} />
  );
}

function RanList({ rows, selected, hideDone, live, onSelect }: { rows: Row[]; selected: Row | null; hideDone: boolean; live: boolean; onSelect: (task: string) => void }) {
  const now = useNow(live);
  const shown = rows.filter((row) => !hideDone || row.state !== "succeeded");
  return (
    <div className="list-box">
      <table className="tasks" aria-label="Tasks as they ran">
        <thead><tr><th>State</th><th>Task</th><th>What</th><th className="wide">Which</th><th className="right">Took</th><th className="right wide">Cost</th></tr></thead>
        <tbody>{shown.map((row) => {
          const took = tookOf(row, now);
          return (
            <tr key={row.task} className="act" aria-selected={selected?.task === row.task} onClick={() => onSelect(row.task)}>
              <td><State look={lookOfTask(row.state)} word={WORDS[lookOfTask(row.state)]} /></td>
              <td><button type="button" className="goal name-plain" onClick={(event) => { event.stopPropagation(); onSelect(row.task); }}>{nameOf(row)}</button></td>
              <td className="clip-cell dim">{lineOfNode(row)}</td>
              <td className="wide dim">{asideOf(row)}</td>
              <td className="right num">{took === null || row.kind === "all" ? "" : span(took)}</td>
              <td className="right num wide">{row.cost && row.cost.usd > 0 ? usd(row.cost.usd) : ""}</td>
            </tr>
          );
        })}</tbody>
      </table>
      {shown.length < rows.length && <p className="foot">{plural(rows.length - shown.length, "node")} that succeeded not shown</p>}
    </div>
  );
}
