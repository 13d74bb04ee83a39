import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { enc, post, Problem, said, type FieldError } from "../live/api";
import type { TaskRow, View, WorkflowDoc, Workflows } from "../live/types";
import { useGet } from "../live/use";
import { copy, Empty, Said, Trouble, Waiting } from "../parts/common";
import { fieldOf, FormFields, read, type Field } from "../parts/form";
import { Icon } from "../parts/icons";
import { millisOf, shownTime } from "../parts/time-text";
import { Mark } from "../parts/state";
import { percent, plural, shortId, span, usd } from "../parts/figures";
import { useRefusal } from "../rights";
import { go, useQuery } from "../router";
import { Graph } from "../run/graph";
import { planned, WorkflowChips } from "../run/planned";

const TeamEditor = lazy(() => import("./team-editor"));

export default function NewRun() {
  const { data, error, again } = useGet<Workflows>("/workflows");
  const [query, setQuery] = useQuery();
  useEffect(() => { document.title = "New run · Tutti"; }, []);
  const editing = query.get("edit") === "1";
  const name = query.get("workflow") ?? data?.workflows[0]?.workflow ?? "";
  const workflow = data?.workflows.find((one) => one.workflow === name) ?? data?.workflows[0];
  return (
    <div className="page-inner">
      <div className="page-head"><h1>New run</h1>{data?.team && <span className="dim">of <code>{data.team}</code></span>}<span className="grow" />
        {(data?.team || editing) && <span className="segments" role="group" aria-label="What is shown"><button type="button" aria-pressed={!editing} onClick={() => setQuery({ edit: null })}>Inputs</button><button type="button" aria-pressed={editing} onClick={() => setQuery({ edit: 1 })}>Team file</button></span>}
      </div>
      {editing && <Suspense fallback={<Waiting what="the editor" />}><TeamEditor /></Suspense>}
      {!editing && error !== null && <Trouble error={error} again={again} />}
      {!data && error === null && <Waiting what="the workflows" />}
      {!editing && data && data.workflows.length === 0 && (
        <div className="table-box"><Empty title="This server has no team">
          <p>Workflows of a team can be started here when the server is given its file. Until then runs begin in a shell, and are shown here as well.</p>
          <pre>./tutti serve examples/research/team.yaml</pre>
        </Empty></div>
      )}
      {!editing && data && workflow && (
        <>
          {data.workflows.length > 1 && (
            <div className="row wrap workflows" role="group" aria-label="Workflow">
              <WorkflowChips workflows={data.workflows} chosen={workflow} onChoose={(one) => setQuery({ workflow: one }, true)} />
            </div>
          )}
          <Start key={workflow.workflow} workflow={workflow} team={data.team ?? "team.yaml"} like={query.get("like")} />
        </>
      )}
    </div>
  );
}

interface Spread { p10: number; p50: number; p90: number }
interface Forecast { samples: number; runs: number; seconds: Spread; usd: Spread; succeeds: number; waits: number; limits: { limit: string; broken: number }[]; assumed: string[] }

/** What it may cost and take, from the runs on record; asked for again when the inputs rest. */
function Foreseen({ workflow, inputs, budget, deadline }: { workflow: string; inputs: Record<string, unknown>; budget: number | null; deadline: string | null }) {
  const [forecast, setForecast] = useState<Forecast | null>(null);
  const [none, setNone] = useState<string | null>(null);
  const asked = JSON.stringify(inputs);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      post<Forecast>("/forecast", { workflow, inputs: JSON.parse(asked) as unknown, ...(budget === null ? {} : { budget }), ...(deadline === null ? {} : { deadline }) }).then(
        (found) => { if (!over) { setForecast(found); setNone(null); } },
        (e: unknown) => { if (!over) { setForecast(null); setNone(said(e)); } },
      );
    }, 400);
    return () => { over = true; clearTimeout(timer); };
  }, [workflow, asked, budget, deadline]);
  if (none) return <p className="dim small forecast">No forecast: {none}</p>;
  if (!forecast) return <p className="dim small forecast" role="status">Playing runs…</p>;
  return <Figures forecast={forecast} />;
}

