import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { address, Problem } from "../live/api";
import type { View } from "../live/types";
import { usePast, useRun } from "../live/run-store";
import { useKept, useNow, usePulse } from "../live/use";
import { Alarm, announce, Bar, copy, Empty, Said, Trouble, Waiting } from "../parts/common";
import { inTime, paid, plural, short, shortId, span, UNKNOWN, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { PayloadView } from "../parts/json";
import { useKeys } from "../parts/keys";
import { lookOfRun, lookOfTask, Mark, WORST_FIRST, wordOf, type Look } from "../parts/state";
import { useRefusal } from "../rights";
import { go, Link, useQuery } from "../router";
import { Above } from "../run/child";
import { CostTab } from "../run/cost";
import { Drawer } from "../run/drawer";
import { Graph, WORDS } from "../run/graph";
import { Journal } from "../run/journal";
import { TaskList } from "../run/list";
import { AsItRan } from "../run/ran";
import { Slider } from "../run/slider";
import { Strip } from "../run/strip";
import { Timeline } from "../run/timeline";
import { blockedFor, VerbButton, VerbDialog, type Wish } from "../run/verbs";

const TABS = [["graph", "Graph"], ["timeline", "Timeline"], ["journal", "Journal"], ["cost", "Cost"], ["result", "Result"]] as const;

export default function RunPageView({ run }: { run: string }) {
  const { store, view, error } = useRun(run);
  if (error !== null && !view) {
    return (
      <div className="page-inner">
        {error instanceof Problem && error.status === 404 ? (
          <Empty title="There is no such run"><p>Nothing in this store goes by <code>{run}</code>. It may be in another store.</p><Link to="/runs" className="button">All runs</Link></Empty>
        ) : <Trouble error={error} again={() => void store.fetch()} />}
      </div>
    );
  }
  if (!view) return <Waiting what="the run" />;
  return <Run key={view.run} view={view} refresh={() => void store.fetch()} />;
}

function Run({ view, refresh }: { view: View; refresh: () => void }) {
  const [query, setQuery] = useQuery();
  const tab = query.get("tab") ?? "graph";
  const task = query.get("task");
  const attempt = Number(query.get("attempt")) || null;
  const unrolled = query.get("graph") === "ran";
  const addressed = Number(query.get("at")) || null;
  const [at, setAt] = useState<number | null>(addressed);
  const [wish, setWish] = useState<Wish | null>(null);
  const [hideDone, setHideDone] = useKept("hide-succeeded", false);
  const [asList, setAsList] = useKept("as-list", matchMedia("(max-width: 720px)").matches);
  const before = useRef<HTMLElement | null>(null);
  const past = usePast(view.run, at, view.sequence);
  const shown = at === null ? view : (past ?? view);
  const forkRefusal = useRefusal("operate");
  useEffect(() => setAt(addressed), [addressed]);
  useEffect(() => { document.title = `${view.goal} ${shortId(view.run)} · Tutti`; }, [view.goal, view.run]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current && view.status === "failed" && view.failed_first && !task && !query.get("tab") && !addressed && innerWidth > 720) setQuery({ task: view.failed_first }, true);
    first.current = false;
  }, []); // eslint-disable-line
  const status = useRef(view.status);
  useEffect(() => {
    if (status.current !== view.status) announce(`The run is ${view.status}.`);
    status.current = view.status;
  }, [view.status]);
  const own = view.tasks.find((row) => row.task === task)?.state;
  const ownBefore = useRef(own);
  useEffect(() => {
    if (task && own && ownBefore.current !== own) announce(`${task} is ${wordOf(own)}.`);
    ownBefore.current = own;
  }, [task, own]);

  const select = useCallback((next: string, token: number | null = null) => {
    if (document.activeElement instanceof HTMLElement && !document.activeElement.closest(".drawer")) before.current = document.activeElement;
    setQuery({ task: next, attempt: token, artifact: null });
  }, [setQuery]);
  const close = useCallback(() => {
    setQuery({ task: null, attempt: null, artifact: null });
    before.current?.focus();
  }, [setQuery]);
  const move = useCallback((next: number | null, done: boolean) => {
    setAt(next);
    if (done) setQuery({ at: next }, true);
  }, [setQuery]);
  const fail = useCallback(() => {
    const failed = shown.tasks.filter((row) => row.state === "failed" || (row.items?.counts["failed"] ?? 0) > 0);
    if (failed.length === 0) return;
    const here = failed.findIndex((row) => row.task === task?.replace(/\[.*$/, ""));
    select(failed[(here + 1) % failed.length]!.task);
  }, [shown.tasks, task, select]);
  useKeys({
    "1": () => setQuery({ tab: null }), "2": () => setQuery({ tab: "timeline" }), "3": () => setQuery({ tab: "journal" }), "4": () => setQuery({ tab: "cost" }), "5": () => setQuery({ tab: "result" }),
    f: fail,
    v: () => { if (tab === "graph") setQuery({ graph: unrolled ? null : "ran" }); },
    Escape: () => { if (!document.querySelector("dialog[open]") && task) close(); },
    r: () => { if (task && at === null) setWish(view.ended ? { verb: "fork" } : { verb: "retry", task }); },
    j: () => stepTask(1), k: () => stepTask(-1),
  });
  const stepTask = (by: number) => {
    const names = shown.tasks.map((row) => row.task);
    if (names.length === 0) return;
    const here = task ? names.indexOf(task.replace(/\[.*$/, "")) : -1;
    select(names[Math.max(0, Math.min(names.length - 1, here + by))]!);
  };
  const live = at === null && !view.ended;
  return (
    <div className="run">
      <Head view={shown} now={view} past={at !== null} onWish={setWish} />
      <div className="tabs row">
        <div className="row tab-list" role="tablist" aria-label="Views of the run">
        {TABS.map(([name, text], i) => (
          <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls="run-view" tabIndex={tab === name ? 0 : -1} title={`${i + 1}`}
            onClick={() => setQuery({ tab: name === "graph" ? null : name })}
            onKeyDown={(event) => {
              const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              if (!by) return;
              const next = TABS[(i + by + TABS.length) % TABS.length]![0];
              setQuery({ tab: next === "graph" ? null : next });
              document.getElementById(`tab-${next}`)?.focus();
            }}>{text}</button>
        ))}
        </div>
        <span className="grow" />
        {tab === "graph" && (
          <span className="segments unroll" role="group" aria-label="How much is unrolled">
            <button type="button" aria-pressed={!unrolled} title="Loops and fan-outs folded" onClick={() => setQuery({ graph: null })}>Plan</button>
            <button type="button" aria-pressed={unrolled} title="Each item and each attempt" onClick={() => setQuery({ graph: "ran" })}>As it ran</button>
          </span>
        )}
        {tab === "graph" && (
          <span className="row wide">
            <label className="check"><input type="checkbox" checked={hideDone} onChange={(e) => setHideDone(e.target.checked)} /> {asList ? "Hide" : "Fade"} succeeded</label>
            <span className="segments" role="group" aria-label="How the tasks are shown">
              <button type="button" aria-pressed={!asList} onClick={() => setAsList(false)}>Picture</button>
              <button type="button" aria-pressed={asList} onClick={() => setAsList(true)}>List</button>
            </span>
          </span>
        )}
      </div>
      <div className="run-body">
        <section className="run-view" id="run-view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === "graph" && (
            <>
              <div className="grow fill">{unrolled ? <AsItRan view={shown} at={at} live={live} selected={task} attempt={attempt} hideDone={hideDone} asList={asList} onSelect={select} />
                : asList ? <TaskList view={shown} selected={task} hideDone={hideDone} onSelect={select} /> : <Graph view={shown} live={live} selected={task?.replace(/\[.*$/, "") ?? null} hideDone={hideDone} onSelect={select} />}</div>
              <Strip view={shown} at={at} onSelect={select} />
            </>
          )}
          {tab === "timeline" && <Timeline view={shown} at={at} selected={task} onSelect={select} />}
          {tab === "journal" && <Journal view={view} onSelect={select} onAt={(n) => { move(n, false); setQuery({ at: n, tab: null }); }} />}
          {tab === "cost" && <CostTab view={view} past={at !== null} onSelect={select} onWish={setWish} />}
          {tab === "result" && <Result view={shown} />}
        </section>
        {task && <Drawer view={shown} task={task} attempt={attempt} past={at} onClose={close} onSelect={select} onWish={setWish} />}
      </div>
      <Slider view={view} shown={past} at={at} onAt={move} onFork={(n) => setWish({ verb: "fork", at: n })} forkRefusal={forkRefusal} />
      {wish && <VerbDialog wish={wish} view={view} onClose={() => { setWish(null); refresh(); }} />}
    </div>
  );
}

