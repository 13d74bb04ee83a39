import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get, post, said } from "../live/api";
import { live } from "../live/live";
import type { Cost, RunPage, RunRow } from "../live/types";
import { useGet, useNow } from "../live/use";
import { Bar, Empty, Said, toast, Trouble, Waiting } from "../parts/common";
import { age, moment, paid, percent, plural, shortId, span, usd } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useKeys } from "../parts/keys";
import { lookOfRun, Mark, State } from "../parts/state";
import { useRefusal } from "../rights";
import { go, Link, useQuery } from "../router";
import { Begun, momentOf, type Narrow, queryOf } from "./begun";
import { BulkDialog, type BulkVerb, type Many } from "../run/bulk";

const PAGE = 50;
const BULK: [BulkVerb, string][] = [["retry", "Go on from before they failed"], ["pause", "Pause"], ["resume", "Resume"], ["raise", "Raise the budget"], ["cancel", "Cancel"]];
const STATES = ["running", "waiting", "paused", "failed", "succeeded", "cancelled"];

/** `state:failed,running workflow:answer words` as the server takes it. */
export function asked(text: string) {
  const out: Narrow = { status: [], workflow: "", words: "", since: "", until: "" };
  const words: string[] = [];
  for (const part of text.split(/\s+/).filter(Boolean)) {
    const named = /^(state|status|workflow|since|until):(.+)$/.exec(part);
    if (!named) words.push(part);
    else if (named[1] === "since" || named[1] === "until") out[named[1]] = named[2]!;
    else if (named[1] === "workflow") out.workflow = named[2]!;
    else out.status = named[2]!.split(",").filter(Boolean);
  }
  out.words = words.join(" ");
  return out;
}

function withStatus(text: string, status: string[]) {
  const rest = text.split(/\s+/).filter((part) => part && !/^(state|status):/.test(part));
  return [...(status.length ? [`state:${status.join(",")}`] : []), ...rest].join(" ");
}

function withSpan(text: string, since: string, until: string) {
  const rest = text.split(/\s+/).filter((part) => part && !/^(since|until):/.test(part));
  return [...rest, ...(since ? [`since:${since}`] : []), ...(until ? [`until:${until}`] : [])].join(" ");
}

function fits(row: RunRow, wanted: Narrow) {
  const began = Date.parse(row.started_at);
  return began >= (momentOf(wanted.since, Date.now()) ?? 0) && began < (momentOf(wanted.until, Date.now()) ?? Infinity) &&
    (wanted.status.length === 0 || wanted.status.includes(row.status)) &&
    (!wanted.workflow || row.goal === wanted.workflow) &&
    (!wanted.words || row.run.startsWith(wanted.words.toUpperCase()) || hasAll(`${row.goal} ${row.about ?? ""}`.toLowerCase(), wanted.words.toLowerCase()));
}

const hasAll = (line: string, words: string) => words.split(" ").every((word) => line.includes(word));

