/** Looks for a text in JSON, a little at a time, so that the page goes on meanwhile. */
import { useEffect, useState } from "react";

const REST_MS = 150;
const SLICE_MS = 12;
const LOOK_EVERY = 16;

/** More places than this are not told of. */
export const MOST_FOUND = 1000;

export interface Found {
  /** Where it is, in order. */
  paths: string[];
  /** What has to be open for these to be seen. */
  open: ReadonlySet<string>;
  looking: boolean;
}

const NOTHING: Found = { paths: [], open: new Set(), looking: false };

export const inside = (value: unknown): [string, unknown][] | null =>
  value !== null && typeof value === "object" ? (Array.isArray(value) ? value.map((v, i) => [String(i), v]) : Object.entries(value)) : null;

export function pathOf(parent: string, name: string, array: boolean) {
  if (array) return `${parent}[${name}]`;
  return /^[A-Za-z_]\w*$/.test(name) ? (parent ? `${parent}.${name}` : name) : `${parent}[${JSON.stringify(name)}]`;
}

interface Level { node: object; names: string[] | null; size: number; next: number; path: string }

function level(node: object, path: string): Level {
  const names = Array.isArray(node) ? null : Object.keys(node);
  return { node, names, size: names ? names.length : (node as unknown[]).length, next: 0, path };
}

/** Each place in turn: where it is with what is above it if the text is there, else null. No depth overflows a stack. */
function* places(value: unknown, wanted: string): Generator<{ path: string; above: string[] } | null, undefined> {
  if (value === null || typeof value !== "object") return;
  const levels: Level[] = [level(value, "")];
  for (let top = levels.at(-1); top; top = levels.at(-1)) {
    if (top.next === top.size) { levels.pop(); continue; }
    const name = top.names ? top.names[top.next]! : String(top.next);
    const child = (top.node as Record<string, unknown>)[name];
    top.next++;
    const deeper = child !== null && typeof child === "object";
    const hit = (top.names !== null && name.toLowerCase().includes(wanted)) || (!deeper && String(child).toLowerCase().includes(wanted));
    const path = hit || deeper ? pathOf(top.path, name, top.names === null) : "";
    yield hit ? { path, above: levels.slice(1).map((one) => one.path) } : null;
    if (deeper) levels.push(level(child, path));
  }
}

/** Where a text is in a value, in any case; once the typing rests. */
export function useFound(value: unknown, sought: string): Found {
  const [found, setFound] = useState(NOTHING);
  const wanted = sought.trim().toLowerCase();
  useEffect(() => {
    if (wanted.length < 2) { setFound(NOTHING); return; }
    setFound({ ...NOTHING, looking: true });
    const paths: string[] = [];
    const open = new Set<string>();
    const walk = places(value, wanted);
    let timer = 0;
    const go = () => {
      const until = performance.now() + SLICE_MS;
      for (let n = 1; ; n++) {
        const { done, value: hit } = walk.next();
        if (hit) {
          paths.push(hit.path);
          hit.above.forEach((one: string) => open.add(one));
        }
        if (done || paths.length === MOST_FOUND) { setFound({ paths, open, looking: false }); return; }
        if (n % LOOK_EVERY === 0 && performance.now() > until) break;
      }
      timer = window.setTimeout(go, 0);
    };
    timer = window.setTimeout(go, REST_MS);
    return () => clearTimeout(timer);
  }, [value, wanted]);
  return found;
}
