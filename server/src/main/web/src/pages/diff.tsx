import { useState } from "react";
import { enc } from "../live/api";
import { useGet } from "../live/use";
import { Empty, Trouble, Waiting } from "../parts/common";
import { PayloadView } from "../parts/json";
import { Link, useQuery } from "../router";

/** Where two runs part, as `tutti diff` says it. */
export default function DiffPage() {
  const [query, setQuery] = useQuery();
  const run = query.get("run") ?? "";
  const other = query.get("other") ?? "";
  const [a, setA] = useState(run);
  const [b, setB] = useState(other);
  const { data, error, again } = useGet<Record<string, unknown>>(run && other ? `/diff?run=${enc(run)}&other=${enc(other)}` : null);
  return (
    <div className="page-inner">
      <div className="page-head"><h1>Two runs</h1></div>
      <form className="row wrap card" onSubmit={(event) => { event.preventDefault(); setQuery({ run: a.trim(), other: b.trim() }); }}>
        <label className="row">From <input className="field mono" value={a} onChange={(e) => setA(e.target.value)} placeholder="id of a run" /></label>
        <label className="row">to <input className="field mono" value={b} onChange={(e) => setB(e.target.value)} placeholder="id of another" /></label>
        <button className="button strong" disabled={!a.trim() || !b.trim()}>Compare</button>
        {run && <Link className="link" to={`/runs/${run}`}>the first</Link>}
        {other && <Link className="link" to={`/runs/${other}`}>the second</Link>}
      </form>
      {!(run && other) && <Empty title="Two runs are compared task by task"><p>Give two ids, or select two rows in <Link className="link" to="/runs">Runs</Link> and press Diff. A fork is compared with what it was forked from by its menu.</p></Empty>}
      {error !== null && <Trouble error={error} again={again} />}
      {run && other && !data && error === null && <Waiting what="the difference" />}
      {data && <PayloadView payload={{ value: data }} name="diff" />}
    </div>
  );
}
