/** JSON that can be read: the first level, virtual rows, long texts cut. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { get, said } from "../live/api";
import type { Payload } from "../live/types";
import { copy, save, toast } from "./common";
import { size } from "./figures";
import { Icon } from "./icons";

const CUT = 2048;

interface Row { path: string; depth: number; name: string; value: unknown; open: boolean | null }

const inside = (value: unknown): [string, unknown][] | null =>
  value !== null && typeof value === "object" ? (Array.isArray(value) ? value.map((v, i) => [String(i), v]) : Object.entries(value)) : null;

function pathOf(parent: string, name: string, array: boolean) {
  if (array) return `${parent}[${name}]`;
  return /^[A-Za-z_]\w*$/.test(name) ? (parent ? `${parent}.${name}` : name) : `${parent}[${JSON.stringify(name)}]`;
}

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

function found(value: unknown, text: string): Set<string> {
  const open = new Set<string>();
  const wanted = text.toLowerCase();
  let budget = 200_000;
  const walk = (node: unknown, path: string, above: string[]) => {
    for (const [name, child] of inside(node) ?? []) {
      if (budget-- < 0) return;
      const at = pathOf(path, name, Array.isArray(node));
      const hit = name.toLowerCase().includes(wanted) || (inside(child) === null && String(child).toLowerCase().includes(wanted));
      if (hit) above.forEach((one) => open.add(one));
      walk(child, at, [...above, at]);
    }
  };
  walk(value, "", []);
  return open;
}

function gist(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length.toLocaleString("en")} items`;
  const names = Object.keys(value as object);
  return names.length === 0 ? "{}" : names.slice(0, 4).join(", ") + (names.length > 4 ? ", …" : "");
}

function Leaf({ value }: { value: unknown }) {
  const [all, setAll] = useState(false);
  if (typeof value !== "string") return <span className="json-lit">{value === null ? "null" : String(value)}</span>;
  const long = value.length > CUT && !all;
  return (
    <span className="json-text">
      {long ? value.slice(0, CUT) + "…" : value}
      {long && <button type="button" className="button plain" onClick={() => setAll(true)}>show all ({size(value.length)})</button>}
    </span>
  );
}

function Tree({ value, sought }: { value: unknown; sought: string }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => (sought.length > 1 ? new Set([...open, ...found(value, sought)]) : open), [open, value, sought]);
  const rows = useMemo(() => rowsOf(value, shown), [value, shown]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    overscan: 12,
    getItemKey: (i) => rows[i]!.path,
    initialRect: { width: 400, height: 320 },
  });
  const toggle = (row: Row) => {
    if (row.open === null) return;
    const next = new Set(open);
    if (row.open) next.delete(row.path);
    else next.add(row.path);
    setOpen(next);
  };
  if (inside(value) === null) return <div className="json-box" tabIndex={0} role="group" aria-label="Value"><Leaf value={value} /></div>;
  if (rows.length === 0) return <div className="json-box dim">{Array.isArray(value) ? "an empty list" : "nothing in it"}</div>;
  return (
    <div className="json-box" ref={box} tabIndex={0} role="group" aria-label="Values">
      <div className="json-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const match = sought.length > 1 && (row.name.toLowerCase().includes(sought.toLowerCase()) || (inside(row.value) === null && String(row.value).toLowerCase().includes(sought.toLowerCase())));
          return (
            <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={match ? "json-row match" : "json-row"} style={{ transform: `translateY(${item.start}px)`, paddingLeft: 4 + row.depth * 14 }}>
              {row.open === null ? <span className="json-fold" /> : (
                <button type="button" className="json-fold" aria-expanded={row.open} aria-label={`${row.open ? "Fold" : "Open"} ${row.path}`} onClick={() => toggle(row)}>
                  <Icon name={row.open ? "down" : "right"} />
                </button>
              )}
              <span className="json-name" title={row.path} onClick={() => toggle(row)}>{row.name}</span>
              {inside(row.value) === null ? <Leaf value={row.value} /> : <span className="dim" onClick={() => toggle(row)}>{gist(row.value)}</span>}
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
const MOST_RAW = 200_000;

type Named<T> = [string, T][];
const plain = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);

/** The value itself and what it has at its first level, as far as it is of a kind. */
function ofKind<T>(value: unknown, is: (one: unknown) => one is T): Named<T> {
  if (is(value)) return [["", value]];
  return plain(value) ? Object.entries(value).flatMap(([name, one]) => (is(one) ? [[name, one]] : []) as Named<T>) : [];
}

