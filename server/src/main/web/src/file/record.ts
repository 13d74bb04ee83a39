/** What a file holds of a run, in place of a server: the documents that the views would have asked for. */
import { Problem, type Answers } from "../live/api";
import type { CostReport, CriticalPath, ItemPage, JournalEvent, Lanes, Lineage, Ran, Strip, TaskDetail, Timeline, View } from "../live/types";

export interface Kept { detail: TaskDetail; input?: unknown; output?: unknown; lineage?: Lineage; items?: ItemPage; timeline?: Timeline }
export interface RunRecord {
  run: string; said: string[];
  view: View; moments: View[]; document: unknown;
  lanes: Lanes; timeline: Timeline; path: CriticalPath | null; cost: CostReport; budget: unknown; ran: Ran; strip: Strip | null;
  events: JournalEvent[]; tasks: { [task: string]: Kept };
  artifacts: { [hash: string]: { preview: unknown; image?: string } };
}

/** Answers from the file as the server of that time would have. */
export class RecordAnswers implements Answers {
  constructor(private readonly record: RunRecord) {}

  get(address: string): unknown {
    const url = new URL(address, "file:///");
    const query = url.searchParams;
    const at = Number(query.get("at")) || null;
    const [, , , first, ...rest] = url.pathname.split("/").map(decodeURIComponent);
    switch (first) {
      case undefined: return this.record.document;
      case "view": return at === null ? this.record.view : this.moment(at);
      case "lanes": return this.record.lanes;
      case "path": return this.record.path ?? this.not("why it took so long");
      case "cost": return this.record.cost;
      case "budget": return this.record.budget;
      case "events": return this.events(query);
      case "artifacts": return this.record.artifacts[rest[0] ?? ""]?.preview ?? this.not("this artifact");
      case "ran": return at === null ? this.record.ran : this.not("how far it had run at an earlier moment");
      case "strip": return (at === null ? this.record.strip : null) ?? this.not("what the items were at");
      case "timeline": {
        if (at !== null) return this.not("the timeline of an earlier moment");
        const task = query.get("task");
        return (task === null ? this.record.timeline : this.record.tasks[task]?.timeline) ?? this.not("when its items were at what");
      }
      case "tasks": return this.task(rest, query, at);
      default: return this.not("this");
    }
  }

  /** Pictures alone: nothing else can be loaded from a file. */
  address(path: string): string | null {
    const of = /\/artifacts\/([^/]+)\/image$/.exec(path)?.[1];
    return (of && this.record.artifacts[of]?.image) ?? null;
  }

  /** The moment at `at`, or the last before it that the file has. */
  private moment(at: number): View {
    const before = this.record.moments.filter((one) => one.sequence <= at);
    return before.at(-1) ?? this.not("so early a moment");
  }

  private events(query: URLSearchParams) {
    const stage = query.get("stage");
    const task = query.get("task");
    const limit = Number(query.get("limit"));
    const before = Number(query.get("before"));
    const after = Number(query.get("after"));
    const taken = this.record.events.filter((event) =>
      (!stage || event.stage === stage) && (!task || event.task === task || event.task?.startsWith(`${task}[`)));
    const events = before > 0 ? taken.filter((event) => event.sequence < before).slice(-limit) : taken.filter((event) => event.sequence > after).slice(0, limit);
    return { run: this.record.run, head: this.record.view.sequence, next: null, events };
  }

  private task([name, what]: string[], query: URLSearchParams, at: number | null): unknown {
    if (at !== null) return this.not("what a task was at an earlier moment");
    const kept = this.record.tasks[name ?? ""];
    if (!kept) return this.not("this task");
    switch (what) {
      case undefined: return kept.detail;
      case "items": return this.items(kept.items ?? this.not("its items"), query);
      case "lineage": return kept.lineage ?? this.not("what it was made of");
      case "input": return kept.input ?? this.not("all of its input");
      case "output": return kept.output ?? this.not("all of its output");
      default: return this.not("this");
    }
  }

  private items(page: ItemPage, query: URLSearchParams): ItemPage {
    const state = query.get("state");
    const text = query.get("q");
    const all = page.items.filter((item) => (!state || item.state === state) && (!text || item.task.includes(text) || item.label?.includes(text)));
    return { ...page, matching: state || text ? all.length : page.matching, items: all.slice(0, Number(query.get("limit"))) };
  }

  private not(what: string): never {
    throw new Problem(404, "not_in_file", `This file does not hold ${what}; \`tutti show ${this.record.view.short}\` does.`);
  }
}
