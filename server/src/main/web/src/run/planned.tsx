/** What is shown of workflows and plans before anything is begun. */
import type { View, WorkflowDoc } from "../live/types";
import { plural } from "../parts/figures";

/** How much a workflow is: its tasks, or who makes them. */
const sizeOf = (workflow: WorkflowDoc) => (workflow.goal ? "goal" : workflow.tasks.length === 0 ? "no plan" : plural(workflow.tasks.length, "task"));

export function WorkflowChips({ workflows, chosen, onChoose }: { workflows: WorkflowDoc[]; chosen: WorkflowDoc | null; onChoose: (workflow: string) => void }) {
  return <>{workflows.map((one) => <button key={one.workflow} type="button" className="chip" aria-pressed={one === chosen} onClick={() => onChoose(one.workflow)}>{one.workflow}<span className="dim small">{sizeOf(one)}</span></button>)}</>;
}

/** What a task has that nobody has begun. */
const UNBEGUN = { attempts: 0, agents: [], cost: { usd: 0 }, begun_at: null, ended_at: null, failure: null, reason: null, summary: null, waits: null, why: null, question: null, child: null, changed: 0, loop: null, stand_in: null };

/** The plan as a run that has not begun. */
export function planned(workflow: WorkflowDoc, like: string | null, pins: string[]): View {
  return {
    run: `plan-${workflow.workflow}`, short: "", goal: workflow.workflow, status: "running", about: null, budget: null, charged: null, alarm: 0, status_reason: null, sequence: 0, head: 0, position: 0,
    at: "", started_at: "", last_at: "", ended: false, by: "", origin: null, output: null, failure: null, cost: { usd: 0 }, total: 0, finished: 0, results: 0,
    counts: {}, layers: workflow.layers, failed_first: null, questions: [], marks: [], children: {}, inputs: { value: {} }, tasks: workflow.tasks.map((row) => ({ ...UNBEGUN, ...row, stand_in: pins.includes(row.task) ? { run: like, by: "" } : null })),
  };
}
