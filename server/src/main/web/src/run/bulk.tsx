/** One verb for many runs: the set is fixed when it begins, and each run says what came of it. */
import { useRef, useState } from "react";
import { enc, post, Problem, said } from "../live/api";
import type { RunRow } from "../live/types";
import { Dialog } from "../parts/common";
import { plural, shortId } from "../parts/figures";
import { Mark } from "../parts/state";

export type BulkVerb = "retry" | "pause" | "resume" | "cancel";

const WORDS: Record<BulkVerb, { title: string; does: string }> = {
  retry: { title: "Go on", does: "Each run that failed is forked from before it failed: results that were accepted are kept, the rest is done again in a new run." },
  pause: { title: "Pause", does: "Nothing more is dispatched; attempts under way go on." },
  resume: { title: "Resume", does: "Paused runs go on." },
  cancel: { title: "Cancel", does: "Each run ends once what must be taken back is." },
};

export function BulkDialog({ verb, runs, onClose }: { verb: BulkVerb; runs: RunRow[]; onClose: () => void }) {
  const [set] = useState(runs);
  const [reason, setReason] = useState("");
  const [at, setAt] = useState(-1);
  const [results, setResults] = useState<{ run: RunRow; ok: boolean; refused: boolean; text: string }[]>([]);
  const stopped = useRef(false);
  const begun = at >= 0;
  const over = at >= set.length || (begun && stopped.current);
  const begin = async () => {
    for (let i = 0; i < set.length && !stopped.current; i++) {
      setAt(i);
      const run = set[i]!;
      try {
        await one(verb, run, reason);
        setResults((all) => [...all, { run, ok: true, refused: false, text: "done" }]);
      } catch (e) {
        setResults((all) => [...all, { run, ok: false, refused: e instanceof Problem && e.code === "refused", text: said(e) }]);
      }
    }
    setAt(set.length);
  };
  const done = results.filter((one) => one.ok).length;
  const refused = results.filter((one) => one.refused).length;
  return (
    <Dialog open onClose={onClose} title={`${WORDS[verb].title}: ${plural(set.length, "run")}`}>
      <div className="dialog-main">
        <p>{WORDS[verb].does}</p>
        {!begun && (
          <label><span className="caption">Reason <span className="dim">kept in each journal</span></span>
            <input data-first className="field full" value={reason} onChange={(e) => setReason(e.target.value)} />
          </label>
        )}
        {begun && (
          <>
            <progress max={set.length} value={results.length} aria-label="Progress" />
            <p className="num" role="status">{done} done, {refused} refused, {results.length - done - refused} failed, {set.length - results.length} to go</p>
          </>
        )}
        <ul className="bulk-list">
          {set.map((run, i) => {
            const result = results[i];
            return <li key={run.run} className="row">
              <Mark look={result ? (result.ok ? "succeeded" : result.refused ? "skipped" : "failed") : i === at ? "running" : "planned"} />
              <code>{shortId(run.run)}</code><span className="clip">{run.goal}</span><span className="grow" /><span className="dim small">{result?.text}</span>
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
            <button type="button" className="button strong" onClick={() => void begin()}>{WORDS[verb].title}</button>
          </>
        )}
      </div>
    </Dialog>
  );
}

async function one(verb: BulkVerb, run: RunRow, reason: string) {
  if (verb !== "retry") {
    await post(`/runs/${enc(run.run)}/${verb}`, { reason });
    return;
  }
  if (run.status !== "failed") throw new Problem(409, "refused", `it is ${run.status}`);
  await post(`/runs/${enc(run.run)}/fork`, { reason });
}
