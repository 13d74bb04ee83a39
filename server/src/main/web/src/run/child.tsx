/** A run within a run: how far it is, from above; and the way back up, from below. */
import { enc } from "../live/api";
import { useRow } from "../live/row";
import type { View } from "../live/types";
import { useGet, usePulse } from "../live/use";
import { Bar, Said } from "../parts/common";
import { plural, shortId, usd, whole } from "../parts/figures";
import { Icon } from "../parts/icons";
import { lookOfRun, Mark, State, type Look } from "../parts/state";
import { Link } from "../router";

const parts = (tasks: { total: number; done: number; failed: number }): [Look, number][] => [["succeeded", tasks.done], ["failed", tasks.failed]];

/** In a node of the plan: one line. */
export function ChildLine({ run }: { run: string }) {
  const row = useRow(run);
  if (!row) return <>a run of its own</>;
  return <span className="row child-line"><Mark look={lookOfRun(row.status)} still /><span className="num">{whole(row.tasks.done)} of {whole(row.tasks.total)}</span><Bar parts={parts(row.tasks)} total={row.tasks.total} width={70} />{row.cost.usd > 0 && <span className="num">{usd(row.cost.usd)}</span>}</span>;
}

/** In the drawer of its task. */
export function ChildRun({ run }: { run: string }) {
  const row = useRow(run);
  return (
    <section className="card child-run" aria-label="Its own run">
      <p className="row"><Link className="link" to={`/runs/${run}`}>Its own run {shortId(run)} ▸</Link><span className="grow" />{row && <State look={lookOfRun(row.status)} word={row.status} />}</p>
      {row && <p className="row num"><Bar parts={parts(row.tasks)} total={row.tasks.total} width={160} />{whole(row.tasks.done)} of {plural(row.tasks.total, "task")}{row.tasks.failed > 0 && `, ${whole(row.tasks.failed)} failed`}<span className="grow" />{usd(row.cost.usd)}</p>}
      {row?.reason && row.status !== "succeeded" && <p className="small dim"><Said text={row.reason} /></p>}
      {row && row.questions > 0 && <p className="small"><Mark look="waiting" still /> {plural(row.questions, "question")} to answer in it</p>}
    </section>
  );
}

/** The run above and its task that this run does. */
export function Above({ run, parent }: { run: string; parent: string }) {
  const kept = usePulse().state === "kept";
  const { data } = useGet<View>(kept ? null : `/runs/${enc(parent)}/view`);
  const task = Object.entries(data?.children ?? {}).find(([, child]) => child === run)?.[0];
  return (
    <>
      <Link to={`/runs/${parent}`} className="dim clip">{data ? data.goal : shortId(parent)}</Link><Icon name="right" />
      {task && <><Link to={`/runs/${parent}?task=${enc(task)}`} className="dim clip">{task}</Link><Icon name="right" /></>}
    </>
  );
}
