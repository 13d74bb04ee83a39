/** One line an event. It follows the end only while the end is in view. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import { enc, get, said } from "../live/api";
import type { EventPage, JournalEvent, View } from "../live/types";
import { copy, Empty, Trouble, Waiting } from "../parts/common";
import { at as clock, plural, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { PayloadView } from "../parts/json";
import { useQuery } from "../router";
import { Changed, changesOf } from "./change";

const STAGES = ["goal", "plan", "dispatch", "budget", "agent", "memory", "synthesis", "people", "messages", "time"];
const PAGE = 200;

export function Journal({ view, onSelect, onAt }: { view: View; onSelect: (task: string) => void; onAt: (at: number) => void }) {
  const [query, setQuery] = useQuery();
  const stage = query.get("stage") ?? "";
  const of = query.get("of") ?? "";
  const opened = Number(query.get("event")) || null;
  const [events, setEvents] = useState<JournalEvent[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [more, setMore] = useState(true);
  const [atEnd, setAtEnd] = useState(opened === null);
  const box = useRef<HTMLDivElement>(null);
  const asking = useRef(false);
  const read = useRef(0);
  const filter = `${stage ? `&stage=${enc(stage)}` : ""}${of ? `&task=${enc(of)}` : ""}`;

  const wanted = useRef(filter);
  wanted.current = filter;

  useEffect(() => {
    const stop = new AbortController();
    setEvents(null);
    setMore(true);
    const from = opened ? Math.min(opened + PAGE / 2, view.sequence + 1) : view.sequence + 1;
    get<EventPage>(`/runs/${enc(view.run)}/events?before=${from}&limit=${PAGE}${filter}`, stop.signal).then(
      (page) => { setEvents(page.events); setMore(page.events.length > 0 && page.events[0]!.sequence > 1); read.current = opened ? (page.events.at(-1)?.sequence ?? 0) : view.sequence; setError(null); },
      (e: unknown) => { if (!stop.signal.aborted) setError(e); },
    );
    return () => stop.abort();
  }, [view.run, filter]); // eslint-disable-line

  useEffect(() => {
    if (!events || read.current >= view.sequence || asking.current) return;
    const mine = filter;
    asking.current = true;
    // Let be when more happens meanwhile: at a thousand events a second none would ever come.
    get<EventPage>(`/runs/${enc(view.run)}/events?after=${read.current}&limit=1000${filter}`).then((page) => {
      if (mine !== wanted.current) return;
      const last = page.next ?? Math.max(view.sequence, page.events.at(-1)?.sequence ?? 0);
      read.current = last;
      setEvents((had) => [...(had ?? []), ...page.events.filter((event) => event.sequence > (had?.at(-1)?.sequence ?? 0))]);
    }, () => undefined).finally(() => { asking.current = false; });
  }, [view.sequence, view.run, events, filter]);

  const virtual = useVirtualizer({
    count: events?.length ?? 0, getScrollElement: () => box.current, estimateSize: () => 28, overscan: 20,
    getItemKey: (i) => events![i]!.sequence, initialRect: { width: 800, height: 500 },
  });
  const older = useCallback(async () => {
    if (!events?.length || asking.current) return;
    asking.current = true;
    try {
      const page = await get<EventPage>(`/runs/${enc(view.run)}/events?before=${events[0]!.sequence}&limit=${PAGE}${filter}`);
      const held = box.current ? box.current.scrollHeight - box.current.scrollTop : 0;
      setEvents((had) => [...page.events, ...(had ?? [])]);
      setMore(page.events.length > 0 && page.events[0]!.sequence > 1);
      requestAnimationFrame(() => { if (box.current) box.current.scrollTop = box.current.scrollHeight - held; });
    } catch (e) {
      setError(e);
    } finally {
      asking.current = false;
    }
  }, [events, view.run, filter]);

  useEffect(() => {
    if (events && events.length > 0 && atEnd) virtual.scrollToIndex(events.length - 1, { align: "end" });
  }, [events, atEnd]); // eslint-disable-line
  useEffect(() => {
    if (!events || !opened) return;
    const index = events.findIndex((event) => event.sequence === opened);
    if (index >= 0 && !atEnd) virtual.scrollToIndex(index, { align: "center" });
  }, [events === null]); // eslint-disable-line
  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 24);
    if (element.scrollTop < 40 && more) void older();
  };
  const below = events ? events.length - 1 - (virtual.range?.endIndex ?? events.length - 1) : 0;

  return (
    <div className="journal">
      <div className="tools row wrap">
        <label className="row"><span className="dim">Stage</span>
          <select className="field" value={stage} onChange={(e) => setQuery({ stage: e.target.value || null, event: null }, true)}>
            <option value="">all</option>
            {STAGES.map((one) => <option key={one}>{one}</option>)}
          </select>
        </label>
        <label className="row"><span className="dim">Task</span>
          <select className="field" value={of} onChange={(e) => setQuery({ of: e.target.value || null, event: null }, true)}>
            <option value="">all</option>
            {of && !view.tasks.some((row) => row.task === of) && <option>{of}</option>}
            {view.tasks.map((row) => <option key={row.task}>{row.task}</option>)}
          </select>
        </label>
        <span className="grow" />
        <span className="dim num">{events ? plural(events.length, "event") : ""}{more ? " loaded, scroll up for earlier ones" : ""}</span>
        {!atEnd && below > 0 && <button type="button" className="chip" onClick={() => setAtEnd(true)}>{whole(below)} below · follow</button>}
      </div>
      {error !== null && <Trouble error={said(error)} />}
      {!events && error === null && <Waiting what="the journal" />}
      {events && events.length === 0 && <Empty title="No event is like that"><button type="button" className="button" onClick={() => setQuery({ stage: null, of: null })}>Show all events</button></Empty>}
      {events && events.length > 0 && (
        <div className="journal-box" ref={box} onScroll={scrolled} tabIndex={0} role="log" aria-live="off" aria-label="Journal">
          <div style={{ height: virtual.getTotalSize() }} className="json-rows">
            {virtual.getVirtualItems().map((item) => {
              const event = events[item.index]!;
              return (
                <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={event.sequence === opened ? "event opened" : "event"} style={{ transform: `translateY(${item.start}px)` }}>
                  <div className="event-line">
                    <button type="button" className="event-number num" aria-expanded={event.sequence === opened} onClick={() => { setAtEnd(false); setQuery({ event: event.sequence === opened ? null : event.sequence }, true); }}>{event.sequence}</button>
                    <span className="num dim">{clock(event.at)}</span>
                    <span className={`stage stage-${event.stage}`}>{event.stage}</span>
                    <span className="event-text">{event.task && <button type="button" className="name-link" onClick={() => onSelect(event.task!)}>{event.task}</button>} {event.sentence}</span>
                    <span className="dim small wide">{event.by}</span>
                  </div>
                  {event.sequence === opened && <Opened run={view.run} event={event} onAt={onAt} />}
                </div>
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}

function Intervened({ payload }: { payload: unknown }) {
  const { verb, tasks, before, after } = payload as { verb: string; tasks?: string[]; before?: unknown; after?: unknown };
  return <Changed changes={changesOf(verb, tasks ?? [], before ?? null, after ?? null)} />;
}

function Opened({ run, event, onAt }: { run: string; event: JournalEvent; onAt: (at: number) => void }) {
  const [whole, setWhole] = useState<JournalEvent | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    get<EventPage>(`/runs/${enc(run)}/events?after=${event.sequence - 1}&limit=1&payload=true`, stop.signal).then((page) => setWhole(page.events[0] ?? null), () => undefined);
    return () => stop.abort();
  }, [run, event.sequence]);
  return (
    <div className="event-more">
      <div className="row wrap">
        <code>{event.type}</code><span className="dim">{event.at}</span>
        <span className="grow" />
        <button type="button" className="button" onClick={() => onAt(event.sequence)}>The run as it was then</button>
        <button type="button" className="button" onClick={() => void copy(`${location.origin}${location.pathname}?tab=journal&event=${event.sequence}`, "the link")}><Icon name="link" />Copy link</button>
      </div>
      {whole && event.type === "Intervened" && <Intervened payload={whole.payload} />}
      {whole && <PayloadView payload={{ value: whole.payload ?? null }} name={`event-${event.sequence}`} />}
    </div>
  );
}
