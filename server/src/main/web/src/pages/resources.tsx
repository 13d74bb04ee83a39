import { useEffect } from "react";
import type { Budget } from "../live/types";
import { live } from "../live/live";
import { useGet } from "../live/use";
import { Alarm, Bar, Empty, Trouble, Waiting } from "../parts/common";
import { plural, shortId, usd, whole } from "../parts/figures";
import { Link } from "../router";

interface Quota { quota: string; under_way: number; waiting: number; slots: number | null; limits: string }
interface Places { agent: string; places: number; taken: number; waiting: number }
interface Resources { runs: number; agents: Places[]; budgets: (Budget & { run: string; goal: string })[] }

/** What runs share and use up, and who waits for it. */
export default function ResourcesPage() {
  const resources = useGet<Resources>("/resources");
  const quotas = useGet<{ quotas: Quota[] }>("/quotas");
  useEffect(() => { document.title = "Resources · Tutti"; }, []);
  useEffect(() => {
    let timer = 0;
    const stop = live.on("runs", () => { if (!timer) timer = window.setTimeout(() => { timer = 0; resources.again(); quotas.again(); }, 2000); });
    return () => { stop(); clearTimeout(timer); };
  }, [resources.again, quotas.again]);
  const { data, error } = resources;
  const busy = (data?.agents ?? []).filter((one) => one.taken + one.waiting > 0).sort((a, b) => b.waiting - a.waiting || b.taken - a.taken);
  const idle = (data?.agents ?? []).filter((one) => one.taken + one.waiting === 0);
  return (
    <div className="page-inner resources">
      <div className="page-head"><h1>Resources</h1>{data && <span className="dim">of {plural(data.runs, "unfinished run")}</span>}</div>
      {error !== null && !data && <Trouble error={error} again={resources.again} />}
      {!data && error === null && <Waiting what="what is shared" />}
      {data && (
        <>
          <section aria-label="Quotas"><h2 className="table-title">Quotas</h2>
            <div className="table-box scroll-x">
              {(quotas.data?.quotas.length ?? 0) === 0 ? <Empty title="No unfinished run names a quota"><p>Quotas are what several agents share, such as a provider's limit: <code>quotas:</code> in the team file.</p></Empty> : (
                <table>
                  <thead><tr><th>Quota</th><th>Under way</th><th className="right">Tasks waiting</th><th>Limits</th></tr></thead>
                  <tbody>{quotas.data!.quotas.map((one) => (
                    <tr key={one.quota} data-row={`quota ${one.quota}`}><td><strong>{one.quota}</strong></td><td className="num"><Share taken={one.under_way} of={one.slots} what="slot" /></td><td className="right num">{whole(one.waiting)}</td><td className="dim">{one.limits}</td></tr>
                  ))}</tbody>
                </table>
              )}
            </div>
          </section>
          <section aria-label="Places and queues"><h2 className="table-title">Places and queues</h2>
            <div className="table-box scroll-x">
              {data.agents.length === 0 ? <Empty title="Nothing is under way"><p>Here stands how many places each agent has, how many are taken, and how many tasks wait for one.</p></Empty> : (
                <>
                  {busy.length > 0 && <table>
                    <thead><tr><th>Agent</th><th>Busy</th><th className="right">Tasks waiting</th></tr></thead>
                    <tbody>{busy.map((one) => (
                      <tr key={one.agent} data-row={`agent ${one.agent}`}><td><Link className="link" to="/agents">{one.agent}</Link></td><td className="num"><Share taken={one.taken} of={one.places} what="place" /></td><td className="right num">{whole(one.waiting)}</td></tr>
                    ))}</tbody>
                  </table>}
                  {idle.length > 0 && <p className="foot idle dim"><span>{busy.length === 0 ? "Nobody is busy. " : ""}With nothing to do: {idle.map((one) => one.agent).join(", ")}</span></p>}
                </>
              )}
            </div>
          </section>
          <section aria-label="Budgets"><h2 className="table-title">Budgets</h2>
            <div className="table-box scroll-x">
              {data.budgets.length === 0 ? <Empty title="No unfinished run has a budget"><p>A workflow sets one: <code>{"budget: { usd: 0.50 }"}</code>.</p></Empty> : (
                <table>
                  <thead><tr><th>Run</th><th>Goal</th><th>Money</th><th className="right">Set aside</th><th className="right">Attempts</th><th>Waits for more</th></tr></thead>
                  <tbody>{data.budgets.map((one) => (
                    <tr key={one.run} data-row={one.run}>
                      <td><Link className="link" to={`/runs/${one.run}?tab=cost`}><code>{shortId(one.run)}</code></Link></td><td>{one.goal}</td>
                      <td className="num">{one.budget.usd === undefined ? usd(Number(one.spent.usd)) : <span className="row"><Bar total={Number(one.budget.usd)} parts={[["succeeded", Number(one.spent.usd)], ["running", Number(one.set_aside.usd)]]} width={96} />{usd(Number(one.spent.usd))} of {usd(Number(one.budget.usd))}</span>}</td>
                      <td className="right num">{usd(Number(one.set_aside.usd))}</td>
                      <td className="right num">{whole(one.attempts)}{one.budget.attempts !== undefined && ` of ${whole(one.budget.attempts)}`}</td>
                      <td>{Object.keys(one.waiting).join(", ")} <Alarm percent={one.alarm} /></td>
                    </tr>
                  ))}</tbody>
                </table>
              )}
            </div>
          </section>
        </>
      )}
    </div>
  );
}

function Share({ taken, of, what }: { taken: number; of: number | null; what: string }) {
  return of === null ? <>{whole(taken)}</> : <span className="row"><Bar total={of} parts={[["running", taken]]} width={72} />{whole(taken)} of {plural(of, what)}</span>;
}
