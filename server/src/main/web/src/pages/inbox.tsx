import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { enc, get, post, Problem, said } from "../live/api";
import { live } from "../live/live";
import type { Question } from "../live/types";
import { useNow } from "../live/use";
import { announce, CopyLink, Empty, Said, toast, Trouble, Waiting } from "../parts/common";
import { age, shortId, span } from "../parts/figures";
import { fieldsOf, FormFields, valuesOf } from "../parts/form";
import { PayloadView, Tables } from "../parts/json";
import { useKeys } from "../parts/keys";
import { Mark } from "../parts/state";
import { useRefusal } from "../rights";
import { Link } from "../router";

interface Card { question: Question; over: { how: string; at: number } | null }

const RISK: Record<string, number> = { high: 3, medium: 2, low: 1 };

/** One bar to three: colour is kept for states. */
const Risk = ({ risk }: { risk: string }) => (
  <span className={risk === "high" ? "state risk-high" : "state"}>
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {[1, 2, 3].map((bar) => <rect key={bar} x={bar * 4 - 3} y={12 - bar * 3.4} width="2.6" height={bar * 3.4 + 1} rx="0.6" fill="currentColor" opacity={bar <= (RISK[risk] ?? 1) ? 1 : 0.25} />)}
    </svg>
    {risk} risk
  </span>
);

/** Open questions keep their place; those decided here or elsewhere turn grey until the page is left. */
function useCards() {
  const [cards, setCards] = useState<Card[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const mine = useRef(new Map<string, string>());
  useEffect(() => {
    const take = (open: Question[]) => setCards((had) => {
      const by = new Map(open.map((question) => [question.question, question]));
      if (!had) return open.map((question) => ({ question, over: null }));
      const kept = had.map((card) => {
        const still = by.get(card.question.question);
        by.delete(card.question.question);
        if (still) return { question: still, over: null };
        if (card.over) return card;
        const own = mine.current.get(card.question.question);
        if (own === undefined) void decided(card.question.question);
        return { ...card, over: { how: own || "no longer open", at: Date.now() } };
      });
      return [...kept, ...[...by.values()].map((question) => ({ question, over: null }))];
    });
    const decided = async (id: string) => {
      try {
        const question = await get<Question>(`/questions/${enc(id)}`);
        const how = question.by ? `${word(question.answer)} by ${question.by}` : (question.state ?? "no longer open");
        setCards((had) => had?.map((card) => (card.question.question === id ? { ...card, over: { how, at: Date.now() } } : card)) ?? null);
      } catch { /* it is over in any case */ }
    };
    // What was told meanwhile is newer than the page that was asked for.
    let told = false;
    get<{ questions: Question[] }>("/questions").then((page) => { if (!told) take(page.questions); }, setError);
    return live.on("questions", (data: { questions: Question[] }) => { told = true; take(data.questions); });
  }, []);
  /** Whatever comes of it is not asked for again: this page says it itself. */
  const begin = (id: string) => void mine.current.set(id, "");
  const done = (id: string, how: string) => {
    mine.current.set(id, how);
    setCards((had) => had?.map((card) => (card.question.question === id ? { ...card, over: { how, at: Date.now() } } : card)) ?? null);
  };
  return { cards, error, begin, done };
}

const word = (answer: unknown) => (answer === "approve" ? "approved" : answer === "deny" ? "denied" : typeof answer === "string" ? answer : answer === undefined ? "decided" : JSON.stringify(answer)).slice(0, 80);

export default function Inbox() {
  const { cards, error, begin, done } = useCards();
  const now = useNow(true);
  const list = useRef<HTMLUListElement>(null);
  const addressed = decodeURIComponent(location.hash.slice(1));
  useEffect(() => { document.title = "Inbox · Tutti"; }, []);
  useEffect(() => {
    if (addressed && cards) list.current?.querySelector<HTMLElement>(`[data-question="${CSS.escape(addressed)}"]`)?.focus();
  }, [cards === null]); // eslint-disable-line
  const step = (by: number) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-question]:not([data-over])") ?? [])];
    const here = all.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
    all[Math.max(0, Math.min(all.length - 1, here + by))]?.focus();
  };
  const press = (name: string) => document.activeElement?.closest("[data-question]")?.querySelector<HTMLElement>(`[data-key="${name}"]`)?.click();
  useKeys({ j: () => step(1), k: () => step(-1), a: () => press("a"), d: () => press("d"), e: () => press("e"), "1": () => press("1"), "2": () => press("2"), "3": () => press("3") });
  const open = cards?.filter((card) => !card.over).length ?? 0;
  const moveOn = useRef(false);
  useEffect(() => {
    const here = document.activeElement;
    if (!moveOn.current || !list.current || (here !== document.body && !here?.closest("[data-over]"))) return;
    moveOn.current = false;
    const all = [...list.current.querySelectorAll<HTMLElement>("[data-question]")];
    const at = all.findIndex((one) => one.contains(here));
    (all.slice(at + 1).find((one) => one.dataset["over"] === undefined) ?? all.find((one) => one.dataset["over"] === undefined))?.focus();
  }, [cards]);
  return (
    <div className="page-inner inbox">
      <div className="page-head">
        <h1>Inbox</h1>
        <span className="dim">{open === 0 ? "" : `${open} waiting, sorted by risk, then deadline`}</span>
        <span className="grow" />
        {open > 0 && <span className="dim small wide"><kbd>j</kbd> <kbd>k</kbd> next, previous · <kbd>a</kbd> approve · <kbd>d</kbd> deny · <kbd>e</kbd> edit</span>}
      </div>
      {error !== null && <Trouble error={error} />}
      {!cards && error === null && <Waiting what="the questions" />}
      {cards && cards.length === 0 && (
        <div className="table-box"><Empty title="Nobody is asked anything">
          <p>Questions of runs come here: tasks for people, approvals, and what to do when a task has failed for good. To be asked before a task begins, give it <code>approve</code> in the team file.</p>
          <pre>{"agents:  boss: { uses: human, with: { ask: alice } }\ntasks:   pay: { skill: pay, approve: boss }"}</pre>
        </Empty></div>
      )}
      <ul ref={list} className="cards" onFocus={(event) => {
        const card = event.target.closest<HTMLElement>("[data-question]");
        if (card) history.replaceState(null, "", `/inbox#${card.dataset["question"]}`);
      }}>
        {cards?.map((card) => <QuestionCard key={card.question.question} card={card} now={now} onBegin={() => begin(card.question.question)} onDone={(how) => { moveOn.current = true; done(card.question.question, how); announce(how); }} />)}
      </ul>
    </div>
  );
}

