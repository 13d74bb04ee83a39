/** A picture of things that come after one another: laid out, moved through, followed and selected in. */
import { BaseEdge, getSmoothStepPath, getViewportForBounds, Handle, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Edge, type EdgeProps, type Node, type NodeProps } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { createContext, memo, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type ComponentType, type KeyboardEvent } from "react";
import { plural, span } from "../parts/figures";
import { Icon } from "../parts/icons";
import { useKeys } from "../parts/keys";
import { lookOfTask } from "../parts/state";
import { DEADLINE, laidOut, prepare, withAdded, withoutImplied, type Bend, type Box, type Picture as Laid } from "./layout";

prepare();

/** What is drawn as a node. `task` is its name in the picture. */
export interface Placed { task: string; after: string[]; layer: number; state: string }

export const WIDTH = 200;

/** How nodes look. `Draw` is what stands in one; `shape` is its classes. */
export interface Face<R extends Placed> { height: (row: R) => number; shape: (row: R) => string; Draw: ComponentType<{ row: R; live: boolean; touched: boolean }> }

/** Rows of nodes; each node listens to its own row only. */
class Rows {
  private rows = new Map<string, Placed>();
  private readonly listeners = new Map<string, Set<() => void>>();

  take(rows: Placed[]) {
    const before = this.rows;
    this.rows = new Map(rows.map((row) => [row.task, row]));
    for (const row of rows) if (before.get(row.task) !== row) this.listeners.get(row.task)?.forEach((listener) => listener());
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
  face: Face<Placed>;
  selected: string | null;
  stop: string | null;
  faded: boolean;
  live: boolean;
  touched: ReadonlySet<string>;
  onSelect: (task: string) => void;
  onKey: (event: KeyboardEvent, task: string) => void;
}
const SharedContext = createContext<Shared | null>(null);

type PlacedNode = Node<{ task: string }, "task">;

const TaskNode = memo(function TaskNode({ data, height }: NodeProps<PlacedNode>) {
  const shared = useContext(SharedContext)!;
  const { task } = data;
  const row = useSyncExternalStore((listener) => shared.rows.subscribe(task, listener), () => shared.rows.get(task));
  if (!row) return null;
  const look = lookOfTask(row.state);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`node s-${look}${shared.face.shape(row)}${shared.selected === task ? " selected" : ""}${shared.faded && look === "succeeded" ? " faded" : ""}`}
        style={{ width: WIDTH, height }}
        tabIndex={shared.stop === task ? 0 : -1}
        aria-pressed={shared.selected === task}
        data-task={task}
        data-state={row.state}
        onClick={() => shared.onSelect(task)}
        onKeyDown={(event) => shared.onKey(event, task)}
      >
        <shared.face.Draw row={row} live={shared.live} touched={shared.touched.has(task)} />
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

const PLAIN = { large: "A simple layout: the plan is too large for a better one", slow: `A simple layout: a better one was not there after ${span(DEADLINE)}` };

/** So many nodes are drawn in a frame. */
const PORTION = 60;

function boundsOf(boxes: Box[], picture: Laid) {
  const placed = boxes.flatMap((one) => {
    const spot = picture.spots.get(one.task);
    return spot ? [{ ...one, ...spot }] : [];
  });
  const [x, y] = [Math.min(...placed.map((one) => one.x)), Math.min(...placed.map((one) => one.y))];
  return { x, y, width: Math.max(...placed.map((one) => one.x + one.width)) - x, height: Math.max(...placed.map((one) => one.y + one.height)) - y };
}

/** How large a node is and where lines meet it: what is said need not be measured before it is drawn. */
function sizeOf({ width, height }: Box) {
  const end = { y: height / 2, width: 1, height: 1 };
  return {
    width, height, measured: { width, height },
    handles: [{ ...end, type: "target" as const, position: Position.Left, x: 0 }, { ...end, type: "source" as const, position: Position.Right, x: width - 1 }],
  };
}

/** Nodes that nobody listens to let the pointer through. */
const clickable = () => undefined;

const nodeTypes = { task: TaskNode };
const edgeTypes = { way: Way };

interface Props<R extends Placed> {
  rows: R[];
  face: Face<R>;
  /** Under which the part that is looked at is kept. */
  name: string;
  /** What one is called where some are new. */
  noun: string;
  label: string;
  live: boolean;
  selected: string | null;
  faded: boolean;
  touched: ReadonlySet<string>;
  /** Whether what is new moves nothing on the screen either. */
  steady?: boolean;
  onSelect: (task: string) => void;
}

export function Picture<R extends Placed>(props: Props<R>) {
  return (
    <ReactFlowProvider>
      {/* Whoever draws a row is given rows of the kind that the picture was given. */}
      <Drawn {...props} face={props.face as unknown as Face<Placed>} />
    </ReactFlowProvider>
  );
}

function Drawn({ rows: given, face, name, noun, label, live, selected, faded, touched, steady = false, onSelect }: Props<Placed>) {
  const flow = useReactFlow();
  const [rows] = useState(() => { const made = new Rows(); made.take(given); return made; });
  const [picture, setPicture] = useState<Laid | null>(null);
  const [stop, setStop] = useState<string | null>(selected ?? given[0]?.task ?? null);
  const key = "tutti.viewport." + name;
  const [follow, setFollow] = useState(() => sessionStorage.getItem(key) === null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => rows.take(given), [rows, given]);

  const structure = given.map((row) => `${row.task}<${row.after.join(",")}@${face.height(row)}`).join(";");
  const boxes = useMemo(() => withoutImplied(given.map((row): Box => ({ task: row.task, after: row.after, layer: row.layer, width: WIDTH, height: face.height(row) }))), [structure]); // eslint-disable-line
  const fresh = useRef(true);
  const drawn = useRef<Laid | null>(null);
  drawn.current = picture;
  const current = useRef(boxes);
  current.current = boxes;
  const turn = useRef(0);
  const tidy = useCallback(async () => {
    const mine = ++turn.current;
    const laid = await laidOut(boxes);
    if (mine !== turn.current) return;
    fresh.current = true;
    // The plan may have grown meanwhile.
    setPicture(withAdded(laid, current.current));
  }, [boxes]);
  useEffect(() => {
    if (drawn.current && boxes.every((one) => drawn.current!.spots.has(one.task))) return;
    if (drawn.current && drawn.current.spots.size > 0) setPicture(withAdded(drawn.current, boxes));
    else void tidy();
  }, [boxes, tidy]);

  const all = useMemo<PlacedNode[]>(() => {
    if (!picture) return [];
    return boxes.flatMap((one) => {
      const spot = picture.spots.get(one.task);
      return spot ? [{ id: one.task, type: "task" as const, position: spot, data: { task: one.task }, ...sizeOf(one) }] : [];
    });
  }, [boxes, picture]);
  // Some in each frame, so that the page is free for a hand in between.
  const [shown, setShown] = useState(PORTION);
  useEffect(() => {
    if (shown >= all.length) return;
    const frame = requestAnimationFrame(() => setShown(shown + PORTION));
    return () => cancelAnimationFrame(frame);
  }, [shown, all.length]);
  const nodes = useMemo(() => all.slice(0, shown), [all, shown]);
  const edges = useMemo<WayEdge[]>(() => {
    if (!picture) return [];
    const known = new Set(nodes.map((one) => one.id));
    return boxes.filter((one) => known.has(one.task)).flatMap((one) => one.after.filter((from) => known.has(from)).map((from) => {
      const way = picture.ways.get(`${from}→${one.task}`);
      return { id: `${from}→${one.task}`, source: from, target: one.task, type: "way" as const, focusable: false, selectable: false, data: { ...(way ? { way } : {}), dx: 0, dy: 0 } };
    }));
  }, [boxes, nodes, picture]);

  const fit = useCallback(() => {
    // The same for as long as it is there: whoever watches the size of the box is to fit at no other time.
    if (!box.current || !drawn.current || current.current.length === 0) return;
    void flow.setViewport(getViewportForBounds(boundsOf(current.current, drawn.current), box.current.clientWidth, box.current.clientHeight, 0.1, 1.1, 0.12));
  }, [flow]);
  useLayoutEffect(() => {
    if (!picture) return;
    const kept = sessionStorage.getItem(key);
    if (follow && (fresh.current || !steady)) fit();
    else if (!follow && kept) void flow.setViewport(JSON.parse(kept));
    fresh.current = false;
  }, [boxes, picture]); // eslint-disable-line
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

  const shared = useMemo<Shared>(() => ({ rows, face, selected, stop, faded, live, touched, onSelect: select, onKey }), [rows, face, selected, stop, faded, live, touched, select, onKey]);

  return (
    <SharedContext.Provider value={shared}>
      <div className="graph" ref={box} role="group" aria-label={label}>
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
          {picture && picture.added > 0 && <button type="button" className="chip" onClick={() => void tidy()}>{plural(picture.added, `new ${noun}`)} · tidy <kbd>t</kbd></button>}
          {picture?.plain && <span className="chip" role="status">{PLAIN[picture.plain]}</span>}
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
