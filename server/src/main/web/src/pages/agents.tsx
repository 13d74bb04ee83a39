import { useEffect } from "react";
import type { AgentRow } from "../live/types";
import { live } from "../live/live";
import { useGet } from "../live/use";
import { Bar, Empty, Trouble, Waiting } from "../parts/common";
import { percent, plural, span, usd, whole } from "../parts/figures";
import { Mark, type Look } from "../parts/state";

/** Who does tasks, and how it went. */
export default function Agents() {
  const { data, error, again } = useGet<{ agents: AgentRow[] }>("/agents");
  useEffect(() => { document.title = "Agents · Tutti"; }, []);
  useEffect(() => {
    let timer = 0;
    const stop = live.on("runs", () => { if (!timer) timer = window.setTimeout(() => { timer = 0; again(); }, 2000); });
    return () => { stop(); clearTimeout(timer); };
  }, [again]);
  return (
    <div className="page-inner">
      <div className="page-head"><h1>Agents</h1><span className="dim">figures of the newest 50 runs</span></div>
      {error !== null && !data && <Trouble error={error} again={again} />}
      {!data && error === null && <Waiting what="the agents" />}
      {data && data.agents.length === 0 && (
        <div className="table-box"><Empty title="No agent is known yet"><p>Agents show up when a run of a team that declares them begins, or when the server is given a team.</p><pre>./tutti serve examples/research/team.yaml</pre></Empty></div>
      )}
      {data && data.agents.length > 0 && (
        <div className="table-box scroll-x">
          <table className="agents">
            <thead><tr><th>Agent</th><th>Skills</th><th className="wide">Uses</th><th>Busy</th><th className="right">Attempts</th><th>Went well</th><th className="right wide">Median</th><th className="right wide">Money</th><th className="wide">Last failure</th></tr></thead>
            <tbody>{data.agents.map((agent) => <Row key={agent.agent} agent={agent} />)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** Wilson's interval: what the share of successes may well be, given as few attempts as there are. */
export function interval(good: number, n: number): [number, number] {
  const z = 1.64;
  const p = good / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function Row({ agent }: { agent: AgentRow }) {
  const ended = Math.max(0, agent.attempts - agent.running);
  const good = Math.max(0, ended - agent.failed);
  const places = agent.limits.concurrency ?? null;
  const [low, high] = ended > 0 ? interval(good, ended) : [0, 1];
  const parts: [Look, number][] = [["succeeded", good], ["failed", agent.failed]];
  const failure = agent.last_failure === null ? null : typeof agent.last_failure === "string" ? agent.last_failure : agent.last_failure.message;
  return (
    <tr>
      <td><span className="state"><Mark look={agent.running > 0 ? "running" : "planned"} still /><strong>{agent.agent}</strong></span></td>
      <td>{agent.skills.join(", ")}</td>
      <td className="wide dim"><code>{agent.uses}</code></td>
      <td className="num">{places ? <span className="row"><Bar total={places} parts={[["running", agent.running]]} width={56} />{agent.running} of {plural(places, "place")}</span> : agent.running}</td>
      <td className="right num">{whole(agent.attempts)}</td>
      <td className="num">{ended === 0 ? <span className="dim">no record</span> : <span className="row" title={`Between ${Math.round(low * 100)} and ${Math.round(high * 100)} %, nine times out of ten`}><Bar total={ended} parts={parts} width={56} />{percent(good / ended)} <span className="dim small">{Math.round(low * 100)}–{Math.round(high * 100)} %</span></span>}</td>
      <td className="right num wide">{agent.p50_ms === null ? "–" : span(agent.p50_ms)}</td>
      <td className="right num wide">{usd(agent.cost.usd)}</td>
      <td className="wide dim clip-cell" title={failure ?? undefined}>{failure ?? ""}</td>
    </tr>
  );
}