const isTable = (value: unknown): value is Record<string, unknown>[] => Array.isArray(value) && value.length > 0 && value.every(plain);
const isText = (value: unknown): value is string => typeof value === "string" && (value.includes("\n") || value.length > 80);

function Tables({ tables }: { tables: Named<Record<string, unknown>[]> }) {
  return (
    <div className="json-box scroll-x" tabIndex={0} role="group" aria-label="Tables">
      {tables.map(([name, rows]) => {
        const columns = [...new Set(rows.slice(0, MOST_ROWS).flatMap((row) => Object.keys(row)))];
        const shown = columns.slice(0, MOST_COLUMNS);
        return (
          <table key={name} className="tight value-table">
            {name && <caption>{name}</caption>}
            <thead><tr><th>#</th>{shown.map((one) => <th key={one}>{one}</th>)}</tr></thead>
            <tbody>{rows.slice(0, MOST_ROWS).map((row, i) => <tr key={i}><td className="dim num">{i}</td>{shown.map((one) => <td key={one}>{one in row && <Leaf value={inside(row[one]) === null ? row[one] : JSON.stringify(row[one])} />}</td>)}</tr>)}</tbody>
            {(rows.length > MOST_ROWS || columns.length > MOST_COLUMNS) && <tfoot><tr><td colSpan={shown.length + 1} className="dim">The first {Math.min(rows.length, MOST_ROWS).toLocaleString("en")} of {rows.length.toLocaleString("en")} rows{columns.length > MOST_COLUMNS && `, ${MOST_COLUMNS} of ${columns.length} columns`}; the tree has all.</td></tr></tfoot>}
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
      {texts.map(([name, text]) => <section key={name}>{name && <h3 className="caption">{name}</h3>}<p className="json-text"><Leaf value={text} /></p></section>)}
    </div>
  );
}

function Raw({ text, onDownload }: { text: string; onDownload: () => void }) {
  return (
    <>
      <pre className="json-box" tabIndex={0}>{text.slice(0, MOST_RAW)}</pre>
      {text.length > MOST_RAW && <div className="row"><span className="dim small">The first {size(MOST_RAW)} of {size(text.length)}.</span><button type="button" className="button" onClick={onDownload}>Download all</button></div>}
    </>
  );
}

/** A payload that is fetched whole only when somebody asks. */
export function PayloadView({ payload, whole, name }: { payload: Payload; whole?: string; name: string }) {
  const [full, setFull] = useState<{ value: unknown } | null>(null);
  const [mode, setMode] = useState<"tree" | "text" | "table" | "raw">("tree");
  const [sought, setSought] = useState("");
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
  const text = () => JSON.stringify(value, null, 2) ?? "null";
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
        <input className="field grow" type="search" placeholder="Find" aria-label={`Find in ${name}`} value={sought} onChange={(e) => setSought(e.target.value)} />
        <button type="button" className="button plain icon" aria-label={`Copy ${name}`} title="Copy" onClick={() => void copy(text(), name)}><Icon name="copy" /></button>
        <button type="button" className="button plain icon" aria-label={`Download ${name}`} title="Download" onClick={download}><Icon name="file" /></button>
      </div>
      {mode === "text" && texts.length > 0 ? <Texts texts={texts} /> : mode === "table" && tables.length > 0 ? <Tables tables={tables} />
        : mode === "raw" ? <Raw text={text()} onDownload={download} /> : <Tree value={value} sought={sought} />}
    </div>
  );
}
