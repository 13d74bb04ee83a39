/** What people do to a run. Each says what would happen before it can be done. */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { enc, get, post, Problem, said } from "../live/api";
import type { DryRun, EventPage, JournalEvent, TaskRow, View } from "../live/types";
import { Dialog, Said, toast } from "../parts/common";
import { plural, shortId, usd } from "../parts/figures";
import { lookOfRun, Mark, State } from "../parts/state";
import { useRefusal } from "../rights";
import { go } from "../router";

export type Verb = "pause" | "resume" | "cancel" | "terminate" | "retry" | "skip" | "edit" | "reassign" | "raise" | "fork" | "send" | "replan" | "amend";

/** A verb and what it is about; `at` is the event that a fork begins from, `budget` what the run may spend now and what to raise it to, `type` that of a message. */
export interface Wish { verb: Verb; task?: string; at?: number; agents?: string[]; input?: unknown; output?: unknown; budget?: Record<string, { now: string; to: string }>; type?: string }

const TEXTS: Record<Verb, { title: string; does: string; button: string }> = {
  pause: { title: "Pause the run", does: "Nothing more is dispatched and no timer runs. Attempts under way go on.", button: "Pause" },
  resume: { title: "Resume the run", does: "The run goes on; its timers are put off by as long as it was paused.", button: "Resume" },
  cancel: { title: "Cancel", does: "Nothing new is begun; it is over once what must be taken back is.", button: "Cancel it" },
  terminate: { title: "Terminate the run", does: "Ends it at once. Nothing is taken back.", button: "Terminate" },
  retry: { title: "Retry", does: "The task is done again, and what came after it.", button: "Retry" },
  skip: { title: "Skip", does: "The run goes on without it, or with an output that you give.", button: "Skip" },
  edit: { title: "Edit", does: "The task gets another input or output. What came after it is done again.", button: "Apply" },
  reassign: { title: "Reassign", does: "Another agent does it.", button: "Reassign" },
  raise: { title: "Raise a limit", does: "More attempts, or more time.", button: "Raise" },
  fork: { title: "Fork", does: "A new run goes on from an event of this one. This run stays as it is.", button: "Fork" },
  send: { title: "Send a message", does: "One task that waits for a message of this type goes on with it.", button: "Send" },
  replan: { title: "Plan again", does: "The planner looks at the run as it stands, and may change what is not done.", button: "Ask the planner" },
  amend: { title: "Change the plan", does: "Adds tasks, drops some that are not finished, or changes the output, in the form in which planners propose.", button: "Change it" },
};

const LIMITS = ["attempts", "queued", "run", "idle", "overall"];
const ITEM = /\[\d+\]$/;
const PROPOSAL = { reason: "", tasks: {}, drop: [] };

/** What a limit is raised to, in words. */
const HOW: Record<string, string> = { usd: "US dollars", attempts: "a number", tokens: "a number", tasks: "a number", runs: "a number" };

/** What the dialog of a verb says it does. */
const doesOf = (wish: Wish) =>
  wish.verb === "cancel" && wish.task ? "Gives it up. What comes after it goes on without it."
  : wish.budget ? "The run may spend more in all." : TEXTS[wish.verb].does;

const titleOf = (wish: Wish, view: View) =>
  wish.budget ? "Raise the budget" : TEXTS[wish.verb].title + (wish.task ? `: ${wish.task}`
  : wish.verb !== "fork" ? "" : wish.at !== undefined ? ` from event ${wish.at.toLocaleString("en")}` : view.status === "failed" ? " from before it failed" : "");

