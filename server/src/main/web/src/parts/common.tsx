import { useEffect, useId, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Problem, said } from "../live/api";
import { Icon } from "./icons";
import { Mark, type Look } from "./state";

/** A sentence of the server; what it has in backticks is a name. */
export function Said({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i} className="named">{part}</code> : part))}</>;
}

/** What a place would show, and the one thing that makes it so. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A failure of a request, with a way to try again. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  if (error instanceof Problem && error.code === "not_in_file") {
    return <div className="note" role="status"><Icon name="file" /><span><Said text={said(error)} /></span></div>;
  }
  return (
    <div className="note failed" role="alert">
      <Mark look="failed" />
      <span className="grow"><Said text={said(error)} /></span>
      {again && <button type="button" className="button" onClick={again}>Try again</button>}
    </div>
  );
}

export function Waiting({ what }: { what: string }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return slow ? <p className="empty" role="status">Loading {what}…</p> : null;
}

/** A native modal dialog; the browser keeps the focus inside and gives it back. */
export function Dialog({ open, onClose, title, children, className }: { open: boolean; onClose: () => void; title: string; children: ReactNode; className?: string }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      className={className}
      aria-labelledby={id}
      onClose={onClose}
      onMouseDown={(event) => { if (event.target === ref.current) onClose(); }}
    >
      {open && (
        <div className="dialog-body">
          <h2 id={id} className={className === "palette" ? "unseen" : "dialog-head"}>{title}</h2>
          {children}
        </div>
      )}
    </dialog>
  );
}

// ---- toasts

interface Toast { id: number; look: Look; text: string; to?: { href: string; text: string } }
let toasts: Toast[] = [];
let nextToast = 1;
const toastListeners = new Set<() => void>();
const setToasts = (next: Toast[]) => { toasts = next; toastListeners.forEach((listener) => listener()); };

export function toast(look: Look, text: string, to?: { href: string; text: string }) {
  const id = nextToast++;
  setToasts([...toasts.slice(-3), { id, look, text, ...(to ? { to } : {}) }]);
  setTimeout(() => setToasts(toasts.filter((one) => one.id !== id)), look === "failed" ? 12_000 : 6_000);
}

export function Toasts() {
  const shown = useSyncExternalStore((l) => { toastListeners.add(l); return () => void toastListeners.delete(l); }, () => toasts);
  return (
    <div className="toasts" role="status">
      {shown.map((one) => (
        <div key={one.id} className="toast">
          <Mark look={one.look} />
          <span className="grow">{one.text}{one.to && <> <a className="link" href={one.to.href}>{one.to.text}</a></>}</span>
          <button type="button" className="button plain icon" aria-label="Dismiss" onClick={() => setToasts(toasts.filter((t) => t.id !== one.id))}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  );
}

export async function copy(text: string, what: string) {
  try {
    await navigator.clipboard.writeText(text);
    toast("succeeded", `Copied ${what}.`);
  } catch {
    toast("failed", `The browser did not let ${what} be copied.`);
  }
}

/** Copies the address of something on this page: the address as it is, with `query` and `hash` set. */
export function CopyLink({ query = {}, hash, what }: { query?: Record<string, string | number>; hash?: string; what: string }) {
  const link = () => {
    const to = new URL(location.href);
    for (const [name, value] of Object.entries(query)) to.searchParams.set(name, String(value));
    if (hash !== undefined) to.hash = hash;
    void copy(to.href, "the link");
  };
  return <button type="button" className="button plain icon" aria-label={`Copy a link to ${what}`} title="Copy link" onClick={link}><Icon name="link" /></button>;
}

/** Lets the browser save a text as a file. */
export function save(text: string, name: string, type: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// ---- said aloud, at most once in five seconds

let aloud = "";
let lastAloud = 0;
let aloudTimer = 0;
const aloudListeners = new Set<() => void>();

export function announce(text: string) {
  clearTimeout(aloudTimer);
  aloudTimer = window.setTimeout(() => {
    lastAloud = Date.now();
    aloud = text;
    aloudListeners.forEach((listener) => listener());
  }, Math.max(0, lastAloud + 5000 - Date.now()));
}

export function Aloud() {
  const text = useSyncExternalStore((l) => { aloudListeners.add(l); return () => void aloudListeners.delete(l); }, () => aloud);
  return <div className="unseen" aria-live="polite">{text}</div>;
}

/** The share of a budget that is spent, where that was worth an alarm. */
export function Alarm({ percent }: { percent: number }) {
  return percent < 50 ? null : (
    <span className={percent >= 80 ? "alarm near" : "alarm"} title="The journal has an alarm at 50, 80 and 100 %">{percent >= 100 && <Mark look="failed" still />}{percent >= 100 ? "all of the budget is spent" : `${percent} % of the budget is spent`}</span>
  );
}

/** A share of a whole in parts of state. */
export function Bar({ parts, total, width }: { parts: [Look, number][]; total: number; width?: number }) {
  return (
    <span className="bar" style={width ? { width } : undefined} aria-hidden="true">
      {parts.filter(([, n]) => n > 0).map(([look, n]) => (
        <span key={look} className={`s-${look}`} style={{ width: `${Math.min(100, (n / Math.max(1, total)) * 100)}%` }} />
      ))}
    </span>
  );
}