function QuestionCard({ card: { question, over }, now, onBegin, onDone }: { card: Card; now: number; onBegin: () => void; onDone: (how: string) => void }) {
  const refusal = useRefusal("approve");
  const [error, setError] = useState<string | null>(null);
  const [comment, setComment] = useState("");
  const [editing, setEditing] = useState(false);
  const [edited, setEdited] = useState(() => JSON.stringify(question.subject ?? {}, null, 2));
  const [busy, setBusy] = useState(false);
  const fields = useMemo(() => (question.form && Object.keys(question.form).length > 0 ? fieldsOf(question.form) : null), [question.form]);
  const [values, setValues] = useState<Record<string, string>>({});
  const approval = question.purpose === "approval" || (question.choices.includes("approve") && question.choices.includes("deny"));
  const send = async (path: string, body: Record<string, unknown>, how: string) => {
    setBusy(true);
    setError(null);
    onBegin();
    try {
      const done = await post<{ counts: boolean; more: number }>(`/questions/${enc(question.question)}/${path}`, { hash: question.hash, comment, ...body });
      if (done.counts) onDone(how);
      else { toast("waiting", `Your answer is kept; ${done.more} more must agree.`); onDone(`${how}; ${done.more} more must agree`); }
    } catch (e) {
      if (e instanceof Problem && e.code === "decided") onDone(`decided by ${String(e.body["by"] ?? "somebody else")} (yours was not sent)`);
      else setError(said(e));
    } finally {
      setBusy(false);
    }
  };
  const answer = (value: unknown, how: string) => send("answer", { value }, how);
  const left = question.until ? Date.parse(question.until) - now : null;
  const id = `q-${question.question}`;
  /** What is risky takes a key that means it, or the pointer: `Enter` may be meant for something else. */
  const notByEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || question.risk !== "high") return;
    event.preventDefault();
    setError("Enter alone decides nothing of high risk: press a, e or d, or click.");
  };
  const off = busy || refusal !== null || over !== null;
  return (
    <li className={over ? "card question over" : "card question"} tabIndex={-1} data-question={question.question} data-row={question.question} {...(over ? { "data-over": "" } : {})} aria-labelledby={id}>
      <div className="row wrap question-top">
        {over ? <span className="state"><Mark look="skipped" />{over.how}</span> : <Risk risk={question.risk} />}
        <span className="dim">{PURPOSES[question.purpose] ?? question.purpose}</span>
        <span className="grow" />
        {left !== null && !over && <span className={left < 600_000 ? "num soon" : "num dim"} title={question.until ?? undefined}>{left > 0 ? `${span(left).replace(/\.\d s$/, " s")} left` : "overdue"} → then: {question.then ?? question.otherwise ?? "the run decides"}</span>}
        {!over && <CopyLink hash={question.question} what="the question" />}
      </div>
      <h2 id={id}><Said text={question.text} /></h2>
      <p className="small dim">
        <Link className="link" to={`/runs/${question.run}`}>{question.goal}{question.about && ` · ${question.about}`}</Link> <code>{shortId(question.run)}</code>
        {question.task && <> ▸ <Link className="link" to={`/runs/${question.run}?task=${enc(question.task)}`}>{question.task}</Link></>}
        {" · "}{[`${question.asked} is asked`, ...(question.asked_next ?? [])].join(", then ")}{question.asked_at && ` · ${age(now - Date.parse(question.asked_at))} ago`}
        {!over && <> · whoever may approve can decide{question.four_eyes && ", but not who began the run"}</>}
        {question.quorum > 1 && <> · <strong className="num">needs {question.quorum} people: {question.votes.length} of {question.quorum}</strong>{question.votes.length > 0 && ` (${question.votes.map((vote) => `${vote.by} ${word(vote.answer)}`).join(", ")})`}</>}
      </p>
      {!over && question.subject !== null && question.subject !== undefined && Object.keys(question.subject as object).length > 0 && !editing && (
        <div className="will">
          <h3>{approval ? "Exactly this will happen" : "What it is about"}</h3>
          {approval && question.task && <p><strong>{question.task}</strong> begins with this input:</p>}
          {question.changes && question.changes.length > 0
            ? <pre className="mono" aria-label="What changed">{question.changes.join("\n")}</pre>
            : <Subject value={question.subject} />}
        </div>
      )}
      {!over && (
        <div className="question-do">
          {error && <div className="note failed" role="alert"><Mark look="failed" /><span>{error}</span></div>}
          {editing && <label><span className="caption">Another input, as JSON</span><textarea className="field full mono" rows={7} value={edited} onChange={(e) => setEdited(e.target.value)} autoFocus /></label>}
          {fields && !approval && <FormFields fields={fields} values={values} onValues={setValues} errors={{}} id={id} />}
          <div className="row wrap">
            {approval ? (
              editing ? (
                <>
                  <button type="button" className="button strong" disabled={off} onKeyDown={notByEnter} onClick={() => { try { void send("approve", { edited: JSON.parse(edited) }, "approved, edited"); } catch (e) { setError(`This is not JSON: ${said(e)}`); } }}>Approve the edited input</button>
                  <button type="button" className="button" onClick={() => setEditing(false)}>Not edited</button>
                </>
              ) : (
                <>
                  <button type="button" data-key="a" className="button strong" disabled={off} onKeyDown={notByEnter} title={refusal ?? undefined} onClick={() => void send("approve", {}, "approved")}>Approve <kbd>a</kbd></button>
                  <button type="button" data-key="e" className="button" disabled={off || question.quorum > 1} title={question.quorum > 1 ? "What several people approve is approved as it is: whoever agreed before saw no edit" : undefined} onClick={() => setEditing(true)}>Edit… <kbd>e</kbd></button>
                  <button type="button" data-key="d" className="button danger" disabled={off} onKeyDown={notByEnter} title={refusal ?? undefined} onClick={() => void send("deny", {}, "denied")}>Deny <kbd>d</kbd></button>
                </>
              )
            ) : question.choices.length > 0 ? (
              question.choices.map((choice, i) => <button key={choice} type="button" data-key={i + 1} className={i === 0 ? "button strong" : "button"} disabled={off} onKeyDown={notByEnter} title={refusal ?? undefined} onClick={() => void answer(choice, `answered ${choice}`)}>{choice} <kbd>{i + 1}</kbd></button>)
            ) : fields ? (
              <button type="button" className="button strong" disabled={off} onClick={() => { try { void answer(valuesOf(fields, values), "answered"); } catch (e) { setError(said(e)); } }}>Send</button>
            ) : (
              <FreeAnswer off={off} onSend={(text) => void answer(text, "answered")} />
            )}
            <span className="grow" />
            <input className="field" aria-label="Comment" placeholder="Comment, kept in the journal" value={comment} onChange={(e) => setComment(e.target.value)} />
          </div>
          {refusal && <p className="hint">{refusal}</p>}
        </div>
      )}
    </li>
  );
}

