import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { enc } from "../live/api";
import type { Budget, Cost, CostReport, View } from "../live/types";
import { blockedFor, VerbButton, type Wish } from "./verbs";
import { useGet, useShownTheme, useThrottled } from "../live/use";
import { Bar, Empty, Trouble, Waiting } from "../parts/common";
import { paid, percent, short, span, UNKNOWN, usd, whole } from "../parts/figures";

export function CostTab({ view, past, onSelect, onWish }: { view: View; past: boolean; onSelect: (task: string) => void; onWish: (wish: Wish) => void }) {
  const version = useThrottled(view.sequence, 1500);
  const { data, error, again } = useGet<CostReport>(`/runs/${enc(view.run)}/cost`, version);
  const budget = useGet<Budget>(`/runs/${enc(view.run)}/budget`, version).data;
  if (error !== null && !data) return <Trouble error={error} again={again} />;
  if (!data) return <Waiting what="the costs" />;
  const tokens = (data.cost.input_tokens ?? 0) + (data.cost.output_tokens ?? 0);
  const spent = data.cost.usd > 0 || tokens > 0;
  return (
    <div className="tab-page">
      <div className="figures">
        <Figure name="spent" value={paid(data.cost)} />
        <Figure name="tokens in" value={whole(data.cost.input_tokens ?? 0)} />
        <Figure name="tokens out" value={whole(data.cost.output_tokens ?? 0)} />
        <Figure name="attempts" value={whole(data.by_task.reduce((sum, row) => sum + row.attempts, 0))} />
      </div>
      {data.cost.unknown && <p className="dim small">{UNKNOWN}</p>}
      {budget && Object.keys(budget.budget).length > 0 && <Budgeted budget={budget} blocked={view.origin?.kind === "child" ? "It is a part of the budget of the run above; raise that one." : blockedFor("raise", view, past)} onWish={onWish} />}
      {spent ? (
        <section className="card burn"><h2>{data.cost.usd > 0 ? "Money over time" : "Tokens over time"}</h2><Burn points={data.burn} money={data.cost.usd > 0} limit={limitOf(budget, data.cost.usd > 0)} /></section>
      ) : !data.cost.unknown && (
        <Empty title="Nothing has been spent"><p>The agents of this run report no money and no tokens. What an agent costs is set in the team file, by <code>price</code> of its model or <code>with.usd</code> of a simulated one.</p></Empty>
      )}
      <div className="two">
        <Table title="By task" rows={data.by_task.map((row) => ({ name: row.task, attempts: row.attempts, cost: row.cost }))} total={data.cost} onName={onSelect} />
        <Table title="By agent" rows={data.by_agent.map((row) => ({ name: row.agent, attempts: row.attempts, failed: row.failed, cost: row.cost }))} total={data.cost} />
      </div>
    </div>
  );
}

const limitOf = (budget: Budget | null, money: boolean) => {
  const limit = money ? budget?.budget.usd : budget?.budget.tokens;
  return limit === undefined ? null : Number(limit);
};

/** What the run may spend: how much is gone, how much is set aside for what is under way, how much is left. */
function Budgeted({ budget, blocked, onWish }: { budget: Budget; blocked: string | null; onWish: (wish: Wish) => void }) {
  const rows: [string, number, number, number, (n: number) => string][] = [];
  const { usd: money, tokens } = budget.budget;
  const { used, set_aside } = budget.within;
  if (money !== undefined) rows.push(["money", Number(money), Number(budget.spent.usd), Number(budget.set_aside.usd), usd]);
  if (tokens !== undefined) rows.push(["tokens", tokens, budget.spent.tokens, budget.set_aside.tokens, whole]);
  for (const what of ["attempts", "tasks", "runs"] as const) {
    const limit = budget.budget[what];
    if (limit !== undefined) rows.push([what, limit, budget[what] + used[what], set_aside[what], whole]);
  }
  const waiting = Object.keys(budget.waiting);
  return (
    <section className="card budget"><div className="row"><h2>Budget</h2><span className="grow" /><VerbButton verb="raise" wish={{ verb: "raise", budget: raisable(budget) }} onWish={onWish} blocked={blocked}>Raise…</VerbButton></div>
      <table className="tight"><tbody>
        {rows.map(([name, limit, gone, aside, as]) => (
          <tr key={name}>
            <td>{name}</td>
            <td><Bar total={Math.max(limit, gone + aside)} parts={[["succeeded", gone], ["running", aside]]} width={160} /></td>
            <td className="right num">{as(gone)} of {as(limit)}</td>
            <td className="right num dim">{aside > 0 && `${as(aside)} set aside, `}{as(Math.max(0, limit - gone - aside))} left</td>
          </tr>
        ))}
      </tbody></table>
      {budget.to_finish && <p className={budget.to_finish.more.usd !== "0" || budget.to_finish.more.tokens > 0 || budget.to_finish.more_attempts > 0 ? "small" : "small dim"}>To finish: {budget.to_finish.why}</p>}
      {waiting.length > 0 && <p className="small">{waiting.join(", ")} {waiting.length === 1 ? "waits" : "wait"} for a part of it.</p>}
    </section>
  );
}

