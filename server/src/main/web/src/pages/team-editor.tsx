/** The team file beside the plans that it makes, redrawn while it is written. Nothing of it is begun or kept. */
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { post, said } from "../live/api";
import type { WorkflowDoc } from "../live/types";
import { useGet } from "../live/use";
import { copy, Empty, Said, save, Trouble, Waiting } from "../parts/common";
import { plural } from "../parts/figures";
import { Icon } from "../parts/icons";
import type { Schema } from "../parts/schema";
import { Mark } from "../parts/state";
import type { TextFault } from "../parts/yaml-editor";
import { useRefusal } from "../rights";
import { useQuery } from "../router";
import { Graph } from "../run/graph";
import { planned, WorkflowChips } from "../run/planned";

const YamlEditor = lazy(() => import("../parts/yaml-editor"));

/** So long nothing must be typed before the text is checked. */
const REST = 80;

interface Checked { sound: boolean; faults: TextFault[]; drawn: WorkflowDoc[] }

/** What the server says of the text, asked for when the typing rests; the last plans stay until there are others. */
function useChecked(text: string | null) {
  const [checked, setChecked] = useState<Checked | null>(null);
  const [drawn, setDrawn] = useState<WorkflowDoc[]>([]);
  const [error, setError] = useState<unknown>(null);
  const turn = useRef(0);
  useEffect(() => {
    if (text === null) return;
    const mine = ++turn.current;
    const timer = setTimeout(() => {
      post<Checked>("/validate", { text, drawn: true }).then(
        (found) => {
          if (mine !== turn.current) return;
          setChecked(found);
          setError(null);
          if (found.sound) setDrawn(found.drawn);
        },
        (e: unknown) => { if (mine === turn.current) setError(e); },
      );
    }, REST);
    return () => clearTimeout(timer);
  }, [text]);
  return { checked, drawn, error };
}

export default function TeamEditor() {
  const refusal = useRefusal("operate");
  const file = useGet<{ name: string; text: string }>(refusal ? null : "/team");
  const schema = useGet<Schema>("/team/schema");
  const [query, setQuery] = useQuery();
  const [text, setText] = useState<string | null>(null);
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  const now = text ?? file.data?.text ?? null;
  const { checked, drawn, error } = useChecked(now);
  const workflow = drawn.find((one) => one.workflow === query.get("workflow")) ?? drawn[0] ?? null;
  const view = useMemo(() => (workflow ? planned(workflow, null, []) : null), [workflow]);
  const faults = useMemo(() => checked?.faults ?? [], [checked]);
  if (refusal) return <Empty title="The team file is for those who may operate runs"><p>{refusal}</p></Empty>;
  if (file.error !== null) return <Trouble error={file.error} again={file.again} />;
  if (!file.data) return <Waiting what="the team file" />;
  const errors = faults.filter((fault) => fault.severity !== "warning").length;
  const name = file.data.name;
  return (
    <div className="team-editor">
      <section className="card team-text" aria-label="Team file">
        <Suspense fallback={<Waiting what="the editor" />}>
          <YamlEditor label={`Team file ${name}`} initial={file.data.text} schema={schema.data} faults={faults} goTo={goTo} onText={setText} />
        </Suspense>
      </section>
      <section className="card new-plan" aria-label="Plan">
        <div className="row wrap new-plan-head">
          {drawn.length === 0 ? <h2>Plan</h2> : <WorkflowChips workflows={drawn} chosen={workflow} onChoose={(one) => setQuery({ workflow: one }, true)} />}
        </div>
        <div className="new-graph">{view && workflow && <Graph key={workflow.workflow} view={{ ...view, run: `edit-${workflow.workflow}` }} live={false} selected={null} hideDone={false} steady onSelect={() => undefined} />}</div>
      </section>
      <section className="team-faults" aria-label="What is wrong">
        {error !== null && <p className="small" role="alert">It could not be checked: {said(error)}</p>}
        {checked && (
          <p className="row" role="status">
            <Mark look={errors > 0 ? "failed" : faults.length > 0 ? "waiting" : "succeeded"} still />
            {errors > 0 ? plural(errors, "fault") : `Sound: ${plural(drawn.length, "workflow")}`}{faults.length > errors && `, ${plural(faults.length - errors, "warning")}`}{errors > 0 && drawn.length > 0 && "; the plan is that of the last text that was sound"}
          </p>
        )}
        <ul className="lines">
          {faults.slice(0, 20).map((fault, i) => (
            <li key={i}>
              <button type="button" className="item" onClick={() => setGoTo({ line: fault.line ?? 1, column: fault.column ?? 1 })}>
                <Mark look={fault.severity === "warning" ? "waiting" : "failed"} still />
                <span className="num dim">{fault.line ?? 1}:{fault.column ?? 1}</span>
                <span className="grow"><Said text={fault.message} />{fault.help && <span className="dim"> · <Said text={fault.help} /></span>}</span>
                <code className="dim">{fault.code}</code>
              </button>
            </li>
          ))}
        </ul>
        {faults.length > 20 && <p className="small dim">and {faults.length - 20} more</p>}
      </section>
      <div className="new-foot">
        <div className="row wrap">
          <span className="dim">Nothing of this is kept here. The server begins what its own file says: save the text as <code>{name}</code>, and it counts from the next run on.</span><span className="grow" />
          <button type="button" className="button" onClick={() => void copy(now ?? "", "the text")}><Icon name="copy" />Copy</button>
          <button type="button" className="button" onClick={() => save(now ?? "", name, "application/yaml")}>Download</button>
        </div>
      </div>
    </div>
  );
}
