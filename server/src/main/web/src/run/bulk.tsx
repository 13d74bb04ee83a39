/** One verb for many runs: the set is fixed when it begins, a dry run says what would come of it, and each run says what did. */
import { useEffect, useRef, useState } from "react";
import { post, said } from "../live/api";
import type { RunRow } from "../live/types";
import { Dialog } from "../parts/common";
import { plural, shortId } from "../parts/figures";
import { Mark } from "../parts/state";

export type BulkVerb = "retry" | "pause" | "resume" | "cancel";

interface Bulk { matched: number; done: string[]; refused: { run: string; detail: string }[]; effects_again: string[] }

const WORDS: Record<BulkVerb, { title: string; does: string; verb: string }> = {
  retry: { title: "Go on", does: "Each run that failed is forked from before it failed: results that were accepted are kept, the rest is done again in a new run.", verb: "fork" },
  pause: { title: "Pause", does: "Nothing more is dispatched; attempts under way go on.", verb: "pause" },
  resume: { title: "Resume", does: "Paused runs go on.", verb: "resume" },
  cancel: { title: "Cancel", does: "Each run ends once what must be taken back is.", verb: "cancel" },
};

/** So many runs are asked for at once, so that it can be stopped between. */
const SLICE = 10;

type Result = { look: "succeeded" | "skipped" | "failed"; text: string };

export function BulkDialog({ verb, runs, onClose }: { verb: BulkVerb; runs: RunRow[]; onClose: () => void }) {
  const [set] = useState(runs);
  const [reason, setReason] = useState("");
  const [at, setAt] = useState(-1);
  const [dry, setDry] = useState<Bulk | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [results, setResults] = useState<Record<string, Result>>({});
  const stopped = useRef(false);
  const begun = at >= 0;
  const over = at >= set.length || (begun && stopped.current);
  const ask = (ids: string[], dryRun: boolean) => post<Bulk>(`/bulk/${WORDS[verb].verb}`, { where: { runs: ids }, reason, dry_run: dryRun });
  useEffect(() => {
    ask(set.map((run) => run.run), true).then(setDry, (e: unknown) => setWrong(said(e)));
  }, []);
  const refusedBefore = new Map(dry?.refused.map((one) => [one.run, one.detail]));
  const begin = async () => {
    for (let i = 0; i < set.length && !stopped.current; i += SLICE) {
      setAt(i);
      const ids = set.slice(i, i + SLICE).map((run) => run.run);
      const seen: Record<string, Result> = {};
      try {
        const answer = await ask(ids, false);
        for (const run of answer.done) seen[run] = { look: "succeeded", text: "done" };
        for (const one of answer.refused) seen[one.run] = { look: "skipped", text: one.detail };
      } catch (e) {
        for (const run of ids) seen[run] = { look: "failed", text: said(e) };
      }
      setResults((all) => ({ ...all, ...seen }));
    }
    setAt(set.length);
  };
  const all = Object.values(results);
  const counted = (look: Result["look"]) => all.filter((one) => one.look === look).length;
  return (
    <Dialog open onClose={onClose} title={`${WORDS[verb].title}: ${plural(set.length, "run")}`}>
      <div className="dialog-main">
        <p>{WORDS[verb].does}</p>
        {wrong && <p className="bad" role="alert">{wrong}</p>}
        {!begun && !wrong && (
          <p role="status">{dry ? <>It would be done to <strong>{dry.done.length}</strong> of {dry.matched}{dry.refused.length > 0 && <>, and be refused by {dry.refused.length}</>}. Effects that would be done again: {dry.effects_again.length === 0 ? "none" : dry.effects_again.join(", ")}.</> : "Looking what would happen…"}</p>
        )}
        {!begun && (
          <label><span className="caption">Reason <span className="dim">kept in each journal</span></span>
            <input data-first className="field full" value={reason} onChange={(e) => setReason(e.target.value)} />
          </label>
        )}
        {begun && (
          <>
            <progress max={set.length} value={all.length} aria-label="Progress" />
            <p className="num" role="status">{counted("succeeded")} done, {counted("skipped")} refused, {counted("failed")} failed, {set.length - all.length} to go</p>
          </>
        )}
        <ul className="bulk-list">
          {set.map((run, i) => {
            const result = results[run.run];
            const refused = refusedBefore.get(run.run);
            return <li key={run.run} className="row">
              <Mark look={result ? result.look : begun && i >= at && i < at + SLICE ? "running" : refused && !begun ? "skipped" : "planned"} />
              <code>{shortId(run.run)}</code><span className="clip">{run.goal}{run.about && ` · ${run.about}`}</span><span className="grow" /><span className="dim small">{result?.text ?? (begun ? "" : refused)}</span>
            </li>;
          })}
        </ul>
      </div>
      <div className="dialog-foot">
        {over ? <button type="button" className="button strong" onClick={onClose}>Close</button> : begun ? (
          <button type="button" className="button" onClick={() => { stopped.current = true; }}>Stop</button>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>Not now</button>
            <button type="button" className="button strong" disabled={!dry || dry.done.length === 0} onClick={() => void begin()}>{WORDS[verb].title}</button>
          </>
        )}
      </div>
    </Dialog>
  );
}
