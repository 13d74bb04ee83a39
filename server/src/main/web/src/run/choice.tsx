/** Why an agent was chosen: who was left out in which order, who was weighed, and what each score is made of. */
import type { Attempt, Candidate, Choice } from "../live/types";
import { Bar, CopyLink } from "../parts/common";
import { percent, plural, span, usd, whole } from "../parts/figures";

const FILTERS: Record<string, string> = {
  skill: "without the skill",
  version: "without the version that is required",
  labels: "without a label that is required",
  attempted: "had an attempt at it, or made what is looked at",
  named: "the task names another",
  absent: "performed by nobody here",
};

export function ChoiceView({ attempt }: { attempt: Attempt }) {
  const { choice, candidates } = attempt;
  if (candidates.length === 0 && !choice) return null;
  return (
    <div className="sub choice">
      <div className="row"><h3>Why this agent</h3><span className="grow" /><CopyLink query={{ attempt: attempt.token }} what={`attempt ${attempt.attempt}`} /></div>
      {choice && choice.policy !== "" && <p className="row wrap"><span className="policy"><strong>{choice.policy}</strong>{choice.policy_version && choice.policy_version !== "1" && <> <span className="dim">{choice.policy_version}</span></>}</span><span className="dim">{choice.how.replace(/ \(`.*\)$/, "")}</span></p>}
      {choice?.instead && <p className="small">{choice.instead.replaceAll("`", "")}.</p>}
      {choice?.meant && <p className="small">Asked for <q>{choice.meant.asked}</q>, which no agent has. Its skill is the nearest in meaning, <span className="num">{choice.meant.similarity.toFixed(2)}</span>{choice.meant.next && <>, before {choice.meant.next} with <span className="num">{choice.meant.next_similarity!.toFixed(2)}</span></>}.</p>}
      {choice && <Narrowed choice={choice} chosen={attempt.agent} />}
      {candidates.length > 0 && <Weighed attempt={attempt} />}
      {choice?.reserved && <p className="small dim">Set aside for it from the budget: {choice.reserved}</p>}
    </div>
  );
}

/** All agents, what each filter took out, those who were left, and the one. */
function Narrowed({ choice, chosen }: { choice: Choice; chosen: string }) {
  if (choice.filters.length === 0) return null;
  const out = choice.filters.reduce((sum, one) => sum + one.count, 0);
  return (
    <ol className="narrowed" aria-label="How the agents were narrowed down">
      <li><span className="num">{plural(choice.considered + out, "agent")}</span></li>
      {choice.filters.map((one, i) => {
        const more = one.count - one.agents.length;
        const names = one.agents.join(", ") + (more > 0 ? ` and ${whole(more)} more` : "");
        return <li key={i} className="out" title={names}><span className="num">−{whole(one.count)}</span> {FILTERS[one.filter] ?? one.filter}: <span className="dim clip">{names}</span></li>;
      })}
      <li><span className="num">{whole(choice.considered)}</span> weighed</li>
      <li><strong>{chosen}</strong></li>
    </ol>
  );
}

function Weighed({ attempt }: { attempt: Attempt }) {
  const { candidates, choice } = attempt;
  const parts = candidates.some((one) => one.parts);
  const more = (choice?.considered ?? 0) - candidates.length;
  return (
    <>
      <table className="tight candidates">
        {parts && <thead><tr><th scope="col">Agent</th><th scope="col" className="right">Score</th><th aria-hidden="true" /><th scope="col" className="right" title="How likely what it gives is accepted">= accepted</th><th scope="col" className="right" title="Money and time, as they are weighed">− takes</th><th scope="col" className="right" title="Drawn for those of whom little is known">± chance</th></tr></thead>}
        <tbody>{candidates.map((one) => <Row key={one.agent} one={one} parts={parts} attempt={attempt} />)}</tbody>
      </table>
      {more > 0 && <p className="small dim">and {plural(more, "other agent")} that scored less</p>}
    </>
  );
}

function Row({ one, parts, attempt }: { one: Candidate; parts: boolean; attempt: Attempt }) {
  const chosen = one.agent === attempt.agent;
  const excluded = one.excluded && !chosen ? one.excluded : null;
  return (
    <>
      <tr className={chosen ? "chosen" : undefined}>
        <td>{chosen ? <strong>{one.agent}</strong> : one.agent}</td>
        <td className="right num">{scored(attempt.choice?.policy ?? "", one)}</td>
        {parts && <td>{one.parts && <Bar total={1} width={64} parts={[["succeeded", Math.max(0, one.parts.success - one.parts.costs)], ["backing", Math.min(one.parts.costs, one.parts.success)]]} />}</td>}
        {parts && <td className="right num">{one.parts ? percent(one.parts.success) : ""}</td>}
        {parts && <td className="right num" title={one.parts ? taken(one) : undefined}>{one.parts ? one.parts.costs.toFixed(2) : ""}</td>}
        {parts && <td className="right num">{one.parts && one.parts.drawn !== 0 ? `${one.parts.drawn > 0 ? "+" : "−"}${Math.abs(one.parts.drawn).toFixed(2)}` : ""}</td>}
        {!parts && <td className="dim">{chosen ? "chosen" : ""}</td>}
      </tr>
      {excluded && <tr className="excluded"><td colSpan={parts ? 6 : 3} className="dim">could not have it: {excluded}</td></tr>}
    </>
  );
}

const taken = (one: Candidate) => `${usd(one.parts!.usd)}, ${span(one.parts!.seconds * 1000)}`;

/** As the policy counts: money, time, or a number without a unit; nothing where it is only whose turn it is. */
function scored(policy: string, one: Candidate): string {
  if (one.parts) return one.score.toFixed(2);
  switch (policy) {
    case "cheapest":
    case "auction": return usd(-one.score);
    case "fastest": return span(-one.score * 1000);
    case "round_robin":
    case "named":
    case "same":
    case "claim": return "";
    default: return one.score.toFixed(2);
  }
}
