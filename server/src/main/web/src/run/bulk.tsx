/** One verb for many runs: a dry run finds the set and says what would come of it; then it is done to that set, and each run says what it did. */
import { useEffect, useRef, useState } from "react";
import { post, said } from "../live/api";
import type { RunRow } from "../live/types";
import { Dialog } from "../parts/common";
import { plural, shortId, usd, whole } from "../parts/figures";
import { Mark } from "../parts/state";

export type BulkVerb = "retry" | "pause" | "resume" | "raise" | "cancel";

/** Runs that were ticked, or all that a search finds. `known` are rows at hand, for their names. */
export interface Many { runs: string[] | null; where: Record<string, string>; text: string; known: RunRow[] }

interface Bulk { matched: number; next: string | null; done: string[]; refused: { run: string; detail: string }[]; effects_again: string[]; limits?: { run: string; before: string; after: string }[] }

const WORDS: Record<BulkVerb, { title: string; does: string; verb: string }> = {
  retry: { title: "Go on", does: "Each run that failed is forked from before it failed: results that were accepted are kept, the rest is done again in a new run.", verb: "fork" },
  pause: { title: "Pause", does: "Nothing more is dispatched; attempts under way go on.", verb: "pause" },
  resume: { title: "Resume", does: "Paused runs go on.", verb: "resume" },
  raise: { title: "Raise", does: "The budget of each run is raised by so much; runs that have none may take what they need.", verb: "raise" },
  cancel: { title: "Cancel", does: "Each run ends once what must be taken back is.", verb: "cancel" },
};

/** So many runs are asked for at once, so that it can be stopped between. */
const SLICE = 10;
/** So many are listed one by one; the others are counted. */
const MOST_LISTED = 200;

type Result = { look: "succeeded" | "skipped" | "failed"; text: string };
interface Set { runs: string[]; refused: Map<string, string>; effects: string[]; limits: Map<string, string>; all: boolean }