function Figures({ forecast }: { forecast: Forecast }) {
  const ms = (seconds: number) => span(seconds * 1000);
  return (
    <div className="forecast" aria-label="Forecast">
      <p className="num"><strong>{usd(forecast.usd.p50)}</strong> <span className="dim">({usd(forecast.usd.p10)} to {usd(forecast.usd.p90)})</span>, <strong>{ms(forecast.seconds.p50)}</strong> <span className="dim">({ms(forecast.seconds.p10)} to {ms(forecast.seconds.p90)})</span>, succeeds in {percent(forecast.succeeds)}{forecast.waits > 0 && `, waits for a person in ${percent(forecast.waits)}`}</p>
      <p className="dim small">{plural(forecast.samples, "run")} played, {forecast.runs === 0 ? "none on record" : `learned from ${plural(forecast.runs, "run")}`}{forecast.assumed.length > 0 && <>; assumed: <Said text={forecast.assumed.slice(0, 2).join("; ") + (forecast.assumed.length > 2 ? " …" : "")} /></>}</p>
      {forecast.limits.filter((one) => one.broken > 0).map((one) => <p key={one.limit} className="small"><Mark look="failed" still /> {one.limit} is broken in {percent(one.broken)} of them</p>)}
    </div>
  );
}

interface FirstPlan { forecast: Forecast; planned: { by: string; reason: string; partial: boolean; cost: { usd: number }; stand_in_from?: Record<string, string[]> }; drawn: Pick<WorkflowDoc, "tasks" | "layers"> }

/** What the planner of a goal makes of it, asked for by hand since planners cost. */
function useFirstPlan(workflow: WorkflowDoc, inputs: Record<string, unknown>) {
  const [plan, setPlan] = useState<FirstPlan | null>(null);
  const [of, setOf] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const asked = JSON.stringify(inputs);
  const ask = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      setPlan(await post<FirstPlan>("/plan", { workflow: workflow.workflow, inputs, drawn: true }));
      setOf(asked);
    } catch (e) {
      setPlan(null);
      setTrouble(said(e));
    } finally {
      setBusy(false);
    }
  };
  return { plan, stale: plan !== null && of !== asked, busy, trouble, ask };
}

function Planned({ first, goal, why }: { first: ReturnType<typeof useFirstPlan>; goal: { text: string; planner: string }; why: string | null }) {
  const { plan, stale, busy, trouble, ask } = first;
  return (
    <div className="forecast" aria-label="First plan">
      <p className="small">The plan is made by <code>{goal.planner}</code> when the run begins. It can be asked before, for what that costs: nothing else is done, and a run that is started then begins with that plan.</p>
      <p><button type="button" className="button" disabled={busy || why !== null} onClick={() => void ask()}>{busy ? "Planning…" : plan ? "Plan again" : "Plan it"}</button></p>
      {trouble && <p className="small" role="alert"><Mark look="failed" still /> There is no plan: <Said text={trouble} /></p>}
      {plan && (
        <div role="status">
          {stale && <p className="small"><Mark look="waiting" still /> This is the plan for other inputs: a run is planned anew.</p>}
          {!stale && !plan.planned.stand_in_from && <p className="small"><Mark look="waiting" still /> It needs leave: a run is planned anew, and asks for it.</p>}
          <p className="small">Planned by <code>{plan.planned.by}</code> for {usd(plan.planned.cost.usd)}{plan.planned.reason && <>: <Said text={plan.planned.reason} /></>}{plan.planned.partial && ". It grows while it runs."}</p>
        </div>
      )}
    </div>
  );
}

