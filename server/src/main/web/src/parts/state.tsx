import { memo } from "react";

/** What a run or a task is at. Each has a shape, a word and a colour of its own. */
export type Look =
  | "planned" | "ready" | "running" | "waiting" | "backing"
  | "succeeded" | "failed" | "skipped" | "cancelled" | "paused";

const LOOKS: Record<string, Look> = {
  waiting: "planned", "not run": "planned", not_run: "planned", planned: "planned",
  ready: "ready", queued: "ready",
  running: "running", closing: "running",
  held: "waiting", question: "waiting", asked: "waiting",
  "backing off": "backing", backing_off: "backing", stalled: "backing",
  succeeded: "succeeded", done: "succeeded",
  failed: "failed",
  skipped: "skipped",
  cancelled: "cancelled", terminated: "cancelled",
  paused: "paused",
};

/** How a task that is at `status` looks. */
export const lookOfTask = (status: string): Look => LOOKS[status] ?? "planned";

/** The word of a state, for people. */
export const wordOf = (state: string) => state.replace("_", " ");

/** How a run that is at `status` looks: a run that waits does so for people. */
export const lookOfRun = (status: string): Look => (status === "waiting" ? "waiting" : (LOOKS[status] ?? "planned"));

/** From worst to best: what needs a look comes first. */
export const WORST_FIRST: readonly Look[] = [
  "failed", "waiting", "backing", "running", "ready", "paused", "planned", "cancelled", "skipped", "succeeded",
];

/** The shape alone; the word must stand beside it. */
export const Mark = memo(function Mark({ look, still = false }: { look: Look; still?: boolean }) {
  return (
    <svg className={`mark s-${look}`} viewBox="0 0 14 14" aria-hidden="true" focusable="false">
      {shape(look, still)}
    </svg>
  );
});

export const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 1.6, strokeLinecap: "round", strokeLinejoin: "round" } as const;
const onFill = { fill: "none", stroke: "var(--surface)", strokeWidth: 1.7, strokeLinecap: "round", strokeLinejoin: "round" } as const;

/** The shape in a box of 14 by 14. */
export function shape(look: Look, still = false) {
  switch (look) {
    case "succeeded":
      return (<><circle cx="7" cy="7" r="6.5" fill="currentColor" /><path d="M4.2 7.2l2 2 3.6-4.2" {...onFill} /></>);
    case "failed":
      return (<><path d="M4.3.5h5.4l3.8 3.8v5.4l-3.8 3.8H4.3L.5 9.7V4.3z" fill="currentColor" /><path d="M4.9 4.9l4.2 4.2M9.1 4.9L4.9 9.1" {...onFill} /></>);
    case "running":
      return (<><circle cx="7" cy="7" r="5.6" {...stroke} opacity="0.28" /><path className={still ? undefined : "turning"} d="M7 1.4a5.6 5.6 0 0 1 5.6 5.6" {...stroke} /><path d="M5.6 4.7v4.6L9.3 7z" fill="currentColor" /></>);
    case "waiting":
      return (<><path d="M7 .4L13.6 7 7 13.6.4 7z" fill="currentColor" /><path d="M5.6 5.6c0-1.9 2.9-1.9 2.9 0 0 1.1-1.5 1.1-1.5 2.2" {...onFill} strokeWidth={1.4} /><circle cx="7" cy="9.9" r="0.85" fill="var(--surface)" /></>);
    case "backing":
      return (<path d="M12.2 7.6A5.3 5.3 0 1 1 10.4 3M10.8 .9v2.6H8.2" {...stroke} />);
    case "ready":
      return (<path d="M3.2 1.2h7.6M3.2 12.8h7.6M4.2 1.4v2.1L7 7 4.2 10.5v2.1M9.8 1.4v2.1L7 7l2.8 3.5v2.1" {...stroke} strokeWidth={1.5} />);
    case "paused":
      return (<><rect x="2.4" y="1.6" width="3.2" height="10.8" rx="1" fill="currentColor" /><rect x="8.4" y="1.6" width="3.2" height="10.8" rx="1" fill="currentColor" /></>);
    case "skipped":
      return (<path d="M2.2 3l4 4-4 4M7.4 3l4 4-4 4" {...stroke} strokeWidth={1.8} />);
    case "cancelled":
      return (<><rect x="1" y="1" width="12" height="12" rx="2.4" fill="currentColor" /><path d="M4.2 7h5.6" {...onFill} /></>);
    case "planned":
      return (<circle cx="7" cy="7" r="5.6" {...stroke} strokeWidth={1.5} strokeDasharray="2.2 2.2" strokeLinecap="butt" />);
  }
}

/** Shape and word. */
export function State({ look, word }: { look: Look; word: string }) {
  return (
    <span className="state">
      <Mark look={look} />
      <span>{word}</span>
    </span>
  );
}