export function VerbDialog({ wish, view, onClose }: { wish: Wish; view: View; onClose: () => void }) {
  const { verb } = wish;
  const [reason, setReason] = useState("");
  const [refire, setRefire] = useState(false);
  const [force, setForce] = useState(false);
  const [agent, setAgent] = useState(wish.agents?.[0] ?? "");
  const limits = wish.budget ? Object.keys(wish.budget) : LIMITS;
  const [limit, setLimit] = useState(limits[0]!);
  const [value, setValue] = useState(wish.budget?.[limit]?.to ?? "5");
  const [type, setType] = useState(wish.type ?? "");
  const [part, setPart] = useState<"input" | "output">(wish.input === undefined && wish.output !== undefined ? "output" : "input");
  const [text, setText] = useState(() => shown(verb === "amend" ? PROPOSAL : part === "input" ? wish.input : wish.output));
  const [withOutput, setWithOutput] = useState(false);
  const [other, setOther] = useState("");
  const [dry, setDry] = useState<{ of: string; run: DryRun } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [moved, setMoved] = useState(0);
  const [since, setSince] = useState<JournalEvent[]>([]);
  const [doing, setDoing] = useState(false);
  const key = useRef(`page-${Math.random().toString(36).slice(2)}${Date.now()}`);

  const written = verb === "amend" || verb === "send";
  const edits = written || verb === "edit" || (verb === "skip" && withOutput) || (verb === "fork" && other !== "");

  const fields = (): Record<string, unknown> | string => {
    const body: Record<string, unknown> = {};
    if (wish.task && verb !== "cancel" && !written) body["task"] = wish.task;
    if (verb === "cancel" && wish.task) body["tasks"] = [wish.task];
    if (verb === "cancel" && force) body["force"] = true;
    if ((verb === "retry" || verb === "fork") && refire) body["refire"] = true;
    if (verb === "fork" && wish.at !== undefined) body["at"] = wish.at;
    if (verb === "fork" && other) body["task"] = other;
    if (verb === "reassign") {
      if (!agent.trim()) return "Name an agent.";
      body["agent"] = agent.trim();
    }
    if (verb === "raise") {
      if (!value.trim()) return "Say how much.";
      if (wish.budget) body["task"] = "budget";
      body["limit"] = limit;
      body["value"] = /^\d+$/.test(value.trim()) ? Number(value) : value.trim();
    }
    if (verb === "send") {
      if (!type.trim()) return "Say of which type the message is.";
      body["type"] = type.trim();
    }
    if (edits) {
      try {
        body[verb === "amend" ? "plan" : verb === "send" ? "data" : verb === "skip" ? "output" : part] = JSON.parse(text);
      } catch (e) {
        return `This is not JSON: ${said(e)}`;
      }
    }
    return body;
  };
  const wanted = fields();
  const asked = typeof wanted === "string" ? null : JSON.stringify(wanted);

  useEffect(() => {
    if (asked === null) return;
    let current = true;
    const timer = setTimeout(async () => {
      try {
        const run = await post<DryRun>(`/runs/${enc(view.run)}/${verb}`, { ...JSON.parse(asked), dry_run: true });
        if (current) { setDry({ of: asked, run }); setError(null); }
      } catch (e) {
        if (current) { setDry(null); setError(said(e)); }
      }
    }, dry ? 300 : 0);
    return () => { current = false; clearTimeout(timer); };
  }, [asked, view.run, verb, moved]); // eslint-disable-line

  const ready = dry !== null && dry.of === asked && !doing;
  const perform = async () => {
    if (!dry || asked === null) return;
    setDoing(true);
    setError(null);
    try {
      const done = await carriedOut(view.run, verb, JSON.parse(asked), reason, dry.run, key.current);
      if (done === "other") {
        const page = await get<EventPage>(`/runs/${enc(view.run)}/events?after=${dry.run.sequence}&limit=50`);
        setSince(page.events);
        setMoved((m) => m + 1);
        return;
      }
      onClose();
      if (verb === "fork" && done.run) {
        toast("succeeded", `Forked into run ${shortId(done.run)}.`);
        go(`/runs/${done.run}`);
      } else {
        toast("succeeded", `${titleOf(wish, view)}: done.`);
      }
    } catch (e) {
      setError(said(e));
    } finally {
      setDoing(false);
    }
  };

  return (
    <Dialog open onClose={onClose} title={titleOf(wish, view)}>
      <form onSubmit={(event) => { event.preventDefault(); if (ready) void perform(); }}>
        <div className="dialog-main">
          <p className="dim">{doesOf(wish)}</p>
          {verb === "reassign" && (
            <label><span className="caption">Agent</span>
              {wish.agents && wish.agents.length > 0 ? (
                <select className="field full" value={agent} onChange={(e) => setAgent(e.target.value)}>{wish.agents.map((one) => <option key={one}>{one}</option>)}</select>
              ) : <input className="field full" value={agent} onChange={(e) => setAgent(e.target.value)} autoFocus />}
            </label>
          )}
          {verb === "raise" && (
            <div className="row">
              <label className="grow"><span className="caption">Limit</span>
                <select className="field full" value={limit} onChange={(e) => { setLimit(e.target.value); if (wish.budget) setValue(wish.budget[e.target.value]!.to); }}>{limits.map((one) => <option key={one}>{one}</option>)}</select>
              </label>
              <label className="grow"><span className="caption">To <span className="dim">{HOW[limit] ?? "such as 90s"}{wish.budget ? `, now ${wish.budget[limit]!.now}` : ""}</span></span><input className="field full" value={value} onChange={(e) => setValue(e.target.value)} /></label>
            </div>
          )}
          {verb === "send" && <label><span className="caption">Type</span><input className="field full" value={type} onChange={(e) => setType(e.target.value)} autoFocus={!wish.type} /></label>}
          {verb === "skip" && <label className="check"><input type="checkbox" checked={withOutput} onChange={(e) => setWithOutput(e.target.checked)} /> Give an output in its place</label>}
          {verb === "fork" && (
            <label><span className="caption">Go on with another input or output of</span>
              <select className="field full" value={other} onChange={(e) => setOther(e.target.value)}>
                <option value="">no task</option>
                {view.tasks.map((row) => <option key={row.task}>{row.task}</option>)}
              </select>
            </label>
          )}
          {(verb === "edit" || (verb === "fork" && other)) && (
            <div className="segments" role="group" aria-label="What to edit">
              {(["input", "output"] as const).map((one) => <button key={one} type="button" aria-pressed={part === one} onClick={() => { setPart(one); setText(shown(one === "input" ? wish.input : wish.output)); }}>{one}</button>)}
            </div>
          )}
          {edits && (
            <label><span className="caption">{verb === "amend" ? <>The plan <span className="dim">tasks as in a team file, such as {'{ "skill": "verify" }'}</span></> : verb === "send" ? "Data" : "JSON"}</span><textarea className="field full mono" rows={8} spellCheck={false} value={text} onChange={(e) => setText(e.target.value)} aria-invalid={typeof wanted === "string"} /></label>
          )}
          {(verb === "retry" || verb === "fork") && <label className="check"><input type="checkbox" checked={refire} onChange={(e) => setRefire(e.target.checked)} /> Do effects again that were done already</label>}
          {verb === "cancel" && !wish.task && <label className="check"><input type="checkbox" checked={force} onChange={(e) => setForce(e.target.checked)} /> Do not wait for attempts under way</label>}
          {typeof wanted === "string" && <p className="bad">{wanted}</p>}
          {error && <div className="note failed" role="alert"><Mark look="failed" /><span><Said text={error} /></span></div>}
          {moved > 0 && <Since events={since} />}
          {dry && dry.of === asked ? <Preview dry={dry.run} view={view} verb={verb} /> : !error && asked !== null ? <p className="dim" role="status">Looking what would happen…</p> : null}
          {verb !== "fork" && verb !== "send" && <label><span className="caption">Reason <span className="dim">kept in the journal</span></span><input data-first className="field full" value={reason} onChange={(e) => setReason(e.target.value)} /></label>}
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>Not now</button>
          <button className="button strong" disabled={!ready}>{doing ? "Doing it…" : TEXTS[verb].button}</button>
        </div>
      </form>
    </Dialog>
  );
}