/** The rows of the page, kept current without being moved. */
function useRows(text: string, before: string | null, busyHere: () => boolean) {
  const [rows, setRows] = useState<RunRow[] | null>(null);
  const [fresh, setFresh] = useState<RunRow[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const wanted = useMemo(() => asked(text), [text]);
  const shown = useRef<string | null>(null);
  const take = useCallback((runs: RunRow[]) => {
    setRows((had) => {
      if (!had) return had;
      const by = new Map(runs.map((run) => [run.run, run]));
      const kept = had.map((row) => {
        const other = by.get(row.run);
        by.delete(row.run);
        return other ?? row;
      });
      const added = before ? [] : [...by.values()].filter((row) => fits(row, wanted) && row.run > (had[0]?.run ?? "")).sort((a, b) => (a.run < b.run ? 1 : -1));
      if (added.length === 0) return kept;
      if (busyHere()) {
        setFresh((all) => [...added, ...all.filter((one) => !added.some((other) => other.run === one.run))]);
        return kept;
      }
      return [...added, ...kept].slice(0, PAGE * 2);
    });
  }, [wanted, before, busyHere]);
  useEffect(() => {
    const stop = new AbortController();
    const query = [`limit=${PAGE}`, before ? `before=${before}` : "", queryOf(wanted)].filter(Boolean).join("&");
    // What changes while the page is on its way may be newer than the page.
    const meanwhile: RunRow[] = [];
    const deaf = live.on("runs", ({ runs }: { runs: RunRow[] }) => meanwhile.push(...runs));
    get<RunPage>(`/runs?${query}`, stop.signal).then(
      (page) => {
        setError(null);
        if (shown.current === query && busyHere()) return take([...page.runs, ...meanwhile]);
        shown.current = query;
        setRows(page.runs);
        setNext(page.next);
        setFresh([]);
        take(meanwhile);
      },
      (e: unknown) => { if (!stop.signal.aborted) setError(e); },
    ).finally(deaf);
    return () => { stop.abort(); deaf(); };
  }, [wanted, before, turn, take, busyHere]);
  useEffect(() => {
    const stops = [
      live.on("runs", ({ runs }: { runs: RunRow[] }) => take(runs)),
      live.on("refetch", (what) => what.what === "runs" && again()),
      // Nobody told of what changed before the connection stood.
      live.on("hello", again),
    ];
    return () => stops.forEach((stop) => stop());
  }, [take, again]);
  const show = () => {
    setRows((had) => [...fresh.filter((row) => !had?.some((other) => other.run === row.run)), ...(had ?? [])].slice(0, PAGE * 2));
    setFresh([]);
  };
  return { rows, fresh: fresh.length, show, next, error, again };
}

export function RunsPage() {
  const [query, setQuery] = useQuery();
  const text = query.get("q") ?? "";
  const before = query.get("before");
  const [typed, setTyped] = useState(text);
  const picked = query.get("pick") ?? "";
  const chosen = useMemo<ReadonlySet<string>>(() => new Set(picked.split(",").filter(Boolean)), [picked]);
  const setChosen = (runs: ReadonlySet<string>) => setQuery({ pick: [...runs].join(",") }, true);
  const [bulk, setBulk] = useState<{ verb: BulkVerb; many: Many } | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const busyHere = useCallback(() => {
    const element = table.current;
    return !!element && (element.matches(":hover") || element.contains(document.activeElement));
  }, []);
  const { rows, fresh, show, next, error, again } = useRows(text, before, busyHere);
  const now = useNow(true);
  const refusal = useRefusal("operate");
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => setQuery({ q: typed, before: null }, true), 250);
    return () => clearTimeout(timer);
  }, [typed, text, setQuery]);
  useEffect(() => { document.title = "Runs · Tutti"; }, []);
  const wanted = asked(text);
  const step = (by: number) => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>("[data-run-link]") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  const toggle = (run: string) => {
    const other = new Set(chosen);
    if (!other.delete(run)) other.add(run);
    setChosen(other);
  };
  useKeys({
    j: () => step(1), k: () => step(-1),
    x: () => { const run = (document.activeElement as HTMLElement | null)?.dataset["runLink"]; if (run) toggle(run); },
    n: () => go("/new"),
  });
  const selected = (rows ?? []).filter((row) => chosen.has(row.run));
  const many: Many = {
    runs: selected.length > 0 ? selected.map((row) => row.run) : null, text, known: rows ?? [],
    where: { ...(wanted.status.length ? { status: wanted.status.join(",") } : {}), ...(wanted.workflow ? { workflow: wanted.workflow } : {}), ...(wanted.words ? { text: wanted.words } : {}), ...(wanted.since ? { since: wanted.since } : {}), ...(wanted.until ? { until: wanted.until } : {}) },
  };
  return (
    <div className="page-inner">
      <div className="page-head">
        <h1>Runs</h1>
        <span className="grow" />
        <Link to="/new" className="button strong"><Icon name="plus" />New run</Link>
      </div>
      <div className="filters">
        <div className="search">
          <Icon name="search" />
          <input data-search className="field" type="search" aria-label="Search the runs" placeholder="Search: words, an id, state:failed, since:24h" value={typed} onChange={(e) => setTyped(e.target.value)} />
        </div>
        <div className="row wrap" role="group" aria-label="State">
          {STATES.map((state) => {
            const on = wanted.status.includes(state);
            return (
              <button key={state} type="button" className="chip" aria-pressed={on} onClick={() => setQuery({ q: withStatus(typed, on ? wanted.status.filter((s) => s !== state) : [...wanted.status, state]), before: null })}>
                <Mark look={lookOfRun(state)} still />{state}
              </button>
            );
          })}
        </div>
        <span className="grow" />
        <Saved text={text} onTake={(q) => setQuery({ q, before: null })} />
      </div>
      <div className="above-list">
        <Begun wanted={wanted} newest={`${rows?.[0]?.run} ${rows?.[0]?.status} ${fresh}`} onSpan={(since, until) => setQuery({ q: withSpan(text, since, until) || null, before: null })} />
        {fresh > 0 && <button type="button" className="chip" onClick={show}>{plural(fresh, "new run")} · show</button>}
      </div>
      {error !== null && <Trouble error={error} again={again} />}
      {!rows && error === null && <Waiting what="the runs" />}
      {rows && rows.length === 0 && (text && next ? (
        <div className="table-box"><Empty title="Nothing among the newest">
          <p>Nothing matches <code>{text}</code> among the {before ? "next" : "newest"} runs that were looked through; there are older ones.</p>
          <button type="button" className="button strong" onClick={() => setQuery({ before: next })}>Look further back</button>
        </Empty></div>
      ) : text ? (
        <div className="table-box"><Empty title="No run is like that"><p>Nothing matches <code>{text}</code>.</p><button type="button" className="button" onClick={() => setQuery({ q: null, before: null })}>Show all runs</button></Empty></div>
      ) : (
        <div className="table-box">
          <Empty title="No run yet">
            <p>Runs show up here as they begin, wherever they are begun: on this page or in a shell on the same store.</p>
            <Link to="/new" className="button strong">Begin one</Link>
            <p>or, with no key and no network:</p>
            <pre>./tutti run examples/research/team.yaml --input question=&quot;Who owns a store?&quot;</pre>
          </Empty>
        </div>
      ))}
      {rows && rows.length > 0 && (
        <div className="table-box">
          <div className="scroll-x">
            <table ref={table} className="runs">
              <thead>
                <tr>
                  <th className="wide pick"><span className="unseen">Select</span></th>
                  <th>State</th><th>Goal</th><th>Tasks</th><th className="right wide">Cost</th><th className="right wide">Begun</th><th className="right wide">Took</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => <Row key={row.run} row={row} now={now} chosen={chosen.has(row.run)} onToggle={toggle} />)}
              </tbody>
            </table>
          </div>
          <div className="foot">
            {selected.length === 0 && !text ? (
              <span className="dim wide">Select runs, or search for some, for what is done to many</span>
            ) : (
              <div className={selected.length > 0 ? "row wrap" : "row wrap wide"} role="group" aria-label={selected.length > 0 ? "What is done to the selected runs" : "What is done to all runs that match"}>
                <span>{selected.length > 0 ? `${selected.length} selected` : "All that match"}</span>
                {BULK.map(([verb, words]) => <button key={verb} type="button" className={verb === "cancel" ? "button danger" : "button"} disabled={!!refusal} title={refusal ?? undefined} onClick={() => setBulk({ verb, many })}>{words}…</button>)}
                {selected.length > 0 && <button type="button" className="button" disabled={selected.length !== 2} title={selected.length === 2 ? undefined : "Select exactly two"} onClick={() => go(`/diff?run=${selected[1]!.run}&other=${selected[0]!.run}`)}>Diff</button>}
                {selected.length > 0 && <button type="button" className="button plain" onClick={() => setChosen(new Set())}>Select none</button>}
              </div>
            )}
            <span className="grow" />
            {before && <button type="button" className="button" onClick={() => setQuery({ before: null })}>Newest</button>}
            <span className="num">{rows.length}{next ? " shown" : before ? " shown, the last" : rows.length === 1 ? " run" : " runs"}</span>
            {next && <button type="button" className="button" onClick={() => setQuery({ before: next })}>Older<Icon name="right" /></button>}
          </div>
        </div>
      )}
      {bulk && <BulkDialog verb={bulk.verb} many={bulk.many} onClose={() => setBulk(null)} />}
    </div>
  );
}

