/** Addresses. Everything that a view shows is in its address, so that reload, back and links work. */
import { useCallback, useEffect, useMemo, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type RefObject } from "react";

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());
addEventListener("popstate", tell);

let only: string | null = null;

/** There is one place, whatever address it is read from: all that is elsewhere cannot be gone to. */
export function stayAt(place: string) {
  only = place;
}

const isHere = (to: string) => only === null || new URL(to, "file:///").pathname === only;

/** An address as the browser is to have it. */
const written = (to: string) => (only === null ? to : location.pathname + new URL(to, "file:///").search);

export function go(address: string, replace = false) {
  if (!isHere(address)) return;
  const to = written(address);
  if (to === location.pathname + location.search) return;
  // Who goes somewhere begins at its top; who comes back is where he was.
  if (!replace) sessionStorage.removeItem(scrolledTo(to));
  history[replace ? "replaceState" : "pushState"](null, "", to);
  tell();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** So long it waits for what was scrolled to. */
const PATIENCE_MS = 4000;

const scrolledTo = (place: string) => `tutti.scroll.${place}`;

/** Keeps how far a page was scrolled for a reload and the back button, which find it there again once that much is loaded. */
export function useScrollKept(box: RefObject<HTMLElement | null>) {
  const place = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  useEffect(() => {
    const page = box.current;
    if (!page) return;
    const wanted = Number(sessionStorage.getItem(scrolledTo(place)) ?? 0);
    const until = performance.now() + PATIENCE_MS;
    let frame = 0;
    const look = () => {
      if (page.scrollHeight - page.clientHeight >= wanted) page.scrollTop = wanted;
      else if (performance.now() < until) frame = requestAnimationFrame(look);
    };
    if (wanted > 0) look();
    const byHand = () => cancelAnimationFrame(frame);
    const keep = () => sessionStorage.setItem(scrolledTo(place), String(Math.round(page.scrollTop)));
    page.addEventListener("scroll", keep);
    for (const hand of ["wheel", "keydown", "pointerdown"]) page.addEventListener(hand, byHand);
    return () => {
      byHand();
      page.removeEventListener("scroll", keep);
      for (const hand of ["wheel", "keydown", "pointerdown"]) page.removeEventListener(hand, byHand);
    };
  }, [box, place]);
}

export const usePath = () => useSyncExternalStore(subscribe, () => location.pathname);

/** The query of the address, and a way to change some of it; null takes a name away. */
export function useQuery() {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const query = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback((changes: Record<string, string | number | null>, replace = false) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, String(value));
    }
    const text = next.toString();
    go((only ?? location.pathname) + (text ? "?" + text : ""), replace);
  }, []);
  return [query, set] as const;
}

export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  if (!isHere(to)) return <span className="nowhere">{rest.children}</span>;
  return <a href={written(to)} onClick={click} {...rest} />;
}
