/** Asks the server. Every refusal is a [Problem] with a sentence for people. */

export interface FieldError { pointer?: string; place?: string; message: string; code?: string; help?: string }

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

type Listener = () => void;
const busyListeners = new Set<Listener>();
const lostListeners = new Set<Listener>();
let slow = 0;

/** Whether something was asked more than half a second ago and is not answered yet. */
export const busy = {
  get: () => slow > 0,
  subscribe(listener: Listener) {
    busyListeners.add(listener);
    return () => void busyListeners.delete(listener);
  },
};

/** Calls `listener` when the session is over. */
export function onLost(listener: Listener) {
  lostListeners.add(listener);
  return () => void lostListeners.delete(listener);
}

const tell = () => busyListeners.forEach((listener) => listener());

let asking = 0;

/** Programs that look at the page see by `data-asking` of its root whether it is whole. */
function asked(more: number) {
  asking += more;
  document.documentElement.dataset["asking"] = String(asking);
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let counted = false;
  asked(1);
  const timer = setTimeout(() => { counted = true; slow++; tell(); }, 500);
  try {
    const answer = await fetch("/api/v1" + path, { credentials: "same-origin", ...init });
    if (!answer.ok) throw await problem(answer);
    return answer;
  } catch (e) {
    if (e instanceof Problem) {
      if (e.status === 401 && path !== "/session") lostListeners.forEach((listener) => listener());
      throw e;
    }
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    throw new Problem(0, "unreachable", "The server cannot be reached. Is `tutti serve` still running?");
  } finally {
    clearTimeout(timer);
    asked(-1);
    if (counted) { slow--; tell(); }
  }
}

async function problem(answer: Response): Promise<Problem> {
  try {
    const body = (await answer.json()) as Record<string, unknown>;
    return new Problem(
      answer.status,
      String(body["code"] ?? "refused"),
      String(body["detail"] ?? body["title"] ?? `The server answered ${answer.status}.`),
      (body["errors"] as FieldError[] | undefined) ?? [],
      body,
    );
  } catch {
    return new Problem(answer.status, "refused", `The server answered ${answer.status}.`);
  }
}

/** What answers in place of a server. */
export interface Answers {
  /** @throws Problem where it does not know */
  get(path: string): unknown;
  /** Where a file that is at `path` can be loaded from; null for nowhere. */
  address(path: string): string | null;
}

let answers: Answers | null = null;

/** From now on nothing is asked of a server. */
export function answerWith(instead: Answers) {
  answers = instead;
}

/** Where the browser loads from what is at `path`, to save or to show it; null where it cannot. */
export const address = (path: string): string | null => (answers ? answers.address(path) : "/api/v1" + path);

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  if (answers) return answers.get(path) as T;
  const answer = await ask(path, { headers: { Accept: "application/json" }, signal: signal ?? null });
  return (await answer.json()) as T;
}

/** Sends `body`; what is asked twice under one `key` is done once. */
export async function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json", "X-Tutti": "1" };
  if (key) headers["Idempotency-Key"] = key;
  const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Begins a session with a token. */
export async function signIn<T>(token: string): Promise<T> {
  const answer = await ask("/session", { method: "POST", headers: { Authorization: `Bearer ${token}`, "X-Tutti": "1" } });
  return (await answer.json()) as T;
}

export async function signOut(): Promise<void> {
  await ask("/session", { method: "DELETE", headers: { "X-Tutti": "1" } });
}

export const enc = encodeURIComponent;
export const said = (e: unknown): string => (e instanceof Error ? e.message : String(e));
