import { useEffect, useRef, useState, type ReactNode } from "react";
import { enc } from "../live/api";
import { useProgress } from "../live/progress";
import type { Attempt, Item, ItemPage, TaskDetail, TaskRow, View } from "../live/types";
import { useGet, useKept, useNow, useThrottled } from "../live/use";
import { Bar, CopyLink, Said, Trouble, Waiting } from "../parts/common";
import { inTime, moment, paid, plural, short, shortId, span, UNKNOWN, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { PayloadView } from "../parts/json";
import { lookOfTask, Mark, State, wordOf, type Look } from "../parts/state";
import { Link } from "../router";
import { Changed, changesOf } from "./change";
import { ChildRun } from "./child";
import { ChoiceView } from "./choice";
import { Artifacts, DissentView, Given } from "./given";
import { MadeOf } from "./lineage";
import { barOf } from "./graph";
import { blockedForTask, VerbButton, type Verb, type Wish } from "./verbs";

interface Props {
  view: View;
  task: string;
  /** The token of the attempt to open; the last. */
  attempt: number | null;
  past: number | null;
  onClose: () => void;
  onSelect: (task: string) => void;
  onWish: (wish: Wish) => void;
}

export function Drawer({ view, task, attempt, past, onClose, onSelect, onWish }: Props) {
  const [width, setWidth] = useKept("drawer", 460);
  const name = task.replace(/\[\d+\]$/, "");
  const row = view.tasks.find((one) => one.task === name) ?? null;
  const version = useThrottled(row?.changed ?? 0, 300);
  const at = past === null ? "" : `?at=${past}`;
  const { data, error, again } = useGet<TaskDetail>(`/runs/${enc(view.run)}/tasks/${enc(task)}${at}`, `${version}/${view.status}`);
  const detail = data && data.task === task ? data : null;
  const progress = useProgress(view.run);
  const box = useRef<HTMLElement>(null);
  const divider = useRef<{ x: number; width: number } | null>(null);
  useEffect(() => { box.current?.querySelector<HTMLElement>(".drawer-main")?.scrollTo(0, 0); }, [task]);
  const resize = (next: number) => setWidth(Math.max(320, Math.min(window.innerWidth * 0.6, next)));
  return (
    <aside ref={box} className="drawer" style={{ width }} aria-label={`Task ${task}`}>
      <div
        className="divider" role="separator" aria-orientation="vertical" aria-label="Width of the drawer" tabIndex={0} aria-valuenow={Math.round(width)} aria-valuemin={320} aria-valuemax={Math.round(window.innerWidth * 0.6)}
        onPointerDown={(event) => { divider.current = { x: event.clientX, width }; event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={(event) => { if (divider.current) resize(divider.current.width + divider.current.x - event.clientX); }}
        onPointerUp={() => { divider.current = null; }}
        onKeyDown={(event) => { if (event.key === "ArrowLeft") resize(width + 24); if (event.key === "ArrowRight") resize(width - 24); }}
      />
      <header className="drawer-head">
        <div className="row">
          <h2 className="clip" tabIndex={-1}>{task}</h2>
          <span className="grow" />
          <State look={lookOfTask(detail?.state ?? row?.state ?? "waiting")} word={wordOf(detail?.state ?? row?.state ?? "waiting")} />
          <CopyLink what="this task" />
          <button type="button" className="button plain icon" aria-label="Close the drawer" title="Close (Esc)" onClick={onClose}><Icon name="close" /></button>
        </div>
        {task !== name && <button type="button" className="button plain back" onClick={() => onSelect(name)}><Icon name="left" />all of {name}</button>}
        {row && <Verbs row={row} task={task} past={past !== null} ended={view.ended} detail={detail} onWish={onWish} />}
      </header>
      <div className="drawer-main">
        {error !== null && !detail && <Trouble error={error} again={again} />}
        {!detail && error === null && <Waiting what={task} />}
        {detail && row && <Body key={task} detail={detail} row={row} task={task} attempt={attempt} at={at} view={view} progress={progress} onSelect={onSelect} />}
      </div>
    </aside>
  );
}

function Verbs({ row, task, past, ended, detail, onWish }: { row: TaskRow; task: string; past: boolean; ended: boolean; detail: TaskDetail | null; onWish: (wish: Wish) => void }) {
  const agents = [...new Set(detail?.attempts.flatMap((one) => one.candidates.map((c) => c.agent)) ?? [])];
  const value = (payload: TaskDetail["input"]) => (payload && !payload.cut ? payload.value : undefined);
  const wish = (verb: Verb): Wish => ({
    verb, task,
    ...(verb === "reassign" ? { agents: agents.length > 1 ? agents : [] } : {}),
    ...(verb === "edit" ? { input: value(detail?.input ?? null), output: value(detail?.output ?? null) } : {}),
  });
  const standing = { ...row, state: detail?.state ?? row.state };
  const button = (verb: Verb, text: string) => <VerbButton verb={verb} wish={wish(verb)} onWish={onWish} blocked={blockedForTask(verb, standing, past, ended)}>{text}</VerbButton>;
  return (
    <div className="row wrap verbs" role="group" aria-label={`What can be done to ${task}`}>
      {ended && standing.state === "failed" && <VerbButton verb="fork" wish={{ verb: "fork" }} onWish={onWish} blocked={past ? "Fork from here is beside the slider." : null}>Fork from before it failed…</VerbButton>}
      {button("retry", "Retry…")}{button("edit", "Edit…")}{button("skip", "Skip…")}{button("reassign", "Reassign…")}{button("raise", "Raise…")}
      {task === row.task && <VerbButton verb="cancel" wish={wish("cancel")} onWish={onWish} blocked={blockedForTask("cancel", standing, past, ended)} danger>Cancel…</VerbButton>}
      {row.kind === "message" && <VerbButton verb="send" wish={{ verb: "send", task, type: row.does }} onWish={onWish} blocked={blockedForTask("cancel", standing, past, ended)}>Send it…</VerbButton>}
    </div>
  );
}

function Body({ detail, row, task, attempt, at, view, progress, onSelect }: { detail: TaskDetail; row: TaskRow; task: string; attempt: number | null; at: string; view: View; progress: Record<string, string> | null; onSelect: (task: string) => void }) {
  const fan = row.each !== null && task === row.task;
  const open = detail.begun_at !== null && detail.ended_at === null;
  const now = useNow(open && !view.ended);
  const took = detail.begun_at ? (detail.ended_at ? Date.parse(detail.ended_at) : now) - Date.parse(detail.begun_at) : null;
  const declared = detail.declared;
  const far = open && at === "" && !view.ended ? (progress ? progress[task] : detail.progress) : null;
  const tokens = (detail.cost.input_tokens ?? 0) + (detail.cost.output_tokens ?? 0);
  const base = `/runs/${enc(view.run)}/tasks/${enc(task)}`;
  return (
    <>
      {detail.failure && detail.state === "failed" && <div className="note failed"><Mark look="failed" /><span className="grow">{detail.failure.message}</span><code className="dim">{detail.failure.code}</code></div>}
      {row.stand_in && <div className="note" data-pin><Icon name="pin" /><span className="grow">Nobody was asked: {row.stand_in.run ? <>what it gave in <Link className="link" to={`/runs/${row.stand_in.run}?task=${enc(row.task)}`}>run {shortId(row.stand_in.run)}</Link></> : "an output that was given"} stands in, as {row.stand_in.by} had it.</span></div>}
      {detail.reason && <div className="note"><Mark look="skipped" /><span>{detail.reason}</span></div>}
      {detail.why && detail.why.what && (
        <div className={detail.state === "held" ? "note waiting" : "note"}>
          <Mark look={lookOfTask(detail.state)} />
          <span className="grow">waits for <Said text={inTime(detail.why.what, detail.why.moments, now)} />{detail.why.way && <><br /><code className="dim">{detail.why.way}</code></>}</span>
          {row.question && <Link className="button" to={`/inbox#${row.question}`}>Answer</Link>}
        </div>
      )}
      {far && <Progress words={far} />}
      <div className="facts num">
        {took !== null && <Fact name="took" value={span(took)} />}
        <Fact name="cost" value={paid(detail.cost)} {...(detail.cost.unknown ? { title: UNKNOWN } : {})} />
        {tokens > 0 && <Fact name="tokens" value={`${short(detail.cost.input_tokens ?? 0)} → ${short(detail.cost.output_tokens ?? 0)}`} />}
        <Fact name={String(declared["kind"] ?? row.kind)} value={String(declared["does"] ?? row.does)} />
        {detail.begun_at && <Fact name="begun" value={moment(detail.begun_at)} />}
      </div>
      <p className="small dim lineage">
        {detail.made_from.length > 0 && <>made from {names(detail.made_from, onSelect)} </>}
        {detail.used_by.length > 0 && <>· used by {names(detail.used_by, onSelect)}</>}
      </p>
      {detail.children.length > 0 ? detail.children.map((child) => <ChildRun key={child} run={child} />) : row.child && task === row.task && <ChildRun run={row.child} />}
      {fan && <Items view={view} row={row} at={at} progress={progress} onSelect={onSelect} />}
      {detail.attempts.length > 0 && <Section title={plural(detail.attempts.length, "attempt")} open><Attempts key={attempt} attempts={detail.attempts} wanted={attempt} now={now} ended={view.ended} /></Section>}
      {detail.input && <Section title="Input" open={!fan}><PayloadView payload={detail.input} whole={`${base}/input${at}`} name={`${task}-input`} /></Section>}
      {detail.output && <Section title="Output" open><PayloadView payload={detail.output} whole={`${base}/output${at}`} name={`${task}-output`} /></Section>}
      {(detail.input || detail.output) && <Section key={`made of ${task}`} title="Made of"><MadeOf base={base} at={at} run={view.run} version={detail.sequence} onSelect={onSelect} /></Section>}
      {detail.dissent && <Section title={plural(detail.dissent.answers.length, "different answer")} open><DissentView dissent={detail.dissent} /></Section>}
      {detail.effects.length > 0 && (
        <Section title={plural(detail.effects.length, "effect")}>
          <ul className="lines">{detail.effects.map((effect) => <li key={effect.key} className="row"><Mark look={effect.withdrawn ? "cancelled" : effect.outcome ? "succeeded" : "waiting"} /><span>{effect.name}</span><code className="dim clip">{effect.key}</code></li>)}</ul>
        </Section>
      )}
      {detail.artifacts.length > 0 && (
        <Section title={plural(detail.artifacts.length, "artifact")} open>
          <Artifacts run={view.run} artifacts={detail.artifacts} />
        </Section>
      )}
      {detail.marks.length > 0 && (
        <Section title="Changed by people" open>
          <ul className="lines">{detail.marks.map((mark) => <li key={mark.sequence}><Icon name="flag" /> <strong>{mark.verb}</strong> by {mark.by} at {moment(mark.at)}{mark.reason && `: ${mark.reason}`} <Link className="link dim" to={`/runs/${view.run}?tab=journal&event=${mark.sequence}`}>event {whole(mark.sequence)}</Link>{!mark.before.cut && !mark.after.cut && <Changed changes={changesOf(mark.verb, mark.tasks, mark.before.value, mark.after.value)} />}</li>)}</ul>
        </Section>
      )}
      <Section title="As declared"><PayloadView payload={{ value: declared }} name={`${task}-declared`} /></Section>
      <p className="small"><Link className="link" to={`/runs/${view.run}?tab=journal&of=${enc(task)}`}>Its events in the journal</Link></p>
    </>
  );
}

const names = (tasks: string[], onSelect: (task: string) => void) =>
  tasks.slice(0, 8).map((task, i) => <span key={task}>{i > 0 && ", "}<button type="button" className="name-link" onClick={() => onSelect(task)}>{task}</button></span>);

/** What its attempt says of how far it is, with a bar where it says a share. */
function Progress({ words }: { words: string }) {
  const share = /^(\d+) %/.exec(words)?.[1];
  return (
    <div className="note" data-progress>
      <Mark look="running" />
      <span className="grow">{words}</span>
      {share && <Bar parts={[["running", Number(share)]]} total={100} width={96} />}
    </div>
  );
}

const Fact = ({ name, value, title }: { name: string; value: string; title?: string }) => <span title={title}><span className="dim">{name}</span> {value}</span>;

function Section({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  const [shown, setShown] = useState(open ?? false);
  return (
    <details className="section" open={open} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary><Icon name="right" />{title}</summary>
      {shown && <div className="section-main">{children}</div>}
    </details>
  );
}

function Attempts({ attempts, wanted, now, ended }: { attempts: Attempt[]; wanted: number | null; now: number; ended: boolean }) {
  const open = attempts.some((one) => one.token === wanted) ? wanted : attempts.at(-1)?.token;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => { if (wanted !== null) list.current?.querySelector("[data-wanted]")?.scrollIntoView({ block: "nearest" }); }, [wanted]);
  return (
    <ol className="attempts" ref={list}>
      {attempts.map((one) => {
        const look: Look = one.state === "proposed" ? "waiting" : lookOfTask(one.state === "running" && ended ? "cancelled" : one.state);
        const took = one.begun_at ? (one.ended_at ? Date.parse(one.ended_at) : now) - Date.parse(one.begun_at) : null;
        return (
          <li key={one.token} data-wanted={one.token === wanted || undefined}>
            <details open={one.token === open}>
              <summary className="row">
                <Icon name="right" />
                <Mark look={look} />
                <span className="num">{one.attempt}</span>
                <strong>{one.agent}</strong>
                <span className="dim clip grow">{one.failure ? one.failure.message : wordOf(one.state)}</span>
                <span className="num dim">{one.cost.unknown ? <span title={UNKNOWN}>{one.cost.usd > 0 ? paid(one.cost) : "use not known"} · </span> : one.cost.usd > 0 ? usd(one.cost.usd) + " · " : ""}{took === null ? "" : span(took)}</span>
              </summary>
              <ChoiceView attempt={one} />
              <Given context={one.context} notes={one.notes} />
              {one.steps.length > 0 && (
                <div className="sub">
                  <h3>Steps</h3>
                  <table className="tight"><tbody>
                    {one.steps.map((step) => (
                      <tr key={step.index}><td className="dim">{step.kind}</td><td className="step-name"><span className="clip" title={step.summary}>{step.name || step.key} <span className="dim">{step.summary}</span></span></td><td className="right num">{step.cost ? `${short(step.cost.input_tokens ?? 0)}→${short(step.cost.output_tokens ?? 0)}` : ""}</td><td className="right num">{step.cost && step.cost.usd > 0 ? usd(step.cost.usd) : ""}</td><td className="right num dim">{step.took_ms === null ? "" : span(step.took_ms)}</td></tr>
                    ))}
                  </tbody></table>
                </div>
              )}
              {one.feedback && <div className="sub"><h3>Told to the next attempt</h3><p className="feedback">{one.feedback}</p></div>}
            </details>
          </li>
        );
      })}
    </ol>
  );
}

const ITEM_STATES = ["failed", "held", "backing_off", "running", "ready", "cancelled", "skipped", "succeeded"];

/** The items of a fan-out, worst first, some at a time. */
function Items({ view, row, at, progress, onSelect }: { view: View; row: TaskRow; at: string; progress: Record<string, string> | null; onSelect: (task: string) => void }) {
  const [state, setState] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [limit, setLimit] = useState(50);
  const version = useThrottled(row.changed, 500);
  const query = `limit=${limit}${state ? `&state=${state}` : ""}${text ? `&q=${enc(text)}` : ""}${at.replace("?", "&")}`;
  const { data, error } = useGet<ItemPage>(row.items?.total == null ? null : `/runs/${enc(view.run)}/tasks/${enc(row.task)}/items?${query}`, version);
  if (row.items?.total == null) return <p className="dim">One for each of <code>{row.each}</code>; how many is known once that is there.</p>;
  const total = row.items.total;
  return (
    <section className="items" aria-label="Items">
      <div className="row"><Bar parts={barOf(row)} total={total} width={160} /><span className="num">{whole(total)} items</span></div>
      <div className="row wrap">
        {ITEM_STATES.filter((one) => (row.items?.counts[one] ?? 0) > 0).map((one) => (
          <button key={one} type="button" className="chip" aria-pressed={state === one} onClick={() => { setState(state === one ? null : one); setLimit(50); }}><Mark look={lookOfTask(one)} still /><span className="num">{whole(row.items?.counts[one] ?? 0)}</span> {wordOf(one)}</button>
        ))}
      </div>
      <input className="field full" type="search" placeholder="Find items" aria-label="Find items" value={text} onChange={(e) => { setText(e.target.value); setLimit(50); }} />
      {error !== null && <Trouble error={error} />}
      {data && data.items.length === 0 && <p className="dim">No item is like that.</p>}
      <ul className="item-list">
        {data?.items.map((item) => <ItemLine key={item.task} item={item} far={item.state === "running" ? progress?.[item.task] : undefined} onSelect={onSelect} />)}
      </ul>
      {data && data.matching > data.items.length && <button type="button" className="button" onClick={() => setLimit(Math.min(200, limit + 50))} disabled={limit >= 200}>{limit >= 200 ? "Narrow it down to see others" : `Show 50 more of ${whole(data.matching)}`}</button>}
    </section>
  );
}

function ItemLine({ item, far, onSelect }: { item: Item; far: string | undefined; onSelect: (task: string) => void }) {
  return (
    <li>
      <button type="button" className="item" onClick={() => onSelect(item.task)}>
        <Mark look={lookOfTask(item.state)} still />
        <span className="num dim">{item.item}</span>
        <span className="clip grow">{item.failure && item.state === "failed" ? item.failure.message : (item.label ?? item.task)}</span>
        <span className="num dim small clip item-far">{item.attempts > 1 ? `${item.attempts} attempts` : item.begun_at && item.ended_at ? span(Date.parse(item.ended_at) - Date.parse(item.begun_at)) : (far ?? wordOf(item.state))}</span>
      </button>
    </li>
  );
}
