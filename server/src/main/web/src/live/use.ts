import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { get } from "./api";
import { live } from "./live";

/** What is at `path`, fetched when it or `version` changes; the old stays until the new is there. */
export function useGet<T>(path: string | null, version: unknown = 0): { data: T | null; error: unknown; again: () => void } {
  const [data, setData] = useState<{ path: string; value: T } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => { setData({ path, value }); setError(null); },
      (e: unknown) => {
        if (stop.signal.aborted) return;
        setError(e);
        setData((had) => (had?.path === path ? had : null));
      },
    );
    return () => stop.abort();
  }, [path, version, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { data: path !== null && data ? data.value : null, error, again };
}

/** `value`, passed on at most once in `ms`; the last one always comes. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - Date.now());
    const timer = setTimeout(() => { last.current = Date.now(); setShown(value); }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return shown;
}

const time = () => (live.pulse.state === "kept" ? live.pulse.since : Date.now());

/** The time, renewed every `ms` while `on`. */
export function useNow(on: boolean, ms = 1000): number {
  const [now, setNow] = useState(time);
  useEffect(() => {
    if (!on || live.pulse.state === "kept") return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), ms);
    return () => clearInterval(timer);
  }, [on, ms]);
  return now;
}

export const usePulse = () => useSyncExternalStore((listener) => live.onPulse(listener), () => live.pulse);

/** Which theme is shown; what is drawn on a canvas is drawn again when it changes. */
export function useShownTheme(): string {
  const [theme, setTheme] = useState(document.documentElement.dataset["theme"] ?? "light");
  useEffect(() => {
    const watch = new MutationObserver(() => setTheme(document.documentElement.dataset["theme"] ?? "light"));
    watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => watch.disconnect();
  }, []);
  return theme;
}

/** State that outlives the page in this browser. */
export function useKept<T>(key: string, initial: T): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = localStorage.getItem("tutti." + key);
      return kept === null ? initial : (JSON.parse(kept) as T);
    } catch {
      return initial;
    }
  });
  const set = useCallback((next: T) => {
    setValue(next);
    try { localStorage.setItem("tutti." + key, JSON.stringify(next)); } catch { /* a full or closed store loses it */ }
  }, [key]);
  return [value, set];
}
