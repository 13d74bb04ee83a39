/** What the server's API answers; the names are the server's. */

/** `unknown`: of a part nobody said what it was. */
export interface Cost { usd: number; input_tokens?: number; output_tokens?: number; unknown?: boolean }
export interface Failure { code: string; message: string; retryable: boolean }
export type Payload = { value: unknown; cut?: undefined } | { cut: true; bytes: number; preview: string; value?: undefined };
export type Counts = Record<string, number>;

export interface Session { who: string; role: string; rights: string[] }

export interface RunRow {
  run: string; short: string; status: string; goal: string;
  tasks: { total: number; done: number; failed: number };
  about: string | null; questions: number; cost: Cost; budget: { usd: number } | null; started_at: string; last_at: string;
  reason: string | null;
}
export interface RunPage { position: number; next: string | null; runs: RunRow[] }

export interface TaskRow {
  task: string; state: string; kind: string; does: string; after: string[]; layer: number;
  each: string | null; items: { total: number | null; counts: Counts } | null;
  loop: { max: number; iterations: number } | null; undoes?: string | null;
  attempts: number; agents: string[]; cost: Cost; begun_at: string | null; ended_at: string | null;
  failure: Failure | null; reason: string | null; summary: string | null;
  waits: string | null; moments?: string[]; why: string | null; question: string | null; child: string | null; changed: number;
  stand_in: StandIn | null;
}

/** Where an output is from that stands in for the work of a task, and who had it do so. */
export interface StandIn { run: string | null; by: string }

export interface Touch { sequence: number; at: string; by: string; verb: string; tasks: string[]; reason: string }
/** With what was changed; what is long is cut. */
export interface Changed extends Touch { before: Payload; after: Payload }

export interface ViewHead {
  run: string; short: string; goal: string; about: string | null; budget: { usd: number } | null; charged: number | null; alarm: number; status: string; status_reason: string | null; moments?: string[];
  sequence: number; head: number; position: number; at: string; started_at: string; last_at: string;
  ended: boolean; by: string;
  origin: null | { kind: "fork"; run: string; at: number } | { kind: "child"; run: string };
  output: Payload | null; failure: Failure | null; cost: Cost;
  total: number; finished: number; results: number; counts: Counts; layers: number; failed_first: string | null;
  questions: Question[]; marks: Touch[]; children: Record<string, string>;
}
export interface View extends ViewHead { inputs: Payload; tasks: TaskRow[] }

export interface Item {
  task: string; item: number; state: string; label: string | null; attempts: number; agent: string | null;
  begun_at: string | null; ended_at: string | null; cost: Cost; failure: Failure | null;
}
export interface ItemPage { task: string; sequence: number; matching: number; total: number; items: Item[] }

export interface Strip { sequence: number; letters: Record<string, string>; tasks: Record<string, string> }

/** A node of a run as it ran: a task, an item, one of its attempts, or how many more there are. */
export interface RanNode {
  node: string; task: string | null; kind: "task" | "attempt" | "iteration" | "turn" | "look" | "each" | "all" | "more"; state: string; after: string[]; layer: number;
  /** Which of its task, from 1; 0 where attempts are folded. */
  place?: number; attempts?: number; label?: string | null; token?: number | null; by?: string | null; came?: string | null;
  begun_at?: string | null; ended_at?: string | null; cost?: Cost; failure?: Failure | null; count?: number; counts?: Counts;
}
export interface Ran { sequence: number; most: number; whole: number; nodes: RanNode[] }

export interface Step {
  index: number; kind: string; name: string; key: string; at: string;
  took_ms: number | null; cost: Cost | null; summary: string;
}
export interface ScoreParts { success: number; usd: number; seconds: number; costs: number; drawn: number }
export interface Candidate { agent: string; score: number; excluded: string | null; parts: ScoreParts | null }
export interface Choice {
  policy: string; policy_version: string; considered: number; how: string; reserved: string | null; instead: string | null;
  filters: { filter: string; agents: string[]; count: number }[];
  meant: { asked: string; similarity: number; next: string | null; next_similarity: number | null } | null;
}
export interface Attempt {
  attempt: number; token: number; agent: string; state: string; begun_at: string | null; ended_at: string | null;
  due: string | null; failure: Failure | null; feedback: string | null; cost: Cost;
  candidates: Candidate[]; choice: Choice | null; why: string[]; steps: Step[]; context: Context | null; notes: string[];
}
export interface ContextPart { name: string; fate: "whole" | "compacted" | "cut"; tokens: number; score: number; why: string; given: Payload | null }
export interface Context { budget: number; used: number; parts: ContextPart[] }
export interface Dissent { confidence: number; by: string; answers: { answer: Payload; agents: string[]; sources: string[]; share: number }[] }
export interface ArtifactRow { hash: string; size: number; media_type: string; name: string }
export interface ArtifactPreview { name: string; media_type: string; size: number; kind: "json" | "markdown" | "text" | "image" | "none"; content: unknown; cut: boolean }
/** How many attempts, tasks and runs. */
export interface Tally { attempts: number; tasks: number; runs: number }

