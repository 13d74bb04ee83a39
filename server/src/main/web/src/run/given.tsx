/** What the agents of a task were given and why, where their answers differ, and what they stored. */
import { useEffect, useRef, useState } from "react";
import { address, enc } from "../live/api";
import type { ArtifactPreview, ArtifactRow, Context, Dissent } from "../live/types";
import { useGet } from "../live/use";
import { Bar, CopyLink, Trouble, Waiting } from "../parts/common";
import { percent, plural, size, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { PayloadView } from "../parts/json";
import { useQuery } from "../router";

const FATES = { whole: "whole", compacted: "made shorter", cut: "left out" } as const;

/** What the agent of an attempt had before it, by how much it bears on the task. */
export function Given({ context, notes }: { context: Context | null; notes: string[] }) {
  if (context === null) {
    return notes.length === 0 ? null : <div className="sub"><h3>Notes it was shown</h3><p><code>{notes.join(", ")}</code></p></div>;
  }
  return (
    <div className="sub">
      <h3>What it was given, and why</h3>
      <p className="row num"><Bar total={Math.max(context.budget, context.used)} parts={[["running", context.used]]} width={96} />{whole(context.used)} of {plural(context.budget, "token")}</p>
      <table className="tight"><tbody>
        {context.parts.map((part) => (
          <tr key={part.name}>
            <td><code>{part.name}</code></td>
            <td className={part.fate === "whole" ? "dim" : undefined}>{FATES[part.fate]}</td>
            <td className="right num">{part.tokens > 0 ? whole(part.tokens) : ""}</td>
            <td className="right num dim">{part.score.toFixed(2)}</td>
            <td className="dim">{part.why}</td>
          </tr>
        ))}
      </tbody></table>
      {context.parts.filter((part) => part.given !== null).map((part) => (
        <details key={part.name} className="section"><summary><Icon name="right" />{part.name} as it was given</summary><div className="section-main"><PayloadView payload={part.given!} name={`${part.name}-given`} /></div></details>
      ))}
    </div>
  );
}

/** `believer × 2, sceptic`. */
const counted = (names: string[]) => [...new Set(names)].map((name) => {
  const times = names.filter((one) => one === name).length;
  return times > 1 ? `${name} × ${times}` : name;
}).join(", ");

/** Answers that are not the same, the most probable first, and who gave them. */
export function DissentView({ dissent }: { dissent: Dissent }) {
  return (
    <>
      <p>Decided with {percent(dissent.confidence)} confidence by {dissent.by}.</p>
      <ol className="answers">
        {dissent.answers.map((one, i) => (
          <li key={i}>
            <p className="row num"><Bar total={100} parts={[[i === 0 ? "succeeded" : "waiting", Math.round(one.share * 100)]]} width={96} />{percent(one.share)} <span className="dim">by {counted(one.agents)}</span></p>
            <PayloadView payload={one.answer} name={`answer-${i + 1}`} />
            {one.sources.length > 0 && <p className="small dim">resting on {one.sources.join(", ")}</p>}
          </li>
        ))}
      </ol>
    </>
  );
}

/** What agents stored: to be looked at here as far as that is safe, and to be saved. The one in the address is open. */
export function Artifacts({ run, artifacts }: { run: string; artifacts: ArtifactRow[] }) {
  const [query] = useQuery();
  const wanted = query.get("artifact");
  return (
    <ul className="lines">
      {artifacts.map((artifact) => <Artifact key={artifact.hash} base={`/runs/${enc(run)}/artifacts/${enc(artifact.hash)}`} artifact={artifact} wanted={artifact.hash === wanted} />)}
    </ul>
  );
}

function Artifact({ base, artifact, wanted }: { base: string; artifact: ArtifactRow; wanted: boolean }) {
  const [shown, setShown] = useState(wanted);
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!wanted) return;
    setShown(true);
    summary.current?.scrollIntoView({ block: "start" });
    summary.current?.focus({ preventScroll: true });
  }, [wanted]);
  const saved = address(base);
  const name = artifact.name || artifact.hash.slice(0, 12);
  return (
    <li>
      <details className="artifact" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary ref={summary} className="row" data-artifact={artifact.hash}><Icon name="right" /><Icon name="file" /><span className="clip" title={artifact.hash}>{name}</span><span className="grow" /><span className="dim small">{artifact.media_type}, {size(artifact.size)}</span></summary>
        {shown && <div className="section-main"><Look base={base} name={name} /></div>}
      </details>
      <span className="row">{saved && <a className="link small" href={saved} download>Save</a>}<CopyLink query={{ artifact: artifact.hash }} what={name} /></span>
    </li>
  );
}

function Look({ base, name }: { base: string; name: string }) {
  const { data, error, again } = useGet<ArtifactPreview>(`${base}/preview`);
  if (error !== null) return <Trouble error={error} again={again} />;
  if (!data) return <Waiting what={name} />;
  switch (data.kind) {
    case "image": return <img className="artifact-image" src={address(`${base}/image`) ?? undefined} alt={name} />;
    case "json": return <PayloadView payload={{ value: data.content }} name={name} />;
    case "markdown":
    case "text": return <><pre className="artifact-text" tabIndex={0}>{String(data.content)}</pre>{data.cut && <p className="small dim">This is the beginning; save it to see all of it.</p>}</>;
    case "none": return <p className="dim">This is nothing that can be read here.</p>;
  }
}
