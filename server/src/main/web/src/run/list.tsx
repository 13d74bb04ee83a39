/** The same tasks as in the picture, as a table: for keyboards, screen readers and phones. */
import type { TaskRow, View } from "../live/types";
import { useNow } from "../live/use";
import { Bar } from "../parts/common";
import { plural, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useRoving } from "../parts/roving";
import { lookOfTask, State, wordOf } from "../parts/state";
import { barOf, lineOf, pinOf, tookOf } from "./graph";

export function TaskList({ view, selected, hideDone, onSelect }: { view: View; selected: string | null; hideDone: boolean; onSelect: (task: string) => void }) {
  const now = useNow(!view.ended);
  const rows = view.tasks.filter((row) => !hideDone || row.state !== "succeeded");
  const roving = useRoving(rows.length);
  return (
    <div className="list-box">
      <table className="tasks" aria-label="Tasks" {...roving.list}>
        <thead><tr><th>State</th><th>Task</th><th>What</th><th className="wide">After</th><th className="right wide">Attempts</th><th className="right">Took</th><th className="right wide">Cost</th></tr></thead>
        <tbody>{rows.map((row, i) => <Line key={row.task} row={row} stop={roving.row(i)} now={now} selected={selected?.replace(/\[.*$/, "") === row.task} onSelect={onSelect} />)}</tbody>
      </table>
      {rows.length < view.tasks.length && <p className="foot">{plural(view.tasks.length - rows.length, "task")} that succeeded not shown</p>}
    </div>
  );
}

function Line({ row, stop, now, selected, onSelect }: { row: TaskRow; stop: ReturnType<ReturnType<typeof useRoving>["row"]>; now: number; selected: boolean; onSelect: (task: string) => void }) {
  const took = tookOf(row, now);
  return (
    <tr className="act" aria-selected={selected} onClick={() => onSelect(row.task)}>
      <td><State look={lookOfTask(row.state)} word={wordOf(row.state)} /></td>
      <td><button type="button" className="goal name-plain" {...stop} onClick={(event) => { event.stopPropagation(); onSelect(row.task); }}>{row.task}</button>{row.stand_in && <span className="node-pin" title={pinOf(row.stand_in)}> <Icon name="pin" /></span>}</td>
      <td className="clip-cell dim">{row.items?.total != null ? <span className="row"><Bar parts={barOf(row)} total={row.items.total} /><span className="num">{whole(row.items.total)} items</span></span> : lineOf(row)}</td>
      <td className="wide dim">{row.after.join(", ")}</td>
      <td className="right num wide">{row.attempts || ""}</td>
      <td className="right num">{took === null ? "" : span(took)}</td>
      <td className="right num wide">{row.cost.usd > 0 ? usd(row.cost.usd) : ""}</td>
    </tr>
  );
}
