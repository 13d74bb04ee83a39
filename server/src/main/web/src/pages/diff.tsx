import { useEffect, useState } from "react";
import { enc } from "../live/api";
import type { Cost } from "../live/types";
import { useGet } from "../live/use";
import { Empty, Trouble, Waiting } from "../parts/common";
import { plural, span, usd, whole } from "../parts/figures";
import { PayloadView } from "../parts/json";
import { lookOfRun, State } from "../parts/state";
import { Link, useQuery } from "../router";

interface Side { run: string; status: string; events: number; ms: number; cost: Cost; output: unknown }
interface Difference { aspect: string; left_event: number; right_event: number; left: unknown; right: unknown }
interface Change { left: string | null; right: string | null; differences: Difference[] }
interface Diff { left: Side; right: Side; first: Change | null; downstream: Change[]; independent: Change[]; same: number; other_attempts: string[] }

/** Where two runs part: the first divergence, then what follows from it, then the rest. */
export default function DiffPage() {
  const [query, setQuery] = useQuery();
  const run = query.get("run") ?? "";
  const other = query.get("other") ?? "";
  const [a, setA] = useState(run);
  const [b, setB] = useState(other);
  const { data, error, again } = useGet<Diff>(run && other ? `/diff?run=${enc(run)}&other=${enc(other)}` : null);
  useEffect(() => { document.title = "Two runs · Tutti"; }, []);
  return (
    <div className="page-inner">
      <div className="page-head"><h1>Where two runs part</h1></div>
      <form className="row wrap diff-form" onSubmit={(event) => { event.preventDefault(); setQuery({ run: a.trim(), other: b.trim() }); }}>
        <input className="field mono" aria-label="One run" value={a} onChange={(e) => setA(e.target.value)} placeholder="id of a run" />
        <span className="dim">and</span>
        <input className="field mono" aria-label="The other run" value={b} onChange={(e) => setB(e.target.value)} placeholder="id of another" />
        <button className="button strong" disabled={!a.trim() || !b.trim()}>Compare</button>
      </form>
      {!(run && other) && <div className="table-box"><Empty title="Runs are compared task by task"><p>Give two ids, or select two rows in <Link className="link" to="/runs">Runs</Link> and press Diff. The menu of a fork compares it with the run it came from.</p></Empty></div>}
      {error !== null && <Trouble error={error} again={again} />}
      {run && other && !data && error === null && <Waiting what="the difference" />}
      {data && run && other && <Shown diff={data} />}
    </div>
  );
}

function Shown({ diff }: { diff: Diff }) {
  return (
    <div className="diff">
      <div className="table-box scroll-x">
        <table>
          <thead><tr><th>Run</th><th>State</th><th className="right">Events</th><th className="right">Took</th><th className="right">Tokens</th><th className="right">Money</th></tr></thead>
          <tbody>
            {[diff.left, diff.right].map((side) => (
              <tr key={side.run}>
                <td><Link className="link" to={`/runs/${side.run}`}><code>{side.run.slice(0, 10)}</code></Link></td>
                <td><State look={lookOfRun(side.status)} word={side.status} /></td>
                <td className="right num">{whole(side.events)}</td><td className="right num">{span(side.ms)}</td>
                <td className="right num">{whole((side.cost.input_tokens ?? 0) + (side.cost.output_tokens ?? 0))}</td><td className="right num">{usd(side.cost.usd)}</td>
              </tr>
            ))}
            <tr><td className="dim">difference</td><td /><Delta a={diff.left.events} b={diff.right.events} /><Delta a={diff.left.ms} b={diff.right.ms} as={span} /><Delta a={(diff.left.cost.input_tokens ?? 0) + (diff.left.cost.output_tokens ?? 0)} b={(diff.right.cost.input_tokens ?? 0) + (diff.right.cost.output_tokens ?? 0)} /><Delta a={diff.left.cost.usd} b={diff.right.cost.usd} as={usd} /></tr>
          </tbody>
        </table>
      </div>
      {diff.first ? <Group title="They part first at" changes={[diff.first]} diff={diff} /> : <Empty title="No task differs"><p>{plural(diff.same, "task")} compared. When things happened, and in which order, does not count.</p></Empty>}
      <Group title="Changed by that" changes={diff.downstream} diff={diff} />
      <Group title="Not by that" changes={diff.independent} diff={diff} />
      {diff.first && <p className="dim">{plural(diff.same, "task")} the same{diff.other_attempts.length > 0 && `, ${diff.other_attempts.length} of them with other attempts before`}.</p>}
    </div>
  );
}

function Delta({ a, b, as = whole }: { a: number; b: number; as?: (n: number) => string }) {
  const d = b - a;
  return <td className="right num">{d === 0 ? "–" : `${d > 0 ? "+" : "−"}${as(Math.abs(d))}`}</td>;
}

const MOST = 100;

function Group({ title, changes, diff }: { title: string; changes: Change[]; diff: Diff }) {
  if (changes.length === 0) return null;
  return (
    <section className="diff-group">
      <h2>{title}{changes.length > 1 && <span className="dim"> {plural(changes.length, "task")}</span>}</h2>
      <ul className="cards">
        {changes.slice(0, MOST).map((change) => (
          <li key={`${change.left}/${change.right}`} className="card diff-change" data-row={`${change.left}/${change.right}`}>
            <h3>{change.left === null && change.right === null ? "the goal" : change.left === change.right || change.left === null || change.right === null ? (change.left ?? change.right) : `${change.left} and ${change.right}`}</h3>
            {change.left === null && change.right !== null && <p className="dim">only the second has it</p>}
            {change.right === null && change.left !== null && <p className="dim">only the first has it</p>}
            {change.differences.map((one) => (
              <div key={one.aspect} className="diff-pair">
                <span className="dim">{one.aspect}</span>
                <Value value={one.left} run={diff.left.run} at={one.left_event} name={`${change.left}-${one.aspect}-first`} />
                <Value value={one.right} run={diff.right.run} at={one.right_event} name={`${change.right}-${one.aspect}-second`} />
              </div>
            ))}
          </li>
        ))}
      </ul>
      {changes.length > MOST && <p className="dim">and {changes.length - MOST} more: <code>tutti diff --json</code> has all of them</p>}
    </section>
  );
}

function Value({ value, run, at, name }: { value: unknown; run: string; at: number; name: string }) {
  return (
    <div className="diff-value">
      {value !== null && typeof value === "object" ? <PayloadView payload={{ value }} name={name} /> : <p>{value === null ? "nothing" : String(value)}</p>}
      {at > 0 && <Link className="link small dim" to={`/runs/${run}?at=${at}`}>event {whole(at)}</Link>}
    </div>
  );
}