/** What was spent, of what it may spend where that is limited. */
export const spent = ({ cost, budget }: { cost: Cost; budget: { usd: number } | null }) => (budget ? `${paid(cost)} / ${usd(budget.usd)}` : paid(cost));

const ENDED = new Set(["succeeded", "failed", "cancelled"]);

function Row({ row, now, chosen, onToggle }: { row: RunRow; now: number; chosen: boolean; onToggle: (run: string) => void }) {
  const { total, done, failed } = row.tasks;
  const ended = ENDED.has(row.status);
  const began = Date.parse(row.started_at);
  const took = (ended ? Date.parse(row.last_at) : now) - began;
  return (
    <tr className="act" data-row={row.run} aria-selected={chosen} onClick={(event) => {
      if (!(event.target as HTMLElement).closest("a,button,input")) go(`/runs/${row.run}`);
    }}>
      <td className="wide pick"><input type="checkbox" aria-label={`Select run ${shortId(row.run)}`} checked={chosen} onChange={() => onToggle(row.run)} /></td>
      <td className="state-cell"><State look={lookOfRun(row.status)} word={row.status} /></td>
      <td className="goal-cell"><div className="goal-line">
        <Link to={`/runs/${row.run}`} data-run-link={row.run} className="goal clip" title={row.about ?? undefined}>{row.goal || "a run"}{row.about && <span className="about"> · {row.about}</span>}</Link>
        <code className="dim">{shortId(row.run)}</code>
        {row.reason && <span className={row.questions > 0 ? "reason asks clip" : "reason clip"} title={row.reason}><Said text={row.reason} /></span>}
      </div></td>
      <td className="tasks-cell">
        <span className="row">
          <Bar total={total} parts={[["succeeded", Math.max(0, done - failed)], ["failed", failed]]} />
          <span className="num dim small">{failed > 0 ? `${failed} failed` : ended && done >= total ? plural(total, "task") : total > 0 ? percent(done / total) : "–"}</span>
        </span>
      </td>
      <td className="right num wide">{spent(row)}</td>
      <td className="right num wide dim" title={moment(row.started_at)}>{age(now - began)} ago</td>
      <td className="right num wide">{span(Math.max(0, took))}</td>
    </tr>
  );
}