export interface Budget {
  /** The latest share of it that was told of, in percent. */
  alarm: number;
  budget: { usd?: string; tokens?: number; time?: unknown; attempts?: number; tasks?: number; runs?: number };
  spent: { usd: string; tokens: number }; set_aside: { usd: string; tokens: number }; attempts: number; tasks: number; runs: number;
  within: { used: Tally; set_aside: Tally };
  waiting: Record<string, { usd: string; tokens: number }>;
  to_finish?: { tasks: number; at_least: boolean; likely: { usd: string; tokens: number }; more: { usd: string; tokens: number }; more_attempts: number; unknown: string[]; why: string };
}
export interface TaskDetail {
  run: string; sequence: number; task: string; state: string; row: TaskRow;
  why: { kind: string; what: string; moments: string[]; way: string } | null;
  /** What its attempt says of how far it is, such as `40 %: reads the tests`. */
  progress: string | null;
  declared: Record<string, unknown>;
  input: Payload | null; output: Payload | null; failure: Failure | null; reason: string | null; cost: Cost;
  ready_at: string | null; begun_at: string | null; ended_at: string | null;
  attempts: Attempt[];
  effects: { name: string; key: string; outcome: Payload | null; withdrawn?: unknown }[];
  artifacts: ArtifactRow[]; notes: string[]; dissent: Dissent | null;
  questions: Question[]; marks: Changed[]; made_from: string[]; used_by: string[]; children: string[];
  items?: { total: number | null; counts: Counts } | null;
}

export interface LineageNode {
  id: string; kind: string; run: string; task: string | null; event: number | null; title: string; by: string; detail: string;
  trust: string | null; cost: Cost; hash?: string;
}

export interface Lineage {
  run: string; of: string; forward: boolean; cut: boolean; nodes: LineageNode[];
  edges: { from: string; to: string; how: string; place: string }[];
}

export interface JournalEvent {
  sequence: number; at: string; stage: string; type: string; task: string | null; sentence: string;
  by: string; cause?: string; payload?: unknown;
}
export interface EventPage { run: string; head: number; next: number | null; events: JournalEvent[] }

export interface Lanes {
  head: number; size: number; lanes: Record<string, number[]>; times: string[]; marks: Touch[];
}
export interface TimelineRow {
  task: string; items?: number; item?: number; bars: [number, number, number][]; state: string; label: string | null;
  /** Of an item; that of a task is in the view. */
  cost?: Cost;
}
export interface Timeline { sequence: number; start: string; end: string; kinds: string[]; rows: TimelineRow[] }
export interface CriticalPath {
  makespan_ms: number;
  steps: { task: string | null; time_ms: number; share: number; segments: { kind: string; word: string; until: number; time_ms: number }[] }[];
}
export interface CostReport {
  cost: Cost;
  by_task: { task: string; attempts: number; cost: Cost }[];
  by_agent: { agent: string; attempts: number; failed: number; cost: Cost }[];
  burn: { sequence: number; at: string; usd: number; tokens: number }[];
}

export interface Question {
  question: string; run: string; short: string; goal: string; about: string | null; task: string | null; purpose: string; risk: string;
  text: string; choices: string[]; form: Record<string, unknown> | null; subject: unknown; changes?: string[]; hash: string;
  asked: string; asked_next?: string[]; asked_at: string; until: string | null; otherwise: string | null; then: string | null;
  votes: { by: string; answer: unknown; comment: string }[]; quorum: number; four_eyes: boolean;
  state?: string; answer?: unknown; by?: string; at?: string; reason?: string;
}

export interface WorkflowInput { name: string; type: unknown; required: boolean; default: unknown; description?: string | null }
/** A workflow that can be begun; of a goal, what is asked and who plans. */
export interface WorkflowDoc { workflow: string; goal: { text: string; planner: string } | null; inputs: WorkflowInput[]; budget: Record<string, string | number>; tasks: TaskRow[]; layers: number }
export interface Workflows { team: string | null; workflows: WorkflowDoc[] }

export interface DryRun {
  run: string; verb: string; dry_run: true; status: string; sequence: number; tasks: string[];
  spent: Cost | null; effects_again: string[]; reused?: number; kept?: Cost; at?: number;
  /** Of a fork: what is left to do from there, by what is known of agents. */
  likely?: { tasks: number; at_least: boolean; usd: string; unknown: string[] } | null;
}
export interface AgentRow {
  agent: string; skills: string[]; uses: string; limits: { concurrency?: number | null; timeout_ms?: number | null };
  effects: string | null; running: number; attempts: number; failed: number; cost: Cost; p50_ms: number | null;
  last_failure: Failure | string | null;
  disabled: { since: string; by: string; reason: string } | null; records: AgentRecord[];
}
export interface AgentRecord {
  agent: string; skill: string; good: number; bad: number; success: number; doubt: number; uncertain: boolean; seconds: number; usd: string;
  failures_in_a_row: number; last: string | null; breaker: "closed" | "open" | "half_open"; open_until: string | null;
}
