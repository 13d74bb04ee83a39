/**
 * Where tasks stand in the picture. ELK lays a plan out, in a worker and within a deadline; what
 * comes later is set beside what is drawn, so that nothing moves until somebody asks.
 */
import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";

export interface Box { task: string; after: string[]; layer: number; width: number; height: number }
export interface Spot { x: number; y: number }
export interface Bend { x: number; y: number }
export interface Picture {
  spots: Map<string, Spot>;
  /** The way of each edge, by `from→to`; one that is missing is drawn as a curve. */
  ways: Map<string, Bend[]>;
  /** Set beside the others since the picture was laid out. */
  added: number;
  /** Why it is the simple layout where a better one was wanted. */
  plain: "large" | "slow" | null;
}

const MOST_FOR_ELK = 300;
export const DEADLINE = 3000;
const GAP_X = 48;
const GAP_Y = 24;
const LOW = 40;
/** What is low stands close. */
const gapOf = (box: Box) => (box.height < LOW ? 8 : GAP_Y);
let elk: Elk | null = null;

/** Loads the worker while the plan is still on its way. */
export function prepare() {
  if (elk) return;
  elk = new ELK({ workerUrl });
  elk.layout({ id: "first", children: [{ id: "a", width: 1, height: 1 }] }).catch(() => undefined);
}

export async function laidOut(boxes: Box[]): Promise<Picture> {
  if (boxes.length === 0) return { spots: new Map(), ways: new Map(), added: 0, plain: null };
  if (boxes.length > MOST_FOR_ELK) return layered(boxes, "large");
  const simple = layered(boxes, null);
  if (isClean(boxes, simple)) return simple;
  elk ??= new ELK({ workerUrl });
  const known = new Set(boxes.map((box) => box.task));
  const graph: ElkNode = {
    id: "plan",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP_X),
      "elk.spacing.nodeNode": String(Math.min(...boxes.map(gapOf))),
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.edgeRouting": "ORTHOGONAL",
      "elk.separateConnectedComponents": "false",
    },
    children: boxes.map((box) => ({ id: box.task, width: box.width, height: box.height })),
    edges: boxes.flatMap((box) => box.after.filter((from) => known.has(from)).map((from) => ({ id: `${from}→${box.task}`, sources: [from], targets: [box.task] }))),
  };
  try {
    const done = await within(elk.layout(graph), DEADLINE);
    const spots = new Map((done.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
    const ways = new Map<string, Bend[]>();
    for (const edge of done.edges ?? []) {
      const section = edge.sections?.[0];
      if (section) ways.set(edge.id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
    }
    return { spots, ways, added: 0, plain: null };
  } catch {
    elk?.terminateWorker();
    elk = null;
    return layered(boxes, "slow");
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return Promise.race([work, new Promise<T>((_, refuse) => setTimeout(() => refuse(new Error("too slow")), ms))]);
}

/** Columns by layer, ordered by where their dependencies stand (barycentres, four sweeps). */
export function layered(boxes: Box[], plain: Picture["plain"]): Picture {
  const columns: Box[][] = [];
  for (const box of boxes) (columns[box.layer] ??= []).push(box);
  const order = new Map<string, number>();
  const number = () => columns.forEach((column) => column.forEach((box, i) => order.set(box.task, i - column.length / 2)));
  number();
  const later = new Map<string, string[]>();
  for (const box of boxes) for (const from of box.after) later.set(from, [...(later.get(from) ?? []), box.task]);
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const column of columns) {
      if (!column) continue;
      const weight = new Map(column.map((box) => {
        const near = sweep % 2 === 0 ? box.after : (later.get(box.task) ?? []);
        const places = near.map((one) => order.get(one) ?? 0);
        return [box.task, places.length ? places.reduce((a, b) => a + b, 0) / places.length : (order.get(box.task) ?? 0)];
      }));
      column.sort((a, b) => (weight.get(a.task) ?? 0) - (weight.get(b.task) ?? 0));
    }
    number();
  }
  const spots = new Map<string, Spot>();
  let x = 0;
  for (const column of columns) {
    if (!column) continue;
    const height = column.reduce((sum, box) => sum + box.height + gapOf(box), 0);
    let y = -height / 2;
    for (const box of column) {
      spots.set(box.task, { x, y });
      y += box.height + gapOf(box);
    }
    x += Math.max(...column.map((box) => box.width)) + GAP_X;
  }
  return { spots, ways: new Map(), added: 0, plain };
}

/** Whether no line crosses another or passes a column by: then nothing lays it out better. */
function isClean(boxes: Box[], picture: Picture): boolean {
  const by = new Map(boxes.map((box) => [box.task, box]));
  const lines = boxes.flatMap((box) => box.after.flatMap((from) => {
    const before = by.get(from);
    return before ? [{ layer: before.layer, span: box.layer - before.layer, a: picture.spots.get(from)!.y, b: picture.spots.get(box.task)!.y }] : [];
  }));
  return lines.every((line, i) => line.span === 1 && lines.slice(i + 1).every((other) => other.layer !== line.layer || (line.a - other.a) * (line.b - other.b) >= 0));
}

/** Without lines that others imply: a task that waits for two in a row is drawn after the second. */
export function withoutImplied(boxes: Box[]): Box[] {
  const by = new Map(boxes.map((box) => [box.task, box]));
  const before = new Map<string, Set<string>>();
  const ancestors = (task: string): Set<string> => {
    let found = before.get(task);
    if (!found) {
      before.set(task, (found = new Set()));
      for (const from of by.get(task)?.after ?? []) {
        found.add(from);
        for (const one of ancestors(from)) found.add(one);
      }
    }
    return found;
  };
  return boxes.map((box) => ({ ...box, after: box.after.filter((from) => !box.after.some((other) => other !== from && ancestors(other).has(from))) }));
}

/** The picture with tasks that are new in it; no task that was in it moves. */
export function withAdded(picture: Picture, boxes: Box[]): Picture {
  const spots = new Map(picture.spots);
  const by = new Map(boxes.map((box) => [box.task, box]));
  const taken = boxes.filter((one) => spots.has(one.task)).map((one) => ({ ...spots.get(one.task)!, w: one.width, h: one.height }));
  let added = picture.added;
  for (const box of boxes) {
    if (spots.has(box.task)) continue;
    const before = box.after.map((one) => by.get(one)).filter((one) => one !== undefined);
    const x = before.length ? Math.max(...before.map((one) => (spots.get(one.task)?.x ?? 0) + one.width + GAP_X)) : 0;
    let y = before.length ? Math.min(...before.map((one) => spots.get(one.task)?.y ?? 0)) : 0;
    const apart = Math.min(12, gapOf(box));
    const meets = (one: { x: number; y: number; w: number; h: number }) => x < one.x + one.w + 16 && x + box.width + 16 > one.x && y < one.y + one.h + apart && y + box.height + apart > one.y;
    for (let hit = taken.find(meets); hit; hit = taken.find(meets)) y = hit.y + hit.h + apart;
    spots.set(box.task, { x, y });
    taken.push({ x, y, w: box.width, h: box.height });
    added++;
  }
  return { ...picture, spots, added };
}