const shown = (value: unknown) => JSON.stringify(value ?? {}, null, 2);

/** Does it as it was shown, under a key of its own for each moment that was shown. When the run has moved on but it would still be the same, it is done. */
async function carriedOut(run: string, verb: Verb, body: Record<string, unknown>, reason: string, dry: DryRun, key: string): Promise<{ run?: string; short?: string } | "other"> {
  let expect = dry.sequence;
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(`/runs/${enc(run)}/${verb}`, verb === "fork" || verb === "send" ? body : { ...body, reason, expect }, `${key}-${expect}`);
    } catch (e) {
      if (!(e instanceof Problem) || e.code !== "stale" || attempt >= 4) throw e;
      const now = await post<DryRun>(`/runs/${enc(run)}/${verb}`, { ...body, dry_run: true });
      const what = (one: DryRun) => JSON.stringify([one.status, one.tasks, one.effects_again]);
      if (what(now) !== what(dry)) return "other";
      expect = now.sequence;
    }
  }
}

/** What happened between the dry run and now. */
function Since({ events }: { events: JournalEvent[] }) {
  return (
    <section className="note failed" role="alert" aria-label="What changed since">
      <Mark look="failed" />
      <div className="grow">
        <p>The run has moved on, and it would be something else now. Nothing was done: look again. Since then:</p>
        <ul className="lines small">{events.slice(-8).map((event) => <li key={event.sequence}><code className="dim">{event.sequence}</code> {event.task && <strong>{event.task}</strong>} <Said text={event.sentence} /></li>)}</ul>
        {events.length > 8 && <p className="small dim">and {plural(events.length - 8, "event")} before these</p>}
      </div>
    </section>
  );
}

