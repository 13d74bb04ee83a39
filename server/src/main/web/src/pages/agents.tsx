import { Fragment, useEffect, useState } from "react";
import { enc, post, said } from "../live/api";
import type { AgentRow } from "../live/types";
import { live } from "../live/live";
import { useGet } from "../live/use";
import { Bar, Dialog, Empty, toast, Trouble, Waiting } from "../parts/common";
import { at, moment, paid, percent, plural, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { Mark, type Look } from "../parts/state";
import { useRefusal } from "../rights";
import { useQuery } from "../router";

/** Who does tasks, and how it went. */
export default function Agents() {
  const { data, error, again } = useGet<{ agents: AgentRow[] }>("/agents");
  const [query, setQuery] = useQuery();
  const opened = (query.get("open") ?? "").split(",").filter(Boolean);
  const toggle = (agent: string) => setQuery({ open: (opened.includes(agent) ? opened.filter((one) => one !== agent) : [...opened, agent]).join(",") }, true);
  const [turned, setTurned] = useState<AgentRow | null>(null);
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
            <thead><tr><th>Agent</th><th className="wide">Skills</th><th className="wide">Uses</th><th className="wide">Busy</th><th className="right wide">Attempts</th><th>Went well</th><th className="right wide">Median</th><th className="right wide">Money</th><th className="wide">Breaker</th><th className="wide">Last failure</th><th aria-label="Switch" /></tr></thead>
            <tbody>{data.agents.map((agent) => <Row key={agent.agent} agent={agent} open={opened.includes(agent.agent)} onToggle={toggle} onTurn={setTurned} />)}</tbody>
          </table>
        </div>
      )}
      {turned && <Switch agent={turned} onClose={() => setTurned(null)} onDone={() => { setTurned(null); again(); }} />}
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

function Row({ agent, open, onToggle, onTurn }: { agent: AgentRow; open: boolean; onToggle: (agent: string) => void; onTurn: (agent: AgentRow) => void }) {
  const refusal = useRefusal("operate");
  const ended = Math.max(0, agent.attempts - agent.running);
  const good = Math.max(0, ended - agent.failed);
  const places = agent.limits.concurrency ?? null;
  const [low, high] = ended > 0 ? interval(good, ended) : [0, 1];
  const parts: [Look, number][] = [["succeeded", good], ["failed", agent.failed]];
  const failure = agent.last_failure === null ? null : typeof agent.last_failure === "string" ? agent.last_failure : agent.last_failure.message;
  const off = agent.disabled;
  return (
    <Fragment>
    <tr data-agent={agent.agent} data-row={agent.agent}>
      <td>
        <span className="state">
          {agent.records.length > 0
            ? <button type="button" className="button plain icon fold" aria-expanded={open} aria-label={`What is expected of ${agent.agent}`} onClick={() => onToggle(agent.agent)}><Icon name={open ? "down" : "right"} /></button>
            : <span className="fold" />}
          <Mark look={off ? "paused" : agent.running > 0 ? "running" : "planned"} still /><strong>{agent.agent}</strong>
        </span>
        {agent.records.some((one) => one.breaker !== "closed") && <span className="small narrow"><Breaker agent={agent} /></span>}
        {off && <span className="small off">off since {moment(off.since)} by {off.by}{off.reason && `: ${off.reason}`}</span>}
      </td>
      <td className="wide">{agent.skills.join(", ")}</td>
      <td className="wide dim"><code>{agent.uses}</code></td>
      <td className="num wide">{places ? <span className="row"><Bar total={places} parts={[["running", agent.running]]} width={56} />{agent.running} of {whole(places)}<span className="unseen"> places</span></span> : agent.running}</td>
      <td className="right num wide">{whole(agent.attempts)}</td>
      <td className="num">{ended === 0 ? <span className="dim">no record</span> : <span className="row" title={`Between ${Math.round(low * 100)} and ${Math.round(high * 100)} %, nine times out of ten`}><Bar total={ended} parts={parts} width={56} />{percent(good / ended)} <span className="dim small wide">{Math.round(low * 100)}–{Math.round(high * 100)} %</span></span>}</td>
      <td className="right num wide">{agent.p50_ms === null ? "–" : span(agent.p50_ms)}</td>
      <td className="right num wide">{paid(agent.cost)}</td>
      <td className="wide"><Breaker agent={agent} /></td>
      <td className="wide dim clip-cell" title={failure ?? undefined}>{failure ?? ""}</td>
      <td className="right"><button type="button" className="button" disabled={refusal !== null} title={refusal ?? undefined} aria-label={`${off ? "Switch on" : "Switch off"} ${agent.agent}`} onClick={() => onTurn(agent)}>{off ? "Switch on" : "Switch off"}</button></td>
    </tr>
    {open && (
      <tr className="expected"><td colSpan={11}>
        <table className="tight" aria-label={`What is expected of ${agent.agent}`}>
          <thead><tr><th>Skill</th><th className="right">Accepted</th><th className="right">Expected</th><th className="right">Time</th><th className="right">Money</th><th className="right">Failed in a row</th><th>Last</th></tr></thead>
          <tbody>
            {agent.records.map((one) => (
              <tr key={one.skill}><td>{one.skill === "-" ? <span className="dim">by name</span> : one.skill}</td><td className="right num">{whole(one.good)} of {whole(one.good + one.bad)}</td><td className="right num">{percent(one.success)} <span className="dim">± {Math.round(one.doubt * 100)} %{one.uncertain && ", a guess"}</span></td><td className="right num">{span(one.seconds * 1000)}</td><td className="right num">{usd(Number(one.usd))}</td><td className="right num">{one.failures_in_a_row > 0 ? one.failures_in_a_row : ""}</td><td className="dim num">{one.last === null ? "" : moment(one.last)}</td></tr>
            ))}
          </tbody>
        </table>
      </td></tr>
    )}
    </Fragment>
  );
}

