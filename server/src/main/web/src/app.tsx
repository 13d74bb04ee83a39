import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { busy, get, onLost, Problem, said, signIn, signOut } from "./live/api";
import { live } from "./live/live";
import type { Question, RunPage, Session } from "./live/types";
import { usePulse } from "./live/use";
import { Aloud, Dialog, Toasts } from "./parts/common";
import { shortId } from "./parts/figures";
import { Logo, Theme } from "./parts/frame";
import { Icon } from "./parts/icons";
import { KeysDialog, useKeys } from "./parts/keys";
import { lookOfRun, Mark } from "./parts/state";
import { RightsContext } from "./rights";
import { go, Link, usePath, useScrollKept } from "./router";
import { RunsPage } from "./pages/runs";

const RunPageView = lazy(() => import("./pages/run"));
const Inbox = lazy(() => import("./pages/inbox"));
const NewRun = lazy(() => import("./pages/new-run"));
const Agents = lazy(() => import("./pages/agents"));
const Audit = lazy(() => import("./pages/audit"));
const Resources = lazy(() => import("./pages/resources"));
const Memory = lazy(() => import("./pages/memory"));
const Events = lazy(() => import("./pages/events"));
const DiffPage = lazy(() => import("./pages/diff"));

type Standing = { at: "asking" } | { at: "out"; why?: string } | { at: "in"; session: Session };

export function App() {
  const [standing, setStanding] = useState<Standing>({ at: "asking" });
  useEffect(() => {
    void enter().then(setStanding);
    return onLost(() => setStanding({ at: "out", why: "The session is over. Show a token again." }));
  }, []);
  useEffect(() => {
    if (standing.at === "in") live.start();
  }, [standing.at]);
  if (standing.at === "asking") return null;
  if (standing.at === "out") return <Door why={standing.why} onIn={(session) => setStanding({ at: "in", session })} />;
  return (
    <RightsContext.Provider value={standing.session}>
      <Frame session={standing.session} onOut={() => setStanding({ at: "out" })} />
    </RightsContext.Provider>
  );
}

/** A token in the fragment of the address is used and taken away; otherwise the cookie counts. */
async function enter(): Promise<Standing> {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      return { at: "in", session: await signIn<Session>(decodeURIComponent(token)) };
    } catch (e) {
      return { at: "out", why: said(e) };
    }
  }
  try {
    return { at: "in", session: await get<Session>("/session") };
  } catch (e) {
    return e instanceof Problem && e.status === 401 ? { at: "out" } : { at: "out", why: said(e) };
  }
}

function Door({ why, onIn }: { why?: string | undefined; onIn: (session: Session) => void }) {
  const [token, setToken] = useState("");
  const [error, setError] = useState(why);
  const enterWith = async () => {
    try {
      onIn(await signIn<Session>(token.trim()));
    } catch (e) {
      setError(said(e));
    }
  };
  return (
    <main className="door">
      <form className="card" onSubmit={(event) => { event.preventDefault(); void enterWith(); }}>
        <Logo />
        <h1>Tutti</h1>
        <p className="dim">Open the link that <code>tutti serve</code> printed, or paste its token.</p>
        <label className="caption" htmlFor="token">Token</label>
        <input id="token" className="field" type="password" autoComplete="current-password" value={token} onChange={(e) => setToken(e.target.value)} aria-invalid={error ? true : undefined} aria-describedby={error ? "token-error" : undefined} />
        {error && <p id="token-error" className="bad" role="alert">{error}</p>}
        <button className="button strong" disabled={!token.trim()}>Go in</button>
        <p className="hint">Lost it? <code>tutti serve --new-token</code> makes another.</p>
      </form>
    </main>
  );
}

const PLACES = [
  { to: "/runs", text: "Runs", key: "g r" },
  { to: "/inbox", text: "Inbox", key: "g i" },
  { to: "/new", text: "New run", key: "g n" },
  { to: "/agents", text: "Agents", key: "g a" },
  { to: "/resources", text: "Resources", key: "g s" },
  { to: "/events", text: "Events", key: "g e" },
  { to: "/memory", text: "Memory", key: "g m" },
  { to: "/audit", text: "Audit", key: "g u" },
] as const;