/** What a run can be limited in, each in its unit. */
const LIMITS: Record<string, { kind: "number" | "int" | "string"; unit: string; as: (limit: unknown) => string }> = {
  usd: { kind: "number", unit: "US dollars", as: (n) => usd(Number(n)) },
  time: { kind: "string", unit: "such as 90s, 10m, 2h", as: shownTime },
  tokens: { kind: "int", unit: "in and out", as: (n) => plural(Number(n), "token") },
  attempts: { kind: "int", unit: "of all tasks", as: (n) => plural(Number(n), "attempt") },
  tasks: { kind: "int", unit: "items counted", as: (n) => plural(Number(n), "task") },
  runs: { kind: "int", unit: "within it", as: (n) => plural(Number(n), "run") },
};

const limitsOf = (budget: WorkflowDoc["budget"]): Field[] => Object.entries(LIMITS).map(([name, { kind, unit }]) => {
  const most = budget[name] === undefined ? null : name === "time" ? shownTime(budget[name]) : budget[name];
  return { name, kind, required: false, standard: most, hint: most === null ? unit : `at most ${most}`, choices: null, long: false };
});

/** In words, as far as it is given. */
const inWords = (budget: Record<string, unknown>) => Object.entries(budget).flatMap(([name, limit]) => (LIMITS[name] ? [LIMITS[name].as(limit)] : [])).join(", ");

/** What is wrong at a place, and how it is mended. */
const faultText = (fault: FieldError) => [fault.message, fault.help].filter((text) => !!text).map((text) => sentence(text!)).join(" ");

const sentence = (text: string) => text[0]!.toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