/** One sentence on what the run is at and why. */
function sentence(view: View): string {
  const failed = view.failed_first;
  if (view.status === "failed") {
    const message = view.failure?.message ?? view.status_reason ?? "";
    return failed && !message.includes(failed) ? `${failed}: ${message}` : message || "It failed.";
  }
  if (view.status_reason && view.status !== "running") return view.status_reason;
  if (view.questions.length > 0) return `${plural(view.questions.length, "question")} to answer before it can go on.`;
  if (view.status === "running") {
    const running = view.tasks.filter((row) => row.state === "running").map((row) => row.task);
    if (running.length === 0 && view.status_reason) return `Waits for ${view.status_reason}.`;
    return running.length > 0 ? `At ${running.slice(0, 3).join(", ")}${running.length > 3 ? ` and ${running.length - 3} more` : ""}.` : "Under way.";
  }
  if (view.status === "paused") return "Nothing is dispatched until it is resumed.";
  if (view.status === "closing") return "Nothing new is begun; it ends once what is under way has.";
  return "";
}

function Head({ view, now, past, onWish }: { view: View; now: View; past: boolean; onWish: (wish: Wish) => void }) {
  const clock = useNow(!view.ended && !past);
  const took = (view.ended || past ? Date.parse(view.at) : clock) - Date.parse(view.started_at);
  const tokens = (view.cost.input_tokens ?? 0) + (view.cost.output_tokens ?? 0);
  const text = inTime(sentence(view), view.moments, past ? Date.parse(view.at) : clock);
  const counts = useMemo(() => {
    const by = new Map<Look, number>();
    for (const [state, n] of Object.entries(view.counts)) by.set(lookOfTask(state), (by.get(lookOfTask(state)) ?? 0) + n);
    return WORST_FIRST.filter((look) => (by.get(look) ?? 0) > 0).map((look) => [look, by.get(look)!] as [Look, number]);
  }, [view.counts]);
  return (
    <header className="run-head">
      <div className="row wrap">
        <nav className="crumbs row" aria-label="Where this is">
          <Link to="/runs" className="dim">Runs</Link><Icon name="right" />
          {view.origin?.kind === "child" && <Above run={view.run} parent={view.origin.run} />}
          <h1 className="clip" title={view.about ?? undefined}>{view.goal}{view.about && <span className="about"> · {view.about}</span>}</h1>
          <button type="button" className="button plain id" title="Copy a link to this" onClick={() => void copy(location.href, "the link")}><code>{shortId(view.run)}</code><Icon name="link" /></button>
        </nav>
        <span className="grow" />
        <div className="row run-verbs">
          {now.status === "paused"
            ? <VerbButton verb="resume" wish={{ verb: "resume" }} onWish={onWish} blocked={blockedFor("resume", now, past)}><Icon name="play" />Resume…</VerbButton>
            : <VerbButton verb="pause" wish={{ verb: "pause" }} onWish={onWish} blocked={blockedFor("pause", now, past)}><Icon name="pause" />Pause…</VerbButton>}
          <VerbButton verb="fork" wish={{ verb: "fork" }} onWish={onWish} blocked={past ? "Fork from here is beside the slider." : null}><Icon name="fork" />Fork…</VerbButton>
          <VerbButton verb="cancel" wish={{ verb: "cancel" }} onWish={onWish} blocked={blockedFor("cancel", now, past)} danger><Icon name="stop" />Cancel…</VerbButton>
          <details className="menu">
            <summary className="button icon" aria-label="More"><Icon name="more" /></summary>
            <div className="menu-box small-menu" onClick={(event) => { if ((event.target as HTMLElement).closest("button, a")) event.currentTarget.closest("details")?.removeAttribute("open"); }}>
              <VerbButton verb="send" wish={{ verb: "send" }} onWish={onWish} blocked={blockedFor("send", now, past)}>Send a message…</VerbButton>
              <VerbButton verb="replan" wish={{ verb: "replan" }} onWish={onWish} blocked={blockedFor("replan", now, past)}>Plan again…</VerbButton>
              <VerbButton verb="amend" wish={{ verb: "amend" }} onWish={onWish} blocked={blockedFor("amend", now, past)}>Change the plan…</VerbButton>
              <VerbButton verb="terminate" wish={{ verb: "terminate" }} onWish={onWish} blocked={blockedFor("terminate", now, past)} danger>Terminate…</VerbButton>
              <button type="button" className="button" onClick={() => go(`/diff?run=${view.origin?.kind === "fork" ? view.origin.run : view.run}&other=${view.origin?.kind === "fork" ? view.run : ""}`)}>Compare with another run</button>
              <button type="button" className="button" onClick={() => go(`/new?workflow=${encodeURIComponent(view.goal)}&like=${view.run}`)}>New run with these inputs</button>
              <a className="button" href={address(`/runs/${view.run}/export`) ?? undefined} download>Save as a file</a>
              <button type="button" className="button" onClick={() => void copy(`tutti show ${view.run}`, "the command")}>Copy as a command</button>
            </div>
          </details>
        </div>
      </div>
      <div className="row run-state">
        <Mark look={lookOfRun(view.status)} />
        <strong className={`word-${lookOfRun(view.status)}`}>{view.status}</strong>
        <span className="clip" title={text}><Said text={text} /></span>
        {view.questions.length > 0 && !past && <Link className="button" to={`/inbox#${view.questions[0]!.question}`}>Answer</Link>}
        {view.origin?.kind === "fork" && <span className="dim small">forked from <Link className="link" to={`/runs/${view.origin.run}?at=${view.origin.at}`}>{shortId(view.origin.run)} at event {whole(view.origin.at)}</Link></span>}
        <span className="grow" />
        {past ? <span className="chip past-chip">the past</span> : <Pulse ended={view.ended} />}
      </div>
      <div className="row wrap run-figures num">
        <span className="figure-money" title={view.cost.unknown ? UNKNOWN : undefined}>{paid(view.cost)}{view.budget && <span className="dim"> / {usd(view.budget.usd)}{view.charged !== null && view.charged > view.cost.usd && `, ${usd(view.charged)} charged`}</span>}</span>
        <Alarm percent={view.alarm} />
        {tokens > 0 && <span className="figure-tokens">{short(tokens)} tokens</span>}
        <span className="figure-took">{span(Math.max(0, took))}</span>
        <span className="row figure-tasks"><Bar total={view.total} parts={[...counts].filter(([look]) => look !== "planned" && look !== "ready").reverse()} width={120} />{whole(view.finished)} of {plural(view.total, "task")}</span>
        {counts.filter(([look]) => !(counts.length === 1 && look === "succeeded")).map(([look, n]) => <span key={look} className="state"><Mark look={look} still />{whole(n)} {WORDS[look]}</span>)}
      </div>
    </header>
  );
}

function Pulse({ ended }: { ended: boolean }) {
  const pulse = usePulse();
  if (ended || pulse.state === "kept") return null;
  return pulse.state === "live" ? <span className="state live"><i aria-hidden="true" />live</span> : <span className="state dim"><Mark look="backing" />{pulse.state}</span>;
}

function Result({ view }: { view: View }) {
  const value = view.output && !view.output.cut ? view.output.value : null;
  const text = typeof value === "string" ? value : value && typeof value === "object" && "text" in value && typeof value.text === "string" ? value.text : null;
  return (
    <div className="tab-page result">
      <section>
        <h2>Output</h2>
        {view.output && value !== null ? (
          <>
            {text !== null && <div className="card prose">{text}</div>}
            <PayloadView payload={view.output} whole={`/runs/${view.run}`} name="output" />
          </>
        ) : view.output?.cut ? <PayloadView payload={view.output} whole={`/runs/${view.run}`} name="output" />
          : <p className="dim">{view.ended ? "The run gave none." : "There is none yet: it is put together when the run succeeds."}</p>}
      </section>
      <section><h2>Inputs</h2><PayloadView payload={view.inputs} name="inputs" /></section>
    </div>
  );
}
