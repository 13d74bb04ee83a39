/** JSON that can be read: the first level, virtual rows, long texts cut. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { get, said } from "../live/api";
import type { Payload } from "../live/types";
import { copy, save, toast } from "./common";
import { size } from "./figures";
import { inside, MOST_FOUND, pathOf, useFound, type Found } from "./find";
import { Icon } from "./icons";
import { Leaf, LongText } from "./long-text";

/** Deeper rows are moved in no further; they say how deep they are. */
const MOST_INDENT = 14;

/** A cell of a table. */
const CELL = 256;

interface Row { path: string; depth: number; name: string; value: unknown; open: boolean | null }

function rowsOf(value: unknown, open: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const walk = (node: unknown, path: string, depth: number) => {
    for (const [name, child] of inside(node) ?? []) {
      const at = pathOf(path, name, Array.isArray(node));
      const can = (inside(child)?.length ?? 0) > 0;
      rows.push({ path: at, depth, name, value: child, open: can ? open.has(at) : null });
      if (can && open.has(at)) walk(child, at, depth + 1);
    }
  };
  walk(value, "", 0);
  return rows;
}

function gist(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length.toLocaleString("en")} items`;
  const names = Object.keys(value as object);
  return names.length === 0 ? "{}" : names.slice(0, 4).join(", ") + (names.length > 4 ? ", …" : "");
}

function Tree({ value, sought, found, turn }: { value: unknown; sought: string; found: Found; turn: number }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => (found.open.size > 0 ? new Set([...open, ...found.open]) : open), [open, found]);
  const rows = useMemo(() => rowsOf(value, shown), [value, shown]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    overscan: 12,
    getItemKey: (i) => rows[i]!.path,
    initialRect: { width: 400, height: 320 },
  });
  const hits = useMemo(() => new Set(found.paths), [found]);
  const current = found.paths.length > 0 ? found.paths[turn % found.paths.length]! : null;
  useEffect(() => {
    const at = current === null ? -1 : rows.findIndex((row) => row.path === current);
    if (at >= 0) virtual.scrollToIndex(at, { align: "center" });
  }, [current]); // eslint-disable-line
  const toggle = (row: Row) => {
    if (row.open === null) return;
    const next = new Set(open);
    if (row.open) next.delete(row.path);
    else next.add(row.path);
    setOpen(next);
  };
  if (inside(value) === null) return <div className="json-box" tabIndex={0} role="group" aria-label="Value"><Leaf value={value} sought={sought} /></div>;
  if (rows.length === 0) return <div className="json-box dim">{Array.isArray(value) ? "an empty list" : "nothing in it"}</div>;
  return (
    <div className="json-box" ref={box} tabIndex={0} role="group" aria-label="Values">
      <div className="json-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          return (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={row.path === current ? "json-row match current" : hits.has(row.path) ? "json-row match" : "json-row"} style={{ transform: `translateY(${item.start}px)`, paddingLeft: 4 + Math.min(row.depth, MOST_INDENT) * 14 }}>
              {row.depth > MOST_INDENT && <span className="dim num json-depth" title={`${row.depth} levels deep`}>{row.depth}</span>}
              {row.open === null ? <span className="json-fold" /> : (
                <button type="button" className="json-fold" aria-expanded={row.open} aria-label={`${row.open ? "Fold" : "Open"} ${row.path}`} onClick={() => toggle(row)}>
                  <Icon name={row.open ? "down" : "right"} />
                </button>
              )}
              <span className="json-name" title={row.path} onClick={() => toggle(row)}>{row.name}</span>
              {inside(row.value) === null ? <Leaf value={row.value} sought={sought} /> : <span className="dim" onClick={() => toggle(row)}>{gist(row.value)}</span>}
              <button type="button" className="json-copy" aria-label={`Copy the value of ${row.path}`} title="Copy value" onClick={() => void copy(typeof row.value === "string" ? row.value : JSON.stringify(row.value, null, 2), "the value")}><Icon name="copy" /></button>
              <button type="button" className="json-copy" aria-label={`Copy the path ${row.path}`} title="Copy path" onClick={() => void copy(row.path, "the path")}><Icon name="link" /></button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const MOST_ROWS = 200;
const MOST_COLUMNS = 12;
const MOST_TABLE = 2000;

type Named<T> = [string, T][];
const plain = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);

/** The value itself and what it has at its first level, as far as it is of a kind. */
function ofKind<T>(value: unknown, is: (one: unknown) => one is T): Named<T> {
  if (is(value)) return [["", value]];
  return plain(value) ? Object.entries(value).flatMap(([name, one]) => (is(one) ? [[name, one]] : []) as Named<T>) : [];
}

const isTable = (value: unknown): value is Record<string, unknown>[] => Array.isArray(value) && value.length > 0 && value.every(plain);
const isText = (value: unknown): value is string => typeof value === "string" && (value.includes("\n") || value.length > 80);

export function Tables({ tables }: { tables: Named<Record<string, unknown>[]> }) {
  const [most, setMost] = useState(MOST_ROWS);
  return (
    <div className="json-box scroll-x" tabIndex={0} role="group" aria-label="Tables">
      {tables.map(([name, rows]) => {
        const columns = [...new Set(rows.slice(0, most).flatMap((row) => Object.keys(row)))];
        const shown = columns.slice(0, MOST_COLUMNS);
        return (
          <table key={name} className="tight value-table">
            {name && <caption>{name}</caption>}
            <thead><tr><th>#</th>{shown.map((one) => <th key={one}>{one}</th>)}</tr></thead>
            <tbody>{rows.slice(0, most).map((row, i) => <tr key={i}><td className="dim num">{i}</td>{shown.map((one) => <td key={one}>{one in row && <Leaf cut={CELL} value={row[one] !== null && typeof row[one] === "object" ? JSON.stringify(row[one]) : row[one]} />}</td>)}</tr>)}</tbody>
            {(rows.length > most || columns.length > MOST_COLUMNS) && <tfoot><tr><td colSpan={shown.length + 1} className="dim">The first {Math.min(rows.length, most).toLocaleString("en")} of {rows.length.toLocaleString("en")} rows{columns.length > MOST_COLUMNS && `, ${MOST_COLUMNS} of ${columns.length} columns`}; the tree has all. {rows.length > most && most < MOST_TABLE && <button type="button" className="button" onClick={() => setMost(most + MOST_ROWS)}>Show {MOST_ROWS} more</button>}</td></tr></tfoot>}
          </table>
        );
      })}
    </div>
  );
}

/** Texts as they are written: nothing in them is taken for markup. */
function Texts({ texts }: { texts: Named<string> }) {
  return (
    <div className="json-box" tabIndex={0} role="group" aria-label="Texts">
      {texts.map(([name, text]) => <section key={name}>{name && <h3 className="caption">{name}</h3>}<div className="json-text"><Leaf value={text} /></div></section>)}
    </div>
  );
}

/** A payload that is fetched whole only when somebody asks. */
export function PayloadView({ payload, whole, name }: { payload: Payload; whole?: string; name: string }) {
  const [full, setFull] = useState<{ value: unknown } | null>(null);
  const [mode, setMode] = useState<"tree" | "text" | "table" | "raw">("tree");
  const [sought, setSought] = useState("");
  const [turn, setTurn] = useState(0);
  const cut = payload.cut && !full;
  const value = full ? full.value : payload.cut ? undefined : payload.value;
  const load = async () => {
    if (!whole) return;
    try {
      setFull({ value: await get<unknown>(whole) });
    } catch (e) {
      toast("failed", said(e));
    }
  };
  const texts = useMemo(() => ofKind(value, isText), [value]);
  const tables = useMemo(() => ofKind(value, isTable), [value]);
  const found = useFound(value, sought);
  const text = () => JSON.stringify(value, null, 2) ?? "null";
  const raw = useMemo(() => (mode === "raw" ? text() : ""), [mode, value]); // eslint-disable-line
  const download = () => save(text(), `${name}.json`, "application/json");
  if (cut) {
    return (
      <div className="json">
        <pre className="json-box" tabIndex={0}>{payload.preview}…</pre>
        <div className="row"><span className="dim small">The first 2 KiB of {size(payload.bytes)}.</span>{whole && <button type="button" className="button" onClick={() => void load()}>Load all</button>}</div>
      </div>
    );
  }
  return (
    <div className="json">
      <div className="json-tools">
        <div className="segments" role="group" aria-label="How to show it">
          <button type="button" aria-pressed={mode === "tree"} onClick={() => setMode("tree")}>Tree</button>
          {texts.length > 0 && <button type="button" aria-pressed={mode === "text"} onClick={() => setMode("text")}>Text</button>}
          {tables.length > 0 && <button type="button" aria-pressed={mode === "table"} onClick={() => setMode("table")}>Table</button>}
          <button type="button" aria-pressed={mode === "raw"} onClick={() => setMode("raw")}>Raw</button>
        </div>
        <input className="field grow" type="search" placeholder="Find" aria-label={`Find in ${name}`} title="Enter for the next" value={sought}
          onChange={(e) => { setSought(e.target.value); setTurn(0); setMode("tree"); }}
          onKeyDown={(e) => { if (e.key === "Enter" && found.paths.length > 0) setTurn((turn + (e.shiftKey ? found.paths.length - 1 : 1)) % found.paths.length); }} />
        {sought.trim().length > 1 && typeof value === "object" && <span className="dim small num json-found" role="status">{found.looking ? "…" : found.paths.length === 0 ? "none" : `${turn + 1} of ${found.paths.length === MOST_FOUND ? `${MOST_FOUND.toLocaleString("en")} and more` : found.paths.length}`}</span>}
        <button type="button" className="button plain icon" aria-label={`Copy ${name}`} title="Copy" onClick={() => void copy(text(), name)}><Icon name="copy" /></button>
        <button type="button" className="button plain icon" aria-label={`Download ${name}`} title="Download" onClick={download}><Icon name="file" /></button>
      </div>
      {mode === "text" && texts.length > 0 ? <Texts texts={texts} /> : mode === "table" && tables.length > 0 ? <Tables tables={tables} />
        : mode === "raw" ? <LongText text={raw} label="Raw" mono /> : <Tree value={value} sought={sought.trim().toLowerCase()} found={found} turn={turn} />}
    </div>
  );
}
