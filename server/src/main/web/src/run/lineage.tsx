import { address, enc, Problem } from "../live/api";
import type { Lineage, LineageNode } from "../live/types";
import { useGet } from "../live/use";
import { Trouble, Waiting } from "../parts/common";
import { plural, usd, whole } from "../parts/figures";
import { Link } from "../router";

const MOST = 60;

/** What a task rests on: first what it was given itself, then what lies behind that. */
export function MadeOf({ base, at, run, version, onSelect }: { base: string; at: string; run: string; version: number; onSelect: (task: string) => void }) {
  const { data, error, again } = useGet<Lineage>(`${base}/lineage${at}`, version);
  if (error instanceof Problem && error.status === 404) return <p className="dim">Nothing yet, as the run stands.</p>;
  if (error !== null && !data) return <Trouble error={error} again={again} />;
  if (!data) return <Waiting what="what it is made of" />;
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  const near = new Map<string, string[]>();
  for (const edge of data.edges) {
    if (edge.from !== data.of) continue;
    const words = near.get(edge.to) ?? [];
    const word = edge.place ? `${edge.how.replace("_", " ")} ${edge.place}` : edge.how.replace("_", " ");
    near.set(edge.to, words.includes(word) ? words : [...words, word]);
  }
  const direct = [...near.keys()].flatMap((id) => nodes.get(id) ?? []).filter((node) => node.kind !== "call");
  const behind = data.nodes.filter((node) => node.id !== data.of && !near.has(node.id) && node.kind !== "call");
  const calls = data.nodes.filter((node) => node.kind === "call");
  const spent = calls.reduce((sum, call) => sum + call.cost.usd, 0);
  if (direct.length + calls.length === 0) return <p className="dim">Nothing of the run: what it was given stands in the plan.</p>;
  return (
    <>
      <ul className="lines" aria-label="Given to it">{direct.slice(0, MOST).map((node) => <PieceLine key={node.id} node={node} how={near.get(node.id)?.join(", ") ?? ""} run={run} onSelect={onSelect} />)}</ul>
      {behind.length > 0 && <><h3>Behind that</h3><ul className="lines" aria-label="Behind that">{behind.slice(0, MOST).map((node) => <PieceLine key={node.id} node={node} how="" run={run} onSelect={onSelect} />)}</ul></>}
      {(data.cut || direct.length > MOST || behind.length > MOST) && <p className="dim small">And more: <code>tutti show {run} --lineage {decodeURIComponent(base.slice(base.lastIndexOf("/") + 1))}</code></p>}
      {calls.length > 0 && <p className="dim small num">{plural(calls.length, "call")} of models and tools on the way{spent > 0 && `, ${usd(spent)}`}</p>}
    </>
  );
}

function PieceLine({ node, how, run, onSelect }: { node: LineageNode; how: string; run: string; onSelect: (task: string) => void }) {
  const task = node.task;
  const saved = node.kind === "artifact" && node.hash ? address(`/runs/${enc(node.run)}/artifacts/${enc(node.hash)}`) : null;
  const title =
    saved ? <a className="link" href={saved} download>{node.title}</a>
    : node.run !== run ? <Link className="link" to={`/runs/${node.run}${task ? `?task=${enc(task)}` : ""}`}>{node.title}</Link>
    : task ? <button type="button" className="name-link" onClick={() => onSelect(task)}>{node.title}</button>
    : <span>{node.title}</span>;
  return (
    <li className="row">
      {how && <span className="dim small">{how}</span>}
      {title}
      <span className="dim small clip grow">{[node.by, node.detail, node.trust === "outside" ? "rests on what came from outside" : ""].filter(Boolean).join(", ")}</span>
      {node.event !== null && <code className="dim small">event {whole(node.event)}</code>}
    </li>
  );
}
