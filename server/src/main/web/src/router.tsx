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
  // Who goes somewhere begins at its top; who comes back, or changes what is shown, is where he was.
  if (replace) {
    const scrolled = sessionStorage.getItem(scrolledTo(location.pathname + location.search));
    if (scrolled !== null) sessionStorage.setItem(scrolledTo(to), scrolled);
    history.replaceState(null, "", to + (rowInAddress() === null ? "" : location.hash));
  } else {
    for (const key of Object.keys(sessionStorage)) if (key === scrolledTo(to) || key.startsWith(`${scrolledTo(to)}#`)) sessionStorage.removeItem(key);
    history.pushState(null, "", to);
  }
  tell();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** So long it waits for what was scrolled to. */
const PATIENCE_MS = 4000;

/** So long nothing is scrolled before it is in the address what is at the top. */
const REST_MS = 150;

/** So many frames a place is held while what is loaded there settles. */
const HELD = 12;

const scrolledTo = (place: string) => `tutti.scroll.${place}`;

/** How far a page is scrolled, and how far into the row that the address names. */
interface Scrolled { top: number; into: number }

function kept(place: string): Scrolled {
  try {
    return { top: 0, into: 0, ...(JSON.parse(sessionStorage.getItem(scrolledTo(place)) ?? "{}") as Partial<Scrolled>) };
  } catch {
    return { top: 0, into: 0 };
  }
}

const rowInAddress = () => {
  const row = /^#row=(.+)$/.exec(location.hash)?.[1];
  return row === undefined ? null : decodeURIComponent(row);
};

const below = (element: Element, page: Element) => element.getBoundingClientRect().top - page.getBoundingClientRect().top;

/** The rows of a page by their names; those of a table whose rows have none, by their places. */
function rowsOf(page: HTMLElement): [string, HTMLElement][] {
  const named = [...page.querySelectorAll<HTMLElement>("[data-row]")].map((row): [string, HTMLElement] => [row.dataset["row"]!, row]);
  return named.length > 0 ? named : [...page.querySelectorAll<HTMLElement>(".table-box > table > tbody > tr")].map((row, i) => [`n${i}`, row]);
}

/** The first row in sight, and how much of it is not. */
function atTop(page: HTMLElement): { row: string; into: number } | null {
  if (page.scrollTop < 4) return null;
  for (const [row, element] of rowsOf(page)) {
    const into = -below(element, page);
    if (element.offsetHeight - into > 4) return { row, into: Math.round(into) };
  }
  return null;
}

/** Boxes of a page that scroll by themselves are known by their names, or by that of what is in them. */
function inner(element: EventTarget | null, page: HTMLElement): string | null {
  if (!(element instanceof HTMLElement) || element === page || element.closest(".drawer") !== null) return null;
  return element.getAttribute("aria-label") ?? element.firstElementChild?.getAttribute("aria-label") ?? null;
}

function boxOf(name: string, page: HTMLElement): Element | null {
  const named = page.querySelector(`[aria-label="${CSS.escape(name)}"]`);
  return named && named.scrollHeight <= named.clientHeight ? named.parentElement : named;
}

/**
 * Keeps how far a page was scrolled for a reload, the back button and whoever is given the link. What has rows has the
 * first one in sight in its address, so that it is found also where others came before it.
 */
export function useScrollKept(box: RefObject<HTMLElement | null>) {
  const place = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  useEffect(() => {
    const page = box.current;
    if (!page) return;
    const row = rowInAddress();
    const wanted = kept(place);
    const boxes = new Map<string, number>();
    const prefix = `${scrolledTo(place)}#`;
    for (let i = 0; i < sessionStorage.length; i++) {
      const key = sessionStorage.key(i)!;
      if (key.startsWith(prefix)) boxes.set(key.slice(prefix.length), Number(sessionStorage.getItem(key)));
    }
    const until = performance.now() + PATIENCE_MS;
    let frame = 0;
    let found = row === null && wanted.top === 0;
    let held = 0;
    const look = () => {
      if (!found) {
        const there = row === null ? null : (rowsOf(page).find(([name]) => name === row)?.[1] ?? null);
        if (there) page.scrollTop += below(there, page) + wanted.into;
        else if (row === null && page.scrollHeight - page.clientHeight >= wanted.top) page.scrollTop = wanted.top;
        // A page that is not all there yet may be too short for it.
        found = row === null ? page.scrollTop === wanted.top : there !== null && Math.abs(below(there, page) + wanted.into) < 2;
      }
      for (const [name, top] of boxes) {
        const there = boxOf(name, page);
        if (!there || there.scrollHeight - there.clientHeight < top) continue;
        there.scrollTop = top;
        if (++held > HELD) boxes.delete(name);
      }
      if ((!found || boxes.size > 0) && performance.now() < until) frame = requestAnimationFrame(look);
    };
    look();
    const byHand = () => cancelAnimationFrame(frame);
    let rest = 0;
    const keep = (event: Event) => {
      const name = inner(event.target, page);
      if (name !== null) sessionStorage.setItem(prefix + name, String(Math.round((event.target as HTMLElement).scrollTop)));
      if (event.target !== page) return;
      sessionStorage.setItem(scrolledTo(place), JSON.stringify({ top: Math.round(page.scrollTop), into: 0 }));
      clearTimeout(rest);
      rest = window.setTimeout(() => {
        const first = atTop(page);
        const other = location.hash !== "" && rowInAddress() === null;
        if (location.pathname + location.search !== place || other || (!first && location.hash === "")) return;
        history.replaceState(null, "", place + (first ? `#row=${encodeURIComponent(first.row)}` : ""));
        sessionStorage.setItem(scrolledTo(place), JSON.stringify({ top: Math.round(page.scrollTop), into: first?.into ?? 0 }));
      }, REST_MS);
    };
    page.addEventListener("scroll", keep, true);
    for (const hand of ["wheel", "keydown", "pointerdown"]) page.addEventListener(hand, byHand);
    return () => {
      byHand();
      clearTimeout(rest);
      page.removeEventListener("scroll", keep, true);
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