const PURPOSES: Record<string, string> = {
  approval: "approval", plan: "a change of the plan", task: "a task for a person", remedy: "a task has failed for good", unknown: "nobody knows whether it was done", consult: "an agent asks", stall: "the run is stuck",
};

function FreeAnswer({ off, onSend }: { off: boolean; onSend: (text: string) => void }) {
  const [text, setText] = useState("");
  return (
    <form className="row grow" onSubmit={(event) => { event.preventDefault(); if (text.trim()) onSend(text); }}>
      <input className="field grow" aria-label="Answer" placeholder="Answer" value={text} onChange={(e) => setText(e.target.value)} />
      <button className="button strong" disabled={off || !text.trim()}>Send</button>
    </form>
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);
const isLeaf = (value: unknown) => value === null || typeof value !== "object";

/** What will happen: pairs, lists, and tables of what is alike; what lies deeper as a tree. */
function Subject({ value, deep = 0 }: { value: unknown; deep?: number }) {
  if (isLeaf(value)) return <>{value === null ? "nothing" : String(value)}</>;
  if (Array.isArray(value) && value.length === 0) return <span className="dim">none</span>;
  if (Array.isArray(value) && value.every(isLeaf) && value.length <= 20) return <>{value.map(String).join(", ")}</>;
  if (Array.isArray(value) && value.every(isPlain)) return <Tables tables={[["", value]]} />;
  if (isPlain(value) && deep < 2) return <dl className="pairs">{Object.entries(value).map(([name, v]) => <div key={name} className="pair"><dt>{name}</dt><dd><Subject value={v} deep={deep + 1} /></dd></div>)}</dl>;
  return <PayloadView payload={{ value }} name="what-will-happen" />;
}
