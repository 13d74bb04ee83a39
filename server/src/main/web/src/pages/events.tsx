import { useEffect, useMemo } from "react";
import { enc } from "../live/api";
import type { TaskRow, View } from "../live/types";
import { useGet } from "../live/use";
import { Empty, Trouble, Waiting } from "../parts/common";
import { at, plural, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { PayloadView } from "../parts/json";
import { useQuery } from "../router";
import { Graph } from "../run/graph";

interface Topic { topic: string; messages: number }
interface Message { sequence: number; at: string; event: Record<string, unknown>; reactions: unknown[] }
interface Trigger { trigger: string; when: string; overlap: string; next: string | null; under_way: number; queued: number }
interface Triggers { deployments: { name: string; from: string; at: string }[]; triggers: Trigger[] }
interface Contracts { workflow: string; messages: string[]; agents: Record<string, { reacts_to: string[]; emits: string[] }> }

const SHOWN = 20;

/** What is said, what begins runs by itself, and who hears what. */
export default function EventsPage() {
  const topics = useGet<{ topics: Topic[] }>("/topics");
  const triggers = useGet<Triggers>("/triggers");
  const contracts = useGet<{ contracts: Contracts[] }>("/contracts");
  const [query, setQuery] = useQuery();
  useEffect(() => { document.title = "Events · Tutti"; }, []);
  const chosen = topics.data?.topics.find((one) => one.topic === query.get("topic")) ?? topics.data?.topics[0];
  return (
    <div className="page-inner events">
      <div className="page-head"><h1>Events</h1></div>
      {topics.error !== null && <Trouble error={topics.error} again={topics.again} />}
      {!topics.data && topics.error === null && <Waiting what="the topics" />}
      {topics.data && topics.data.topics.length === 0 && (
        <div className="table-box"><Empty title="Nothing has been said yet"><p>Messages that are published stand here by topic, with what each led to.</p><pre>./tutti publish orders order.placed --data {"'{\"order\":\"A7\"}'"}</pre></Empty></div>
      )}
      {chosen && (
        <section aria-label="Topics">
          <div className="row wrap" role="group" aria-label="Topic">
            {topics.data!.topics.map((one) => <button key={one.topic} type="button" className="chip" aria-pressed={one.topic === chosen.topic} onClick={() => setQuery({ topic: one.topic, message: null }, true)}>{one.topic}<span className="dim small num">{whole(one.messages)}</span></button>)}
          </div>
          <Messages topic={chosen} />
        </section>
      )}
      <section aria-label="Triggers"><h2 className="table-title">Triggers</h2>
        <div className="table-box scroll-x">
          {triggers.data && triggers.data.triggers.length > 0 ? (
            <table>
              <thead><tr><th>Trigger</th><th>When</th><th>If one is under way</th><th>Next</th><th className="right">Under way</th><th className="right">Waiting</th></tr></thead>
              <tbody>{triggers.data.triggers.map((one) => (
                <tr key={one.trigger} data-row={`trigger ${one.trigger}`}><td><code>{one.trigger}</code></td><td>{one.when}</td><td className="dim">{one.overlap}</td><td className="num dim">{one.next ? at(one.next) : ""}</td><td className="right num">{whole(one.under_way)}</td><td className="right num">{whole(one.queued)}</td></tr>
              ))}</tbody>
            </table>
          ) : triggers.data && <Empty title="Nothing begins runs by itself"><p>A team whose workflows have <code>triggers</code> is let do so with</p><pre>./tutti deploy team.yaml</pre></Empty>}
        </div>
      </section>
      {contracts.data?.contracts.map((one) => <Choreography key={one.workflow} contracts={one} />)}
    </div>
  );
}

function Messages({ topic }: { topic: Topic }) {
  const [query, setQuery] = useQuery();
  const opened = query.get("message");
  const { data, error, again } = useGet<{ messages: Message[] }>(`/topics/${enc(topic.topic)}/messages?after=${Math.max(0, topic.messages - SHOWN)}&limit=${SHOWN}`);
  if (error !== null) return <Trouble error={error} again={again} />;
  if (!data) return <Waiting what="messages" />;
  return (
    <>
      <p className="dim small">{topic.messages > SHOWN ? `the last ${SHOWN} of ${plural(topic.messages, "message")}` : plural(topic.messages, "message")}, the newest first</p>
      <ul className="cards">
        {[...data.messages].reverse().map((message) => (
          <li key={message.sequence} className="card" data-row={message.sequence}>
            <details open={opened === String(message.sequence)} onToggle={(event) => {
              // What is inside opens as well.
              if (event.target !== event.currentTarget) return;
              const own = String(message.sequence);
              if (event.currentTarget.open) setQuery({ message: own }, true);
              else if (opened === own) setQuery({ message: null }, true);
            }}>
              <summary className="row"><Icon name="right" /><span className="num dim">{whole(message.sequence)}</span><strong>{String(message.event["type"] ?? "")}</strong>{message.event["subject"] != null && <code>{String(message.event["subject"])}</code>}<span className="grow" /><span className="dim small">{message.reactions.length > 0 && `led to ${whole(message.reactions.length)} · `}{at(message.at)}</span></summary>
              <PayloadView payload={{ value: message.event["data"] ?? null }} name={`${topic.topic}-${message.sequence}`} />
              <details className="section"><summary><Icon name="right" />Envelope, and what it led to</summary>
                <div className="section-main"><PayloadView payload={{ value: { event: message.event, reactions: message.reactions } }} name={`${topic.topic}-${message.sequence}-whole`} /></div>
              </details>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who hears what and says what: messages lead to agents, agents to messages. */
function Choreography({ contracts }: { contracts: Contracts }) {
  const view = useMemo(() => drawn(contracts), [contracts]);
  const back = useMemo(() => saidAgain(contracts, view), [contracts, view]);
  return (
    <section aria-label={`Contracts of ${contracts.workflow}`}>
      <h2 className="table-title">Contracts of {contracts.workflow}</h2>
      <p className="dim small">Nobody plans here: who hears a message takes it up, and says the next.</p>
      <div className="table-box contract-graph"><Graph view={view} live={false} selected={null} hideDone={false} onSelect={() => undefined} /></div>
      {back.length > 0 && <p className="dim small">And again from before: {back.join(", ")}.</p>}
    </section>
  );
}

const ROW = { state: "waiting", after: [], each: null, items: null, loop: null, attempts: 0, agents: [], cost: { usd: 0 }, begun_at: null, ended_at: null, failure: null, reason: null, summary: null, waits: null, why: null, question: null, child: null, changed: 0, stand_in: null };

function layersOf(contracts: Contracts): Map<string, number> {
  const layers = new Map<string, number>();
  const agents = Object.entries(contracts.agents);
  const said = new Set(agents.flatMap(([, one]) => one.emits));
  for (const type of contracts.messages) if (!said.has(type)) layers.set(type, 0);
  if (layers.size === 0 && contracts.messages[0]) layers.set(contracts.messages[0], 0);
  for (let turn = 0; turn < contracts.messages.length; turn++) {
    for (const [agent, one] of agents) {
      const heard = one.reacts_to.flatMap((type) => layers.get(type) ?? []);
      if (heard.length > 0 && !layers.has("@" + agent)) layers.set("@" + agent, Math.min(...heard) + 1);
      const own = layers.get("@" + agent);
      if (own !== undefined) for (const type of one.emits) if (!layers.has(type)) layers.set(type, own + 1);
    }
  }
  return layers;
}

function drawn(contracts: Contracts): View {
  const layers = layersOf(contracts);
  const before = (one: string, other: string) => (layers.get(one) ?? 0) < (layers.get(other) ?? 0);
  const tasks: TaskRow[] = [];
  for (const type of contracts.messages) {
    if (!layers.has(type)) continue;
    const speakers = Object.entries(contracts.agents).filter(([, one]) => one.emits.includes(type)).map(([agent]) => "@" + agent);
    if (speakers.length === 0 && !Object.values(contracts.agents).some((one) => one.reacts_to.includes(type))) continue;
    tasks.push({ ...ROW, task: type, kind: "message", does: "message", layer: layers.get(type)!, after: speakers.filter((one) => before(one, type)) });
  }
  for (const [agent, one] of Object.entries(contracts.agents)) {
    const name = "@" + agent;
    tasks.push({ ...ROW, task: name, kind: "agent", does: "agent", layer: layers.get(name) ?? 1, after: one.reacts_to.filter((type) => before(type, name)) });
  }
  return {
    run: `contracts-${contracts.workflow}`, short: "", goal: contracts.workflow, status: "running", about: null, budget: null, charged: null, alarm: 0, status_reason: null, sequence: 0, head: 0, position: 0,
    at: "", started_at: "", last_at: "", ended: false, by: "", origin: null, output: null, failure: null, cost: { usd: 0 }, total: 0, finished: 0, results: 0,
    counts: {}, layers: 0, failed_first: null, questions: [], marks: [], children: {}, inputs: { value: {} }, tasks,
  };
}

function saidAgain(contracts: Contracts, view: View): string[] {
  const layers = new Map(view.tasks.map((row) => [row.task, row.layer]));
  return Object.entries(contracts.agents).flatMap(([agent, one]) => one.emits.filter((type) => (layers.get(type) ?? 0) <= (layers.get("@" + agent) ?? 0)).map((type) => `${agent} says ${type}`));
}
