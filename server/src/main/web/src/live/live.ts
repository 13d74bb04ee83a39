/**
 * What the server tells by itself. One connection serves all tabs of a browser: the tab that holds
 * the lock listens and tells the others. Where there are no locks, every tab listens for itself.
 */

type Handler = (data: any) => void;
type Kind = "patch" | "progress" | "runs" | "questions" | "refetch" | "hello" | "following";

/** `kept`: nothing changes any more, it is looked at as it was then. */
export interface Pulse { state: "connecting" | "live" | "lost" | "kept"; since: number }

const LOCK = "tutti-live";

/** So many runs are followed over one stream, which is what the server allows; of others the list says that they changed. */
const MOST_FOLLOWED = 64;

/** How often the server says that it is there, until it has said how often. */
const PULSE = 3000;

/** Two signs of life may be missed, or be late. */
const silentFor = (pulse: number) => 2 * pulse + 1500;

class Live {
  private readonly tab = Math.random().toString(36).slice(2);
  private readonly handlers = new Map<Kind, Set<Handler>>();
  private readonly mine = new Map<string, number>();
  private readonly theirs = new Map<string, string[]>();
  /** When each run was last said to be shown, as a number that grows. */
  private readonly shown = new Map<string, number>();
  private said = 0;
  private readonly pulses = new Set<() => void>();
  private channel: BroadcastChannel | null = null;
  private source: EventSource | null = null;
  private asked = "";
  private leads = false;
  private timer = 0;
  private heard = 0;
  private pulsing = PULSE;
  private following: ReadonlySet<string> = new Set();
  private retry = 500;
  private began = false;
  private questions: unknown = null;
  pulse: Pulse = { state: "connecting", since: Date.now() };