/** Whether it is left alone for failing. */
function Breaker({ agent }: { agent: AgentRow }) {
  const open = agent.records.find((one) => one.breaker !== "closed");
  if (!open) return <span className="dim">{agent.records.length > 0 ? "closed" : "–"}</span>;
  return open.breaker === "open"
    ? <span className="state" title="It failed too often in a row and is given nothing until then"><Mark look="failed" still />open until {open.open_until ? at(open.open_until) : "then"}</span>
    : <span className="state" title="It is tried with one task next"><Mark look="waiting" still />tried next</span>;
}

/** Switches an agent off, or on again, with a reason. */
function Switch({ agent, onClose, onDone }: { agent: AgentRow; onClose: () => void; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [doing, setDoing] = useState(false);
  const on = agent.disabled !== null;
  const word = on ? "Switch on" : "Switch off";
  const turn = async () => {
    setDoing(true);
    try {
      await post(`/agents/${enc(agent.agent)}/${on ? "enable" : "disable"}`, { reason: reason.trim() });
      toast("succeeded", `${agent.agent} is ${on ? "on again" : "off"}.`);
      onDone();
    } catch (e) {
      setError(said(e));
      setDoing(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`${word}: ${agent.agent}`}>
      <form onSubmit={(event) => { event.preventDefault(); if (!doing) void turn(); }}>
        <div className="dialog-main">
          <p className="dim">{on ? "It may be given tasks again, of whatever run." : "Whatever the team, it is given no task until it is on again. Tasks that only it can do wait and say so."}</p>
          {!on && agent.running > 0 && <p>{plural(agent.running, "attempt")} of it {agent.running === 1 ? "is" : "are"} under way and may end.</p>}
          <div><label className="caption" htmlFor="switch-reason">Reason <span className="dim">optional</span></label><input id="switch-reason" data-first className="field full" value={reason} onChange={(e) => setReason(e.target.value)} /></div>
          {error && <p className="bad" role="alert">{error}</p>}
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>Leave it</button>
          <button className="button strong" disabled={doing}>{word}</button>
        </div>
      </form>
    </Dialog>
  );
}