function Preview({ dry, view, verb }: { dry: DryRun; view: View; verb: Verb }) {
  const names = dry.tasks.map((task) => task.replace(ITEM, ""));
  const touched = new Set(names);
  const kept = dry.reused ?? view.tasks.filter((row) => row.state === "succeeded" && !touched.has(row.task)).length;
  const again = verb === "retry" || verb === "edit" || verb === "fork";
  const ends = verb === "cancel" || verb === "skip";
  return (
    <section className="preview" aria-label="What would happen">
      <h3>What would happen</h3>
      <ul className="signs">
        <Sign sign="~">The run would be <State look={lookOfRun(dry.status)} word={dry.status} /></Sign>
        {dry.tasks.length > 0 && <Sign sign={ends ? "-" : "~"}>{again ? "done again: " : ""}{listed(dry.tasks)}{dry.spent && dry.spent.usd > 0 ? again ? `: ${usd(dry.spent.usd)} in this run, and about as much again` : ` (${usd(dry.spent.usd)} was spent on ${dry.tasks.length === 1 ? "it" : "them"})` : ""}</Sign>}
        {verb === "send" && dry.tasks.length === 0 && <Sign sign=" ">No task waits for it now: it is kept if one will, and else dropped.</Sign>}
        {dry.likely && <Sign sign="$">{plural(dry.likely.tasks, "task")} to do{dry.likely.at_least ? " at least" : ""}, likely {usd(Number(dry.likely.usd))} by what their agents took so far{dry.likely.unknown.length > 0 ? `; nothing is known of ${listed(dry.likely.unknown)}` : ""}</Sign>}
        {again && kept > 0 && <Sign sign="=">{plural(kept, "result")} reused{dry.kept && dry.kept.usd > 0 ? ` (${usd(dry.kept.usd)} kept)` : ""}</Sign>}
        <Sign sign={dry.effects_again.length > 0 ? "!" : " "}>Effects that would be done again: {dry.effects_again.length > 0 ? <strong>{listed(dry.effects_again)}</strong> : "none"}</Sign>
      </ul>
    </section>
  );
}

const Sign = ({ sign, children }: { sign: string; children: ReactNode }) => <li><span className="sign">{sign}</span><span>{children}</span></li>;

const listed = (names: string[]) => (names.length > 6 ? `${names.slice(0, 6).join(", ")} and ${names.length - 6} more` : names.join(", "));

/** A button for a verb, disabled with the reason where it makes no sense. */
export function VerbButton({ verb, onWish, wish, blocked, children, danger }: { verb: Verb; wish: Wish; onWish: (wish: Wish) => void; blocked?: string | null; children: ReactNode; danger?: boolean }) {
  const refusal = useRefusal("operate") ?? blocked ?? null;
  return (
    <button type="button" className={danger ? "button danger" : "button"} data-verb={wish.budget ? "Raise the budget" : TEXTS[verb].title + (wish.task ? ` ${wish.task}` : "")} disabled={refusal !== null} title={refusal ?? doesOf(wish)} onClick={() => onWish(wish)}>
      {children}
    </button>
  );
}

/** Why the run cannot be told `verb` as it stands; null when it can. */
export function blockedFor(verb: Verb, view: View, past: boolean): string | null {
  if (past && verb !== "fork") return "This is the past. Go back to now first.";
  if (verb === "fork") return null;
  if (verb === "pause") return view.ended ? "The run is over." : view.status === "paused" ? "It is paused already." : null;
  if (verb === "resume") return view.status === "paused" ? null : "It is not paused.";
  return view.ended ? "The run is over." : null;
}

export function blockedForTask(verb: Verb, row: TaskRow, past: boolean, ended: boolean): string | null {
  if (past) return "This is the past. Go back to now first.";
  if (ended) return "The run is over. Fork it to go on from an earlier event.";
  const over = row.state === "succeeded" || row.state === "skipped" || row.state === "failed" || row.state === "cancelled";
  if (verb === "retry") return row.attempts === 0 && !over ? "It has not begun yet." : null;
  if (verb === "skip") return row.state === "succeeded" || row.state === "skipped" ? "It is finished." : null;
  if (verb === "cancel") return over ? "It is finished." : null;
  if (verb === "reassign" || verb === "raise") return row.state === "succeeded" || row.state === "skipped" ? "It is finished." : null;
  return null;
}