  /** Begins; to be called once there is a session. */
  start() {
    if (this.began) return;
    this.began = true;
    if (typeof BroadcastChannel !== "undefined" && navigator.locks) {
      this.channel = new BroadcastChannel(LOCK);
      this.channel.onmessage = (message) => this.told(message.data);
      this.announce();
      void navigator.locks.request(LOCK, () => {
        this.lead();
        return new Promise(() => undefined);
      });
      addEventListener("pagehide", () => this.channel?.postMessage({ what: "gone", tab: this.tab }));
    } else {
      this.lead();
    }
    setInterval(() => this.lookForSilence(), 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.announce(); });
    addEventListener("online", () => this.leads && this.connect(true));
  }

  /** Instead of beginning: all stays as it was then. */
  keep(then: number) {
    this.pulse = { state: "kept", since: then };
  }

  on(kind: Kind, handler: Handler): () => void {
    let all = this.handlers.get(kind);
    if (!all) this.handlers.set(kind, (all = new Set()));
    all.add(handler);
    if (kind === "questions" && this.questions) handler(this.questions);
    return () => void all.delete(handler);
  }

  /** Whether changes of a run are told as they come. */
  follows(run: string): boolean {
    return this.following.has(run);
  }

  /** Wants to hear of a run, by its whole id, until the returned function is called. */
  follow(run: string): () => void {
    this.mine.set(run, (this.mine.get(run) ?? 0) + 1);
    this.announce();
    return () => {
      const left = (this.mine.get(run) ?? 1) - 1;
      if (left > 0) this.mine.set(run, left);
      else this.mine.delete(run);
      this.announce();
    };
  }

  onPulse(listener: () => void): () => void {
    this.pulses.add(listener);
    return () => void this.pulses.delete(listener);
  }

  private announce() {
    this.channel?.postMessage({ what: "want", tab: this.tab, runs: [...this.mine.keys()] });
    if (this.leads) {
      this.note([...this.mine.keys()]);
      this.soon();
    }
  }

  private note(runs: string[]) {
    for (const run of runs) this.shown.set(run, ++this.said);
  }

  private told(message: any) {
    switch (message.what) {
      case "want":
        this.theirs.set(message.tab, message.runs);
        if (this.leads) {
          this.note(message.runs);
          this.soon();
          this.channel?.postMessage({ what: "event", kind: "following", data: { runs: [...this.following] } });
          this.channel?.postMessage({ what: "pulse", pulse: this.pulse });
          if (this.questions) this.channel?.postMessage({ what: "event", kind: "questions", data: this.questions });
        }
        break;
      case "gone":
        this.theirs.delete(message.tab);
        if (this.leads) this.soon();
        break;
      case "who":
        this.announce();
        break;
      case "event":
        this.give(message.kind, message.data);
        break;
      case "pulse":
        this.beat(message.pulse);
        break;
    }
  }

  private lead() {
    this.leads = true;
    this.note([...this.mine.keys()]);
    this.channel?.postMessage({ what: "who" });
    this.soon();
  }

  private soon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.connect(false), this.source ? 60 : 10);
  }

  private connect(anew: boolean) {
    const all = [...new Set([...this.mine.keys(), ...[...this.theirs.values()].flat()])];
    const last = (run: string) => this.shown.get(run) ?? 0;
    const runs = all.sort((a, b) => last(b) - last(a)).slice(0, MOST_FOLLOWED).sort();
    const wanted = runs.map((run) => `&run=${encodeURIComponent(run)}`).join("");
    if (this.source && wanted === this.asked && !anew) return;
    this.source?.close();
    this.asked = wanted;
    this.pass("following", { runs });
    const source = new EventSource("/api/v1/live?list=true&questions=true" + wanted);
    this.source = source;
    this.heard = Date.now();
    source.addEventListener("open", () => {
      this.heard = Date.now();
      this.retry = 500;
      this.spread({ state: "live", since: Date.now() });
    });
    for (const kind of ["patch", "progress", "runs", "questions", "refetch", "hello"] as const) {
      source.addEventListener(kind, (event) => {
        this.heard = Date.now();
        const data = JSON.parse((event as MessageEvent<string>).data);
        if (kind === "hello" && data.alive_ms > 0) this.pulsing = data.alive_ms;
        this.pass(kind, data);
      });
    }
    source.addEventListener("not_followed", (event) => {
      const none = (JSON.parse((event as MessageEvent<string>).data).runs as { run: string }[]).map((one) => one.run);
      this.pass("following", { runs: runs.filter((run) => !none.includes(run)) });
    });
    source.addEventListener("alive", () => (this.heard = Date.now()));
    source.addEventListener("bye", () => this.again(source));
    source.addEventListener("error", () => this.again(source));
  }

  /** The browser's own reconnection gives up on refusals; ours does not. */
  private again(source: EventSource) {
    if (source !== this.source) return;
    source.close();
    // Whoever wants another run meanwhile asks anew, also for what was asked for before.
    this.source = null;
    if (this.pulse.state !== "lost") this.spread({ state: "lost", since: Date.now() });
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.connect(true), this.retry);
    this.retry = Math.min(this.retry * 2, 8000);
  }

  private lookForSilence() {
    if (this.leads && this.source && Date.now() - this.heard > silentFor(this.pulsing)) {
      this.again(this.source);
    }
  }

  private pass(kind: Kind, data: unknown) {
    this.channel?.postMessage({ what: "event", kind, data });
    this.give(kind, data);
  }

  private give(kind: Kind, data: unknown) {
    if (kind === "questions") this.questions = data;
    if (kind === "following") this.following = new Set((data as { runs: string[] }).runs);
    this.handlers.get(kind)?.forEach((handler) => handler(data));
  }

  private spread(pulse: Pulse) {
    this.channel?.postMessage({ what: "pulse", pulse });
    this.beat(pulse);
  }

  private beat(pulse: Pulse) {
    this.pulse = pulse;
    this.pulses.forEach((listener) => listener());
  }
}

export const live = new Live();
