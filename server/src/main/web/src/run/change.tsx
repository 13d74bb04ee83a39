/** What a person changed: from what, to what. */
import { Icon } from "../parts/icons";

export interface Change { name: string; from: string | null; to: string | null }

const plain = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === "object" && !Array.isArray(value);
const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What the tasks of a mark were at, where that is what stood before; null where it is something else. */
function standing(before: unknown, tasks: readonly string[]): [string, { state: string; input?: unknown }][] | null {
  if (!plain(before) || tasks.length === 0 || !tasks.every((task) => task in before)) return null;
  return Object.entries(before).map(([task, was]) => [task, plain(was) ? { state: String(was["state"]), input: was["input"] } : { state: String(was) }]);
}

/** Each thing that was changed, in the order in which it is written. */
export function changesOf(verb: string, tasks: readonly string[], before: unknown, after: unknown): Change[] {
  const stood = standing(before, tasks);
  const from = stood?.length === 1 && verb === "edit" && plain(stood[0]![1].input) ? stood[0]![1].input : before;
  if (plain(from) && plain(after) && (from !== before || !stood)) {
    return [...new Set([...Object.keys(from), ...Object.keys(after)])].filter((name) => !same(from[name], after[name]))
      .map((name) => ({ name, from: name in from ? said(from[name]) : null, to: name in after ? said(after[name]) : null }));
  }
  const to = after === null || after === undefined ? null : said(after);
  if (stood) return stood.map(([task, was]) => ({ name: stood.length > 1 ? task : verb === "reassign" ? "agent" : verb === "raise" ? "limit" : "", from: verb === "reassign" || verb === "raise" ? null : was.state, to }));
  if ((before === null || before === undefined) && to === null) return [];
  return [{ name: "", from: before === null || before === undefined ? null : said(before), to }];
}

const MOST = 240;
const brief = (text: string) => (text.length > MOST ? text.slice(0, MOST) + "…" : text);

export function Changed({ changes }: { changes: Change[] }) {
  if (changes.length === 0) return null;
  return (
    <ul className="changes small">
      {changes.map((one, i) => (
        <li key={i}>
          {one.name && <span className="dim">{one.name} </span>}
          {one.from !== null && <><span className="unseen">from </span><code className="was" title={one.from}>{brief(one.from)}</code></>}
          {one.to !== null && <><Icon name="right" /><span className="unseen"> to </span><code title={one.to}>{brief(one.to)}</code></>}
        </li>
      ))}
    </ul>
  );
}