interface Filter { name: string; q: string }

/** Filters with a name, kept on the server for whoever looks. */
function Saved({ text, onTake }: { text: string; onTake: (q: string) => void }) {
  const { data, again } = useGet<{ filters: Filter[] }>("/filters");
  const saved = data?.filters ?? [];
  const setSaved = (filters: Filter[]) => void post("/filters", { filters }).then(again, (e: unknown) => toast("failed", said(e)));
  const [name, setName] = useState("");
  const box = useRef<HTMLDetailsElement>(null);
  return (
    <details className="menu" ref={box}>
      <summary className="button">Saved filters<Icon name="down" /></summary>
      <div className="menu-box">
        {saved.length === 0 && <p className="dim small">None yet. Search for something, then keep it here under a name.</p>}
        <ul>
          {saved.map((filter) => (
            <li key={filter.name} className="row">
              <button type="button" className="button plain grow menu-item" onClick={() => { onTake(filter.q); box.current?.removeAttribute("open"); }}><span className="clip">{filter.name}</span><code className="dim clip">{filter.q}</code></button>
              <button type="button" className="button plain icon" aria-label={`Forget ${filter.name}`} onClick={() => setSaved(saved.filter((one) => one !== filter))}><Icon name="close" /></button>
            </li>
          ))}
        </ul>
        <form className="row" onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) setSaved([...saved.filter((one) => one.name !== name.trim()), { name: name.trim(), q: text }]);
          setName("");
        }}>
          <input className="field grow" aria-label="Name of the filter" placeholder={text ? "Name for this filter" : "Search for something first"} value={name} onChange={(e) => setName(e.target.value)} disabled={!text} />
          <button className="button" disabled={!text || !name.trim()}>Save</button>
        </form>
      </div>
    </details>
  );
}

