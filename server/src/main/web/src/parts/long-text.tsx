/** Texts of any length: cut at first, then as much of them in the page as is in sight. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { size } from "./figures";

const CUT = 2048;
const BEFORE = 200;

/** More than this at once would keep the browser from anything else while it breaks the lines. */
const MOST_AT_ONCE = 32 * 1024;

/** Pieces of 2 KiB at most that end with a line where there is one; each a place in the text. */
function piecesOf(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; ) {
    starts.push(at);
    let end = Math.min(text.length, at + CUT);
    if (end < text.length) {
      // Not in the whole: where there is no line it would be searched to its beginning each time.
      const line = text.slice(at, end).lastIndexOf("\n");
      if (line >= 0) end = at + line + 1;
      else if (/[\uD800-\uDBFF]/.test(text[end - 1]!)) end--;
    }
    at = end;
  }
  return starts;
}

/** All of a text, in a box of its own. */
export function LongText({ text, label, mono = false }: { text: string; label: string; mono?: boolean }) {
  const starts = useMemo(() => piecesOf(text), [text]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: starts.length,
    getScrollElement: () => box.current,
    estimateSize: () => 480,
    overscan: 1,
    initialRect: { width: 400, height: 320 },
  });
  return (
    <div ref={box} className={mono ? "json-box long-text mono" : "json-box long-text"} tabIndex={0} role="group" aria-label={label}>
      <div className="json-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} ref={virtual.measureElement} data-index={item.index} className="long-piece" style={{ transform: `translateY(${item.start}px)` }}>
            {text.slice(starts[item.index], starts[item.index + 1]).replace(/\n$/, "") || " "}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A text with what is looked for marked in it. */
function Marked({ text, sought }: { text: string; sought: string }) {
  if (sought.length < 2) return <>{text}</>;
  const low = text.toLowerCase();
  const parts = [];
  let from = 0;
  for (let at = low.indexOf(sought); at >= 0; at = low.indexOf(sought, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + sought.length)}</mark>);
    from = at + sought.length;
  }
  return <>{parts}{text.slice(from)}</>;
}

/** A value that has nothing inside; a long text is cut around what is looked for in it. */
export function Leaf({ value, sought = "", cut = CUT }: { value: unknown; sought?: string; cut?: number }) {
  const [all, setAll] = useState(false);
  const text = typeof value === "string" ? value : null;
  const from = useMemo(() => (text !== null && text.length > cut && sought.length > 1 ? Math.max(0, text.toLowerCase().indexOf(sought) - BEFORE) : 0), [text, sought, cut]);
  if (text === null) return <span className="json-lit"><Marked text={value === null ? "null" : String(value)} sought={sought} /></span>;
  if (all && text.length > MOST_AT_ONCE) return <LongText text={text} label="All of the text" />;
  if (all || text.length <= cut) return <span className="json-text"><Marked text={text} sought={sought} /></span>;
  return (
    <span className="json-text">
      {from > 0 && "…"}<Marked text={text.slice(from, from + cut)} sought={sought} />{from + cut < text.length && "…"}
      <button type="button" className="button plain" onClick={() => setAll(true)}>show all ({size(text.length)})</button>
    </span>
  );
}