function Frame({ session, onOut }: { session: Session; onOut: () => void }) {
  const path = usePath();
  const [open, setOpen] = useState(0);
  const [keys, setKeys] = useState(false);
  const [palette, setPalette] = useState(false);
  useEffect(() => live.on("questions", (data: { open: number; questions: Question[] }) => setOpen(data.open)), []);
  useKeys({
    "?": () => setKeys(true),
    "Ctrl+k": (event) => { event.preventDefault(); setPalette(true); },
    "g r": () => go("/runs"), "g i": () => go("/inbox"), "g n": () => go("/new"), "g a": () => go("/agents"),
    "g s": () => go("/resources"), "g e": () => go("/events"), "g m": () => go("/memory"), "g u": () => go("/audit"),
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  });
  const here = path === "/" ? "/runs" : path;
  const page = useRef<HTMLElement>(null);
  useScrollKept(page);
  return (
    <div className="frame">
      <a className="skip" href="#main">To the content</a>
      <header className="top">
        <Link to="/runs" className="brand"><Logo /><span>Tutti</span></Link>
        <nav aria-label="Pages">
          {PLACES.filter((place) => place.to !== "/new").map((place) => (
            <Link key={place.to} to={place.to} aria-current={here.startsWith(place.to) ? "page" : undefined}>
              {place.text}
              {place.to === "/inbox" && open > 0 && <span className="count">{open}<span className="unseen"> open questions</span></span>}
            </Link>
          ))}
        </nav>
        <span className="grow" />
        <Lost />
        <button type="button" className="button plain wide" onClick={() => setPalette(true)}><Icon name="search" />Go to<kbd>Ctrl K</kbd></button>
        <Theme />
        <button type="button" className="button plain wide" onClick={() => setKeys(true)} aria-label="Keys" title="Keys">?</button>
        <button type="button" className="button plain" title={`${session.role}: ${session.rights.join(", ")}. Sign out`} onClick={() => void signOut().finally(onOut)}><Icon name="out" /><span className="wide">{session.who}</span></button>
      </header>
      <Busy />
      <main ref={page} id="main" className="page" key={here.startsWith("/runs/") ? here.split("/")[2] : here.split("/")[1]}>
        <Suspense fallback={null}>{pageAt(here)}</Suspense>
      </main>
      <KeysDialog open={keys} onClose={() => setKeys(false)} />
      <Palette open={palette} onClose={() => setPalette(false)} />
      <Toasts />
      <Aloud />
    </div>
  );
}

function pageAt(path: string): ReactNode {
  const [, first, second] = path.split("/");
  switch (first) {
    case "runs": return second ? <RunPageView run={decodeURIComponent(second)} /> : <RunsPage />;
    case "inbox": return <Inbox />;
    case "new": return <NewRun />;
    case "agents": return <Agents />;
    case "resources": return <Resources />;
    case "events": return <Events />;
    case "memory": return <Memory />;
    case "audit": return <Audit />;
    case "diff": return <DiffPage />;
    default:
      return <div className="empty"><h2>Nothing is here</h2><p><Link to="/runs" className="link">To the runs</Link></p></div>;
  }
}

function Busy() {
  const on = useSyncExternalStore(busy.subscribe, busy.get);
  return on ? <div className="busy over" role="progressbar" aria-label="Waiting for the server" /> : null;
}

/** Says that the page is no longer live; nothing is said while it is. */
function Lost() {
  const pulse = usePulse();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 3000);
    return () => { clearTimeout(timer); setLate(false); };
  }, [pulse]);
  if (pulse.state === "live" || (pulse.state === "connecting" && !late)) return null;
  return <span className="chip lost" role="status"><Mark look="backing" />Not live since {new Date(pulse.since).toLocaleTimeString("en-GB")}, retrying</span>;
}

function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [text, setText] = useState("");
  const [runs, setRuns] = useState<RunPage["runs"]>([]);
  const [at, setAt] = useState(0);
  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    get<RunPage>(`/runs?limit=8${text ? `&q=${encodeURIComponent(text)}` : ""}`, stop.signal).then((page) => setRuns(page.runs), () => undefined);
    return () => stop.abort();
  }, [open, text]);
  const verbs = useMemo(() => [...document.querySelectorAll<HTMLButtonElement>("main [data-verb]:not(:disabled)")].map((button) => ({ id: "verb-" + button.dataset["verb"], label: button.dataset["verb"] ?? "", detail: "verb", act: () => button.click() })), [open]);
  const choices = [
    ...PLACES.map((place) => ({ id: place.to, label: place.text, detail: "page", act: () => go(place.to) })),
    ...verbs,
  ].filter((one) => one.label.toLowerCase().includes(text.toLowerCase()));
  const total = choices.length + runs.length;
  const take = (index: number) => {
    onClose();
    setText("");
    setAt(0);
    if (index < choices.length) choices[index]?.act();
    else {
      const run = runs[index - choices.length];
      if (run) go(`/runs/${run.run}`);
    }
  };
  return (
    <Dialog open={open} onClose={onClose} title="Go to" className="palette">
      <input
        autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={`palette-${at}`} aria-label="A page, a verb, or a run"
        placeholder="A page, a verb, or a run" value={text}
        onChange={(event) => { setText(event.target.value); setAt(0); }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, total - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter") take(at);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" role="listbox" aria-label="Matches">
        {choices.map((one, i) => (
          <li key={one.id} id={`palette-${i}`} role="option" aria-selected={i === at} onClick={() => take(i)}><span className="grow">{one.label}</span><span className="dim small">{one.detail}</span></li>
        ))}
        {runs.map((run, i) => (
          <li key={run.run} id={`palette-${choices.length + i}`} role="option" aria-selected={choices.length + i === at} onClick={() => take(choices.length + i)}>
            <Mark look={lookOfRun(run.status)} still /><span className="grow clip">{run.goal}{run.about && <span className="about"> · {run.about}</span>}</span><code className="dim">{shortId(run.run)}</code>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