/** The seconds of a duration as `PT1H30M`. */
function seconds(time: string): number {
  const parts = /^PT(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?$/.exec(time);
  return parts ? Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0) : 0;
}

/** The limits that there are, and what each would be raised to: what it takes to finish, or half as much again. */
function raisable(budget: Budget): NonNullable<Wish["budget"]> {
  const more = budget.to_finish?.more;
  const enough = (name: string, now: number) => now + (name === "usd" ? Number(more?.usd ?? 0) : name === "tokens" ? (more?.tokens ?? 0) : name === "attempts" ? (budget.to_finish?.more_attempts ?? 0) : 0);
  return Object.fromEntries(Object.entries(budget.budget).map(([name, limit]) => {
    const now = Number(limit);
    if (name === "time") return [name, { now: span(seconds(String(limit)) * 1000), to: `${Math.ceil(seconds(String(limit)) * 1.5)}s` }];
    const least = enough(name, now);
    const to = least > now ? least : now * 1.5;
    return [name, { now: String(limit), to: String(name === "usd" ? Math.ceil(to * 10_000) / 10_000 : Math.ceil(to)) }];
  }));
}

const Figure = ({ name, value }: { name: string; value: string }) => <div className="figure"><span className="dim">{name}</span><span className="figure-value num">{value}</span></div>;

function Table({ title, rows, total, onName }: { title: string; rows: { name: string; attempts: number; failed?: number; cost: Cost }[]; total: Cost; onName?: (name: string) => void }) {
  const sorted = [...rows].sort((a, b) => b.cost.usd - a.cost.usd || (b.cost.input_tokens ?? 0) - (a.cost.input_tokens ?? 0));
  const money = total.usd > 0;
  const all = money ? total.usd : (total.input_tokens ?? 0) + (total.output_tokens ?? 0);
  return (
    <section>
      <h2 className="table-title">{title}</h2>
      <div className="table-box scroll-x">
        <table>
          <thead><tr><th>{title.replace("By ", "")}</th><th className="right">attempts</th><th className="right">tokens</th><th className="right">money</th><th className="right">share</th></tr></thead>
          <tbody>
            {sorted.map((row) => {
              const tokens = (row.cost.input_tokens ?? 0) + (row.cost.output_tokens ?? 0);
              return (
                <tr key={row.name}>
                  <td>{onName ? <button type="button" className="name-link" onClick={() => onName(row.name)}>{row.name}</button> : row.name}</td>
                  <td className="right num">{whole(row.attempts)}{row.failed ? <span className="dim">, {row.failed} failed</span> : null}</td>
                  <td className="right num">{short(tokens)}</td>
                  <td className="right num">{paid(row.cost)}</td>
                  <td className="right num dim">{all > 0 ? percent((money ? row.cost.usd : tokens) / all) : "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Burn({ points, money, limit }: { points: CostReport["burn"]; money: boolean; limit: number | null }) {
  const theme = useShownTheme();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element || points.length === 0) return;
    const style = getComputedStyle(document.documentElement);
    const line = style.getPropertyValue("--s-running").trim();
    const grid = { stroke: style.getPropertyValue("--line").trim(), width: 1 };
    const ink = style.getPropertyValue("--ink-2").trim();
    // The time of day says nothing of a run that is over within a minute.
    const first = Date.parse(points[0]!.at);
    const brief = Date.parse(points.at(-1)!.at) - first < 60_000;
    const xs = points.map((point) => (brief ? Date.parse(point.at) - first : Date.parse(point.at) / 1000));
    const ys = points.map((point) => (money ? point.usd : point.tokens));
    const chart = new uPlot({
      width: element.clientWidth, height: 180, legend: { show: false }, cursor: { y: false },
      scales: { x: { time: !brief } },
      axes: [
        { stroke: ink, grid: { show: false }, ticks: grid, font: "11px Inter", values: (_, splits) => splits.map((s) => (brief ? span(s) : new Date(s * 1000).toLocaleTimeString("en-GB"))), space: 90, size: 34 },
        { stroke: ink, grid, ticks: { show: false }, font: "11px Inter", size: 64, values: (_, splits) => splits.map((s) => (money ? usd(s) : short(s))) },
      ],
      series: [
        {}, { stroke: line, width: 1.6, fill: line + "1f", paths: uPlot.paths.stepped!({ align: 1 }), points: { show: false } },
        ...(limit === null ? [] : [{ stroke: style.getPropertyValue("--s-failed").trim(), width: 1, dash: [4, 4], points: { show: false } }]),
      ],
    }, limit === null ? [xs, ys] : [xs, ys, xs.map(() => limit)], element);
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 180 }));
    watch.observe(element);
    return () => { watch.disconnect(); chart.destroy(); };
  }, [points, money, limit, theme]);
  return <div ref={box} className="chart" role="img" aria-label={`What was used, growing to ${money ? usd(points.at(-1)?.usd ?? 0) : whole(points.at(-1)?.tokens ?? 0)}; the tables below have the figures`} />;
}