export function BulkDialog({ verb, many, onClose }: { verb: BulkVerb; many: Many; onClose: () => void }) {
  const [set, setSet] = useState<Set>({ runs: many.runs ?? [], refused: new Map(), effects: [], limits: new Map(), all: false });
  const [reason, setReason] = useState("");
  const [more, setMore] = useState("0.20");
  const [at, setAt] = useState(-1);
  const [wrong, setWrong] = useState<string | null>(null);
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(new Map());
  const stopped = useRef(false);
  const looked = useRef(false);
  const begun = at >= 0;
  const over = at >= set.runs.length || (begun && stopped.current);
  const ask = (where: unknown, dryRun: boolean) => post<Bulk>(`/bulk/${WORDS[verb].verb}`, { where, reason, dry_run: dryRun, ...(verb === "raise" ? { limit: "usd", value: `+${more}` } : {}) });
  useEffect(() => {
    let left = false;
    const find = async () => {
      const found: Set = { runs: [], refused: new Map(), effects: [], limits: new Map(), all: false };
      let before: string | null = null;
      do {
        const answer: Bulk = await ask(many.runs ? { runs: many.runs } : { ...many.where, ...(before ? { before } : {}) }, true);
        if (left) return;
        for (const one of answer.refused) found.refused.set(one.run, one.detail);
        found.runs.push(...(many.runs ?? [...answer.done, ...answer.refused.map((one) => one.run)]));
        found.effects.push(...answer.effects_again);
        for (const one of answer.limits ?? []) found.limits.set(one.run, `${usd(Number(one.before))} → ${usd(Number(one.after))}`);
        before = answer.next;
        found.all = !before;
        setSet({ ...found });
      } while (before);
    };
    setWrong(null);
    setSet((before) => ({ ...before, all: false }));
    const timer = setTimeout(() => { find().catch((e: unknown) => { if (!left) setWrong(said(e)); }); }, looked.current ? 300 : 0);
    looked.current = true;
    return () => { left = true; clearTimeout(timer); };
  }, [more]); // eslint-disable-line
  const begin = async () => {
    for (let i = 0; i < set.runs.length && !stopped.current; i += SLICE) {
      setAt(i);
      const ids = set.runs.slice(i, i + SLICE);
      const seen: [string, Result][] = [];
      try {
        const answer = await ask({ runs: ids }, false);
        for (const run of answer.done) seen.push([run, { look: "succeeded", text: "done" }]);
        for (const one of answer.refused) seen.push([one.run, { look: "skipped", text: one.detail }]);
      } catch (e) {
        for (const run of ids) seen.push([run, { look: "failed", text: said(e) }]);
      }
      setResults((all) => new Map([...all, ...seen]));
    }
    setAt(set.runs.length);
  };
  const counted = (look: Result["look"]) => [...results.values()].filter((one) => one.look === look).length;
  const names = new Map(many.known.map((row) => [row.run, row.about ? `${row.goal} · ${row.about}` : row.goal]));
  const count = set.runs.length;
  return (
    <Dialog open onClose={onClose} title={`${WORDS[verb].title}: ${many.runs ? plural(count, "run") : "all that match"}`}>
      <div className="dialog-main">
        <p>{WORDS[verb].does}</p>
        {!many.runs && <p>All runs that match <code className="named">{many.text}</code> when this was opened; those that begin later are not among them.</p>}
        {wrong && <p className="bad" role="alert">{wrong}</p>}
        {!begun && !wrong && (
          <p role="status">{set.all ? <>It would be done to <strong>{whole(count - set.refused.size)}</strong> of {whole(count)}{set.refused.size > 0 && <>, and be refused by {whole(set.refused.size)}</>}. Effects that would be done again: {set.effects.length === 0 ? "none" : set.effects.slice(0, 20).join(", ") + (set.effects.length > 20 ? ` and ${set.effects.length - 20} more` : "")}.</> : many.runs || count === 0 ? "Looking what would happen…" : `Looking what would happen: ${whole(count)} so far…`}</p>
        )}
        {!begun && verb === "raise" && (
          <label><span className="caption">By <span className="dim">US dollars, each</span></span>
            <input className="field" inputMode="decimal" value={more} onChange={(e) => setMore(e.target.value.trim())} />
          </label>
        )}
        {!begun && (
          <label><span className="caption">Reason <span className="dim">kept in each journal</span></span>
            <input data-first className="field full" value={reason} onChange={(e) => setReason(e.target.value)} />
          </label>
        )}
        {begun && (
          <>
            <progress max={count} value={results.size} aria-label="Progress" />
            <p className="num" role="status">{whole(counted("succeeded"))} done, {whole(counted("skipped"))} refused, {whole(counted("failed"))} failed, {whole(count - results.size)} to go</p>
          </>
        )}
        <ul className="bulk-list">
          {set.runs.slice(0, MOST_LISTED).map((run, i) => {
            const result = results.get(run);
            const refused = set.refused.get(run);
            return <li key={run} className="row">
              <Mark look={result ? result.look : begun && i >= at && i < at + SLICE ? "running" : refused && !begun ? "skipped" : "planned"} />
              <code>{shortId(run)}</code><span className="clip">{names.get(run)}</span><span className="grow" /><span className="dim small">{result?.text ?? (begun ? "" : refused ?? set.limits.get(run))}</span>
            </li>;
          })}
          {count > MOST_LISTED && <li className="dim">and {whole(count - MOST_LISTED)} more</li>}
        </ul>
      </div>
      <div className="dialog-foot">
        {over ? <button type="button" className="button strong" onClick={onClose}>Close</button> : begun ? (
          <button type="button" className="button" onClick={() => { stopped.current = true; }}>Stop</button>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>Not now</button>
            <button type="button" className="button strong" disabled={!set.all || wrong !== null || count === set.refused.size} onClick={() => void begin()}>{WORDS[verb].title}</button>
          </>
        )}
      </div>
    </Dialog>
  );
}