function Start({ workflow, team, like }: { workflow: WorkflowDoc; team: string; like: string | null }) {
  const refusal = useRefusal("operate");
  const fields = useMemo<Field[]>(() => workflow.inputs.map((input) => fieldOf(input.name, input.type, input.required, input.default, input.description ?? null)), [workflow]);
  const [values, setValues] = useState<Record<string, string>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const limits = useMemo(() => limitsOf(workflow.budget), [workflow]);
  const [most, setMost] = useState<Record<string, string>>({});
  const [beyond, setBeyond] = useState<Record<string, string>>({});
  const [limited, setLimited] = useState(Object.keys(workflow.budget).length > 0);
  useEffect(() => {
    const wrong = [...Object.keys(errors).map((name) => `input-${name}`), ...Object.keys(beyond).map((name) => `limit-${name}`)];
    if (wrong[0]) document.getElementById(wrong[0])?.focus();
  }, [errors, beyond]);
  const [error, setError] = useState<string | null>(null);
  const [checked, setChecked] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [source, setSource] = useState(like ?? "");
  const [query, setQuery] = useQuery();
  const taken = useGet<View>(like ? `/runs/${enc(like)}/view` : null);
  const old = useMemo(() => pinnable(taken.data, workflow), [taken.data, workflow]);
  const pins = (query.get("pin") ?? "").split(",").filter((task) => old.some((row) => row.task === task));
  const pin = (task: string) => {
    if (!old.some((row) => row.task === task)) return;
    const next = pins.includes(task) ? pins.filter((one) => one !== task) : [...pins, task];
    setQuery({ pin: next.join(",") || null }, true);
    setChecked(null);
  };
  useEffect(() => {
    if (!taken.data) return;
    const inputs = taken.data.inputs.cut ? {} : (taken.data.inputs.value as Record<string, unknown>);
    setValues(Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])));
  }, [taken.data]);
  useEffect(() => setError(taken.error === null ? null : said(taken.error)), [taken.error]);
  const missing = fields.filter((field) => field.required && field.standard === null && field.kind !== "bool" && !(values[field.name] ?? "")).map((field) => field.name);
  /** The values of fields, or null and what is wrong said at its field. */
  const checkedOf = (of: Field[], from: Record<string, string>, say: (errors: Record<string, string>) => void) => {
    const { values: found, errors: wrong } = read(of, from);
    say(wrong);
    return Object.keys(wrong).length === 0 ? found : null;
  };
  const given = useMemo<Record<string, unknown>>(() => {
    const found = read(fields, values);
    return Object.keys(found.errors).length > 0 ? {} : found.values;
  }, [fields, values]);
  const first = useFirstPlan(workflow, given);
  const standIns = { ...(first.plan && !first.stale ? first.plan.planned.stand_in_from : {}), ...(like && pins.length > 0 ? { [like]: pins } : {}) };
  const send = async (dry: boolean) => {
    const body = checkedOf(fields, values, setErrors);
    const budget = checkedOf(limits, most, setBeyond);
    if (!body || !budget) return;
    setBusy(true);
    setError(null);
    setChecked(null);
    try {
      const done = await post<{ run?: string; budget?: Record<string, unknown> }>("/runs", { workflow: workflow.workflow, inputs: body, budget, dry_run: dry, stand_in_from: standIns }, dry ? undefined : `page-${Math.random().toString(36).slice(2)}`);
      if (dry) setChecked(`It would begin like this${pins.length > 0 ? `, with ${pins.join(", ")} pinned` : ""}${inWords(done.budget ?? {}) && `, within ${inWords(done.budget ?? {})}`}. Nothing was begun.`);
      else if (done.run) go(`/runs/${done.run}`);
    } catch (e) {
      if (e instanceof Problem && e.errors.length > 0) {
        const at = (place: string, of: Field[]) => {
          const found: Record<string, string> = {};
          for (const one of e.errors) {
            const field = of.find(({ name }) => one.pointer === `/${place}/${name}`);
            if (field) found[field.name] = [found[field.name], faultText(one)].filter(Boolean).join("\n");
          }
          return found;
        };
        setErrors(at("inputs", fields));
        setBeyond(at("budget", limits));
        const elsewhere = e.errors.filter((one) => !fields.some(({ name }) => one.pointer === `/inputs/${name}`) && !limits.some(({ name }) => one.pointer === `/budget/${name}`));
        setError(elsewhere.length > 0 ? `${e.message}: ${elsewhere.map(faultText).join("\n")}` : e.message);
        return;
      }
      setError(said(e));
    } finally {
      setBusy(false);
    }
  };
  const command = () => `./tutti run ${team}#${workflow.workflow}` + Object.entries(values).filter(([, v]) => v !== "").map(([k, v]) => ` --input ${k}=${/^[\w./:-]+$/.test(v) ? v : `'${v.replaceAll("'", "'\\''")}'`}`).join("") + Object.entries(most).filter(([, v]) => v !== "").map(([k, v]) => ` --budget ${k}=${v}`).join("") + Object.entries(standIns).map(([run, tasks]) => ` --stand-in-from ${run}:${tasks.join(",")}`).join("");
  const why = refusal ?? (missing.length > 0 ? `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} needed.` : null);
  const view = useMemo<View>(() => planned(first.plan ? { ...workflow, ...first.plan.drawn } : workflow, like, pins), [workflow, first.plan, like, pins.join()]); // eslint-disable-line
  return (
    <form className="new" onSubmit={(event) => { event.preventDefault(); if (!why) void send(false); }}>
      <section className="card new-inputs" aria-label="Inputs">
        <h2>Inputs</h2>
        {fields.length === 0 ? <p className="dim">This workflow takes none.</p> : <FormFields fields={fields} values={values} onValues={setValues} errors={errors} id="input" />}
        <details className="section" open={limited || Object.keys(beyond).length > 0} onToggle={(event) => setLimited(event.currentTarget.open)}><summary><Icon name="right" />Budget</summary>
          <div className="section-main"><p className="hint">What the run may take in all, with all runs within it.{Object.keys(workflow.budget).length > 0 && " The workflow sets limits; less can be given."} When it is short, it says what it would take to finish, and asks.</p>
            <div className="limits"><FormFields fields={limits} values={most} onValues={setMost} errors={beyond} id="limit" quiet /></div></div>
        </details>
        <details className="section"><summary><Icon name="right" />Use the inputs of a run</summary>
          <div className="row section-main new-like"><input className="field grow mono" aria-label="Id of a run" placeholder="id of a run" value={source} onChange={(e) => setSource(e.target.value)} /><button type="button" className="button" disabled={!source.trim()} onClick={() => { if (source.trim() === like) taken.again(); else setQuery({ like: source.trim(), pin: null }, true); }}>Use</button></div>
        </details>
        {like && old.length > 0 && <Pins like={like} old={old} pins={pins} onPin={pin} onAll={() => setQuery({ pin: pins.length === old.length ? null : old.map((row) => row.task).join(",") }, true)} />}
      </section>
      <section className="card new-plan" aria-label="Plan">
        <div className="row new-plan-head"><h2>Plan</h2><span className="dim">{plural(view.tasks.length, "task")}{view.tasks.some((row) => row.each !== null) ? `, ${plural(view.tasks.filter((row) => row.each !== null).length, "fan-out")}` : ""}</span></div>
        <div>
          {workflow.goal
            ? <><Planned first={first} goal={workflow.goal} why={why} />{first.plan && <Figures forecast={first.plan.forecast} />}</>
            : workflow.tasks.length > 0 && <Foreseen workflow={workflow.workflow} inputs={given} budget={Number(most["usd"]) > 0 ? Number(most["usd"]) : null} deadline={millisOf(most["time"] ?? "") === null ? null : most["time"]!} />}
          {pins.length > 0 && <p className="small pin-note"><Icon name="pin" /> {plural(pins.length, "task")} pinned: nobody is asked, and they cost nothing. The forecast is of a run in which all is done.</p>}
        </div>
        <div className="new-graph"><Graph key={`${workflow.workflow} ${first.plan ? first.plan.planned.reason : ""}`} view={view} live={false} selected={null} hideDone={false} onSelect={pin} /></div>
      </section>
      <div className="new-foot">
        {error && <div className="note failed" role="alert"><Mark look="failed" /><span className="as-written"><Said text={error} /></span></div>}
        {checked && <div className="note" role="status"><Mark look="succeeded" /><span>{checked}</span></div>}
        <div className="row wrap">
          <span className="dim">{first.plan ? `Planning took ${usd(first.plan.planned.cost.usd)}; nothing else has been spent.` : "Nothing has been spent yet."}</span><span className="grow" />
          {why && <span className="dim" id="why-not">{why}</span>}
          <button type="button" className="button" onClick={() => void copy(command(), "the command")}>Copy as command</button>
          <button type="button" className="button" disabled={busy || why !== null} onClick={() => void send(true)}>Check</button>
          <button className="button strong" disabled={busy || why !== null} aria-describedby={why ? "why-not" : undefined}>{busy ? "Starting…" : "Start"}</button>
        </div>
      </div>
    </form>
  );
}

/** Tasks of this workflow that have an output in a run. */
function pinnable(run: View | null, workflow: WorkflowDoc): TaskRow[] {
  const names = new Set(workflow.tasks.map((row) => row.task));
  return (run?.tasks ?? []).filter((row) => row.state === "succeeded" && names.has(row.task));
}

/** Which tasks are not done but take what they gave. */
function Pins({ like, old, pins, onPin, onAll }: { like: string; old: TaskRow[]; pins: string[]; onPin: (task: string) => void; onAll: () => void }) {
  return (
    <fieldset className="pins">
      <legend className="caption">Pin tasks to what they gave in {shortId(like)}</legend>
      <p className="hint">A pinned task is not done again: its old output stands in, and costs nothing.</p>
      {old.map((row) => (
        <label key={row.task} className="check pin-line"><input type="checkbox" checked={pins.includes(row.task)} onChange={() => onPin(row.task)} /> <span>{row.task}</span><span className="dim clip">{row.items?.total != null ? plural(row.items.total, "item") : (row.summary ?? "")}</span></label>
      ))}
      <button type="button" className="button" onClick={onAll}>{pins.length === old.length ? "Pin none" : "Pin all"}</button>
    </fieldset>
  );
}
