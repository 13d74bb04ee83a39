import { BaseEdge, getSmoothStepPath, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Edge, type EdgeProps, type Node, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { createContext, memo, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import type { TaskRow, View } from "../live/types";
import { useNow } from "../live/use";
import { Bar, Empty } from "../parts/common";
import { plural, span, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useKeys } from "../parts/keys";
import { lookOfTask, Mark, WORST_FIRST, type Look } from "../parts/state";
import { laidOut, prepare, withAdded, withoutImplied, type Bend, type Box, type Picture } from "./layout";

prepare();

const WIDTH = 200;
const HEIGHT = 60;
const FAN_HEIGHT = 82;

/** Rows of tasks; each node listens to its own row only. */
class Rows {
  private rows = new Map<string, TaskRow>();
  private readonly listeners = new Map<string, Set<() => void>>();

  take(tasks: TaskRow[]) {
    const before = this.rows;
    this.rows = new Map(tasks.map((row) => [row.task, row]));
    for (const row of tasks) if (before.get(row.task) !== row) this.listeners.get(row.task)?.forEach((listener) => listener());
  }
  get(task: string) {
    return this.rows.get(task) ?? null;
  }
  subscribe(task: string, listener: () => void) {
    let all = this.listeners.get(task);
    if (!all) this.listeners.set(task, (all = new Set()));
    all.add(listener);
    return () => void all.delete(listener);
  }
}

interface Shared {
  rows: Rows;
  selected: string | null;
  stop: string | null;
  faded: boolean;
  live: boolean;
  touched: ReadonlySet<string>;
  onSelect: (task: string) => void;
  onKey: (event: KeyboardEvent, task: string) => void;
}
const SharedContext = createContext<Shared | null>(null);

export const countsOf = (row: TaskRow): [Look, number][] => {
  const by = new Map<Look, number>();
  for (const [state, n] of Object.entries(row.items?.counts ?? {})) by.set(lookOfTask(state), (by.get(lookOfTask(state)) ?? 0) + n);
  return WORST_FIRST.filter((look) => (by.get(look) ?? 0) > 0).map((look) => [look, by.get(look)!]);
};

/** Of what a fan-out is made, in the order in which a bar fills. */
export const barOf = (row: TaskRow): [Look, number][] => {
  const order: Look[] = ["succeeded", "skipped", "cancelled", "failed", "waiting", "backing", "running"];
  const by = new Map(countsOf(row));
  return order.filter((look) => by.has(look)).map((look) => [look, by.get(look)!]);
};

export function tookOf(row: TaskRow, now: number): number | null {
  if (!row.begun_at) return null;
  const from = Date.parse(row.begun_at);
  return Math.max(0, (row.ended_at ? Date.parse(row.ended_at) : now) - from);
}

/** What to say of a task in one line. */
export function lineOf(row: TaskRow): string {
  if (row.state === "failed" && row.failure) return row.failure.message;
  if (row.state === "skipped" && row.reason) return row.reason;
  if (row.waits && (row.state === "waiting" || row.state === "ready" || row.state === "held" || row.state === "backing_off")) return row.state === "held" ? row.waits.replaceAll("`", "") : `waits for ${row.waits.replaceAll("`", "")}`;
  if (row.each && row.items?.total == null) return `one for each of ${row.each.replace(/^\$\{|\}$/g, "")}`;
  if (row.summary) return row.summary;
  if (row.agents.length > 0) return row.agents.join(", ");
  return row.does;
}

/** What a task that looks so is. */
export const WORDS: Record<Look, string> = { planned: "waiting", ready: "ready", running: "running", waiting: "held", backing: "backing off", succeeded: "succeeded", failed: "failed", skipped: "skipped", cancelled: "cancelled", paused: "paused" };

const wordOf = (state: string) => state.replace("_", " ");

type TaskNodeType = Node<{ task: string }, "task">;

const TaskNode = memo(function TaskNode({ data }: NodeProps<TaskNodeType>) {
  const shared = useContext(SharedContext)!;
  const { task } = data;
  const row = useSyncExternalStore((listener) => shared.rows.subscribe(task, listener), () => shared.rows.get(task));
  const running = row?.state === "running" && shared.live;
  const now = useNow(running);
  if (!row) return null;
  const look = lookOfTask(row.state);
  const took = tookOf(row, now);
  const fan = row.each !== null;
  const total = row.items?.total ?? null;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`node s-${look}${fan ? " fan" : ""}${shared.selected === task ? " selected" : ""}${shared.faded && look === "succeeded" ? " faded" : ""}`}
        style={{ width: WIDTH, height: fan ? FAN_HEIGHT : HEIGHT }}
        tabIndex={shared.stop === task ? 0 : -1}
        aria-pressed={shared.selected === task}
        data-task={task}
        data-state={row.state}
        onClick={() => shared.onSelect(task)}
        onKeyDown={(event) => shared.onKey(event, task)}
      >
        <span className="node-head">
          <Mark look={look} />
          <span className="node-name clip">{row.task}</span><span className="unseen">, {wordOf(row.state)}{fan ? ", a fan-out" : ""}{row.after.length > 0 ? `, after ${row.after.join(", ")}` : ""}. </span>
          {row.loop && row.loop.iterations > 0 && <span className="node-aside">⟳ {row.loop.iterations}</span>}
          {row.child && <span className="node-aside" title="a run of its own">▸</span>}
          {shared.touched.has(task) && <span className="node-flag" title="changed by a person"><Icon name="flag" /></span>}
          <span className="node-time num">{fan && total !== null ? `${whole(total)}` : took !== null && !fan ? span(took) : ""}</span>
        </span>
        {fan && total !== null ? (
          <>
            <span className="node-line clip num">{countsOf(row).map(([l, n]) => <span key={l} className="node-count"><Mark look={l} still />{whole(n)}<span className="unseen"> {WORDS[l]}, </span></span>)}</span>
            <Bar parts={barOf(row)} total={total} width={WIDTH - 26} />
          </>
        ) : (
          <span className="node-line clip">{lineOf(row)}</span>
        )}
        {!fan && row.attempts > 1 && <span className="node-tries">{plural(row.attempts, "attempt")}{row.cost.usd > 0 ? ` · ${usd(row.cost.usd)}` : ""}</span>}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
});

type WayEdge = Edge<{ way?: Bend[]; dx: number; dy: number }, "way">;

/** Rounded corners along the way that was laid out. */
function pathOf(points: Bend[]): string {
  const radius = 8;
  let path = `M${points[0]!.x},${points[0]!.y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [a, b, c] = [points[i - 1]!, points[i]!, points[i + 1]!];
    const r = Math.min(radius, Math.hypot(b.x - a.x, b.y - a.y) / 2, Math.hypot(c.x - b.x, c.y - b.y) / 2);
    const toward = (p: Bend) => {
      const length = Math.hypot(p.x - b.x, p.y - b.y) || 1;
      return `${b.x + ((p.x - b.x) / length) * r},${b.y + ((p.y - b.y) / length) * r}`;
    };
    path += `L${toward(a)}Q${b.x},${b.y} ${toward(c)}`;
  }
  const last = points[points.length - 1]!;
  return `${path}L${last.x},${last.y}`;
}

const Way = memo(function Way({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, id }: EdgeProps<WayEdge>) {
  const path = data?.way
    ? pathOf(data.way)
    : getSmoothStepPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, borderRadius: 8 })[0];
  return <BaseEdge id={id} path={path} markerEnd="url(#arrow)" />;
});

/** Nodes that nobody listens to let the pointer through. */
const clickable = () => undefined;

const nodeTypes = { task: TaskNode };
const edgeTypes = { way: Way };

const boxOf = (row: TaskRow): Box => ({ task: row.task, after: row.after, layer: row.layer, width: WIDTH, height: row.each !== null ? FAN_HEIGHT : HEIGHT });

interface Props {
  view: View;
  live: boolean;
  selected: string | null;
  hideDone: boolean;
  onSelect: (task: string) => void;
}

export function Graph(props: Props) {
  return (
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({ view, live, selected, hideDone, onSelect }: Props) {
  const flow = useReactFlow();
  const [rows] = useState(() => { const made = new Rows(); made.take(view.tasks); return made; });
  const [picture, setPicture] = useState<Picture | null>(null);
  const [stop, setStop] = useState<string | null>(selected ?? view.tasks[0]?.task ?? null);
  const key = "tutti.viewport." + view.run;
  const [follow, setFollow] = useState(() => sessionStorage.getItem(key) === null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => rows.take(view.tasks), [rows, view.tasks]);

  const structure = view.tasks.map((row) => `${row.task}<${row.after.join(",")}${row.each !== null ? "*" : ""}`).join(";");
  const boxes = useMemo(() => withoutImplied(view.tasks.map(boxOf)), [structure]); // eslint-disable-line
  const tidy = useCallback(async () => setPicture(await laidOut(boxes)), [boxes]);
  const drawn = useRef<Picture | null>(null);
  drawn.current = picture;
  useEffect(() => {
    if (drawn.current && boxes.every((one) => drawn.current!.spots.has(one.task))) return;
    if (drawn.current && drawn.current.spots.size > 0) setPicture(withAdded(drawn.current, boxes));
    else void tidy();
  }, [boxes, tidy]);

  const nodes = useMemo<TaskNodeType[]>(() => {
    if (!picture) return [];
    return boxes.flatMap((one) => {
      const spot = picture.spots.get(one.task);
      return spot ? [{ id: one.task, type: "task" as const, position: spot, data: { task: one.task }, width: one.width, height: one.height }] : [];
    });
  }, [boxes, picture]);
  const edges = useMemo<WayEdge[]>(() => {
    if (!picture) return [];
    const known = new Set(boxes.map((one) => one.task));
    return boxes.flatMap((one) => one.after.filter((from) => known.has(from)).map((from) => {
      const way = picture.ways.get(`${from}→${one.task}`);
      return { id: `${from}→${one.task}`, source: from, target: one.task, type: "way" as const, focusable: false, selectable: false, data: { ...(way ? { way } : {}), dx: 0, dy: 0 } };
    }));
  }, [boxes, picture]);

  const fit = useCallback(() => void flow.fitView({ padding: 0.12, maxZoom: 1.1, minZoom: 0.1 }), [flow]);
  useEffect(() => {
    if (nodes.length === 0) return;
    const kept = sessionStorage.getItem(key);
    const timer = requestAnimationFrame(() => {
      if (follow) fit();
      else if (kept) void flow.setViewport(JSON.parse(kept));
    });
    return () => cancelAnimationFrame(timer);
  }, [nodes]); // eslint-disable-line
  useEffect(() => {
    if (!follow || !box.current) return;
    const watch = new ResizeObserver(() => fit());
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [follow, fit]);
  const followAgain = () => { setFollow(true); sessionStorage.removeItem(key); fit(); };

  const select = useCallback((task: string) => { setFollow(false); setStop(task); onSelect(task); sessionStorage.setItem(key, JSON.stringify(flow.getViewport())); }, [onSelect, flow, key]);
  const onKey = useCallback((event: KeyboardEvent, task: string) => {
    const row = rows.get(task);
    if (!row) return;
    const later = boxes.filter((one) => one.after.includes(task));
    const peers = boxes.filter((one) => one.layer === row.layer).sort((a, b) => (drawn.current?.spots.get(a.task)?.y ?? 0) - (drawn.current?.spots.get(b.task)?.y ?? 0));
    const place = peers.findIndex((one) => one.task === task);
    const to = { ArrowRight: later[0]?.task, ArrowLeft: row.after[0], ArrowDown: peers[place + 1]?.task, ArrowUp: peers[place - 1]?.task }[event.key];
    if (!to) return;
    event.preventDefault();
    setStop(to);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(to)}"]`)?.focus());
  }, [boxes, rows]);
  useKeys({ ".": followAgain, t: () => void tidy() });

  const touched = useMemo(() => new Set(view.marks.flatMap((mark) => mark.tasks.map((task) => task.replace(/\[.*$/, "")))), [view.marks]);
  const shared = useMemo<Shared>(() => ({ rows, selected, stop, faded: hideDone, live, touched, onSelect: select, onKey }), [rows, selected, stop, hideDone, live, touched, select, onKey]);

  if (view.tasks.length === 0) {
    return <Empty title="No task is planned yet"><p>{view.status_reason ?? "The plan appears here as soon as it is made."}</p></Empty>;
  }
  return (
    <SharedContext.Provider value={shared}>
      <div className="graph" ref={box} role="group" aria-label="The plan: tasks from left to right, each after those it waits for. Arrow keys follow the lines.">
        <svg width="0" height="0" className="defs" aria-hidden="true">
          <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M1 1l6 3-6 3z" fill="var(--edge)" /></marker></defs>
        </svg>
        <Levels>
          <ReactFlow
            nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
            nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} elementsSelectable={false} deleteKeyCode={null}
            onNodeClick={clickable} panOnScroll={false} zoomOnDoubleClick={false} minZoom={0.08} maxZoom={2} proOptions={{ hideAttribution: true }} disableKeyboardA11y
            onMoveStart={(event) => { if (event) setFollow(false); }}
            onMoveEnd={(event, viewport) => { if (event) sessionStorage.setItem(key, JSON.stringify(viewport)); }}
          />
        </Levels>
        {!picture && <p className="graph-wait" role="status">Laying out the plan…</p>}
        <div className="graph-chips">
          {picture && picture.added > 0 && <button type="button" className="chip" onClick={() => void tidy()}>{plural(picture.added, "new task")} · tidy <kbd>t</kbd></button>}
          {picture?.plain && <span className="chip">A simple layout: the plan is too large for a better one</span>}
          {!follow && live && <button type="button" className="chip" onClick={followAgain}>Following off · <kbd>.</kbd> to follow</button>}
        </div>
        <div className="graph-tools" role="group" aria-label="The picture">
          <button type="button" className="button icon" aria-label="Closer" title="Closer" onClick={() => { setFollow(false); void flow.zoomIn(); }}><Icon name="plus" /></button>
          <button type="button" className="button icon" aria-label="Further" title="Further" onClick={() => { setFollow(false); void flow.zoomOut(); }}><Icon name="minus" /></button>
          <button type="button" className="button icon" aria-label="All of it" title="All of it ( . )" onClick={followAgain}><Icon name="fit" /></button>
        </div>
      </div>
    </SharedContext.Provider>
  );
}

/** Text only where it can be read: card, chip, mark. */
function Levels({ children }: { children: React.ReactNode }) {
  const level = useStore((state) => (state.transform[2] >= 0.76 ? "card" : state.transform[2] >= 0.42 ? "chip" : "mark"));
  return <div className="levels" data-level={level}>{children}</div>;
}
