/** One run as the page knows it: fetched once, then kept current by patches. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { enc, get } from "./api";
import { live } from "./live";
import type { RunRow, TaskRow, View, ViewHead } from "./types";

interface Patch { run: string; from: number; sequence: number; view: ViewHead; tasks: TaskRow[] }

export class RunStore {
  private readonly listeners = new Set<() => void>();
  private view: View | null = null;
  private error: unknown = null;
  private fetching = false;
  /** The event up to which a patch told something, also one that came before there was a view to patch. */
  private heard = 0;
  private stop: (() => void)[] = [];
  private followed: string | null = null;
  private over = false;
  private later = 0;

  constructor(readonly run: string) {}

  start() {
    this.over = false;
    this.followed = null;
    this.stop = [
      live.on("patch", (patch: Patch) => this.patch(patch)),
      live.on("refetch", (what) => {
        if (what.what === "run" && what.run === this.view?.run) void this.fetch();
        if (what.what === "runs") this.unfollowed();
      }),
      // Where there are more runs than one stream follows, the list says that one changed.
      live.on("runs", ({ runs }: { runs: RunRow[] }) => { if (runs.some((row) => row.run === this.view?.run)) this.unfollowed(); }),
      live.on("hello", () => { if (this.error) void this.fetch(); else this.unfollowed(); }),
    ];
    void this.fetch();
    return () => {
      this.over = true;
      clearTimeout(this.later);
      this.stop.forEach((end) => end());
    };
  }

  /** The stream is all tabs' own: only a run that is known to be there is asked of it, by its whole id. */
  private follow(run: string) {
    if (this.followed || this.over) return;
    this.followed = run;
    this.stop.push(live.follow(run));
  }

  /** Asks for the whole in a moment, if nobody tells what changes. */
  private unfollowed() {
    if (!this.view || this.view.ended || this.later || live.follows(this.view.run)) return;
    this.later = window.setTimeout(() => {
      this.later = 0;
      if (this.view && !live.follows(this.view.run)) void this.fetch();
    }, 1000);
  }

  /** Asks for the whole again, for example after a verb. */
  async fetch() {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const view = await get<View>(`/runs/${enc(this.run)}/view`);
      this.error = null;
      if (!this.view || view.sequence >= this.view.sequence) this.view = view;
      this.follow(view.run);
    } catch (e) {
      this.error = e;
    } finally {
      this.fetching = false;
      this.tell();
    }
    // What came meanwhile was not taken, and nothing more may come for a long while.
    if (this.error === null && this.view && this.view.sequence < this.heard) void this.fetch();
  }

  private patch(patch: Patch) {
    const had = this.view;
    if (had ? patch.run !== had.run : !patch.run.startsWith(this.run.toUpperCase())) return;
    this.heard = Math.max(this.heard, patch.sequence);
    if (!had || patch.sequence <= had.sequence) return;
    if (patch.from > had.sequence) {
      void this.fetch();
      return;
    }
    this.view = { ...had, ...patch.view, tasks: merged(had.tasks, patch.tasks) };
    this.tell();
  }

  private tell() {
    this.listeners.forEach((listener) => listener());
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  current = () => this.view;
  problem = () => this.error;
}

function merged(rows: TaskRow[], changed: TaskRow[]): TaskRow[] {
  if (changed.length === 0) return rows;
  const by = new Map(changed.map((row) => [row.task, row]));
  const next = rows.map((row) => {
    const other = by.get(row.task);
    by.delete(row.task);
    return other ?? row;
  });
  return by.size === 0 ? next : [...next, ...by.values()];
}

/** The run, now. */
export function useRun(run: string) {
  const [store, setStore] = useState(() => new RunStore(run));
  useEffect(() => {
    const fresh = store.run === run ? store : new RunStore(run);
    if (fresh !== store) setStore(fresh);
    return fresh.start();
  }, [run]); // eslint-disable-line
  const view = useSyncExternalStore(store.subscribe, store.current);
  const error = useSyncExternalStore(store.subscribe, store.problem);
  return { store, view: store.run === run ? view : null, error };
}

const MOST_KEPT = 24;
/** Moments that were looked at or are next to one: what was does not change. */
const kept = new Map<string, View>();

async function moment(run: string, at: number, signal: AbortSignal): Promise<View> {
  const path = `/runs/${enc(run)}/view?at=${at}`;
  const view = kept.get(path) ?? (await get<View>(path, signal));
  kept.delete(path);
  kept.set(path, view);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
  return view;
}

/** The run as it was at event `at`; keeps the last one shown while another is fetched. Fetches its neighbours, where the next key leads. */
export function usePast(run: string, at: number | null, head: number): View | null {
  const [past, setPast] = useState<View | null>(null);
  useEffect(() => {
    if (at === null) {
      setPast(null);
      return;
    }
    const stop = new AbortController();
    moment(run, at, stop.signal).then(async (view) => {
      if (stop.signal.aborted) return;
      setPast(view);
      for (const next of [at - 1, at + 1]) if (next >= 1 && next < head) await moment(run, next, stop.signal);
    }).catch(() => undefined);
    return () => stop.abort();
  }, [run, at]); // eslint-disable-line
  return at === null ? null : past;
}
