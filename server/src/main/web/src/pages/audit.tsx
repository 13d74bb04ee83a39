import { useEffect, useState } from "react";
import { enc, get, said } from "../live/api";
import { useGet } from "../live/use";
import { Empty, Trouble, Waiting } from "../parts/common";
import { at, shortId, whole } from "../parts/figures";
import { Mark } from "../parts/state";
import { Link, useQuery } from "../router";

interface Deed { position: number; at: string; by: string; verb: string; run: string; event: number; tasks: string[]; why: string; refused: boolean }
interface Page { whole: boolean; next: number | null; deeds: Deed[] }

const FILTERS = ["by", "verb", "run", "since"] as const;
const HINTS = { by: "anybody", verb: "retry, answer, …", run: "id of a run", since: "24h, 7d, …" };

/** Who did what, when and why: to a run, or to what runs share. */
export default function Audit() {
  const [query, setQuery] = useQuery();
  const [more, setMore] = useState<Deed[]>([]);
  const [next, setNext] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const filter = FILTERS.filter((name) => query.get(name)).map((name) => `${name}=${enc(query.get(name)!)}`).join("&");
  const { data, error, again } = useGet<Page>(`/audit${filter && "?" + filter}`);
  useEffect(() => { document.title = "Audit · Tutti"; }, []);
  useEffect(() => { setMore([]); setNext(data?.next ?? null); }, [data]);
  useEffect(() => {
    if (!data || data.whole) return;
    const timer = setTimeout(again, 500);
    return () => clearTimeout(timer);
  }, [data, again]);
  const older = async () => {
    try {
      const page = await get<Page>(`/audit?${filter && filter + "&"}before=${next}`);
      setMore((all) => [...all, ...page.deeds]);
      setNext(page.next);
    } catch (e) {
      setTrouble(said(e));
    }
  };
  const deeds = [...(data?.deeds ?? []), ...more];
  return (
    <div className="page-inner">
      <div className="page-head"><h1>Audit</h1><span className="grow" /><a className="button" href={`/api/v1/audit.csv${filter && "?" + filter}`} download="audit.csv">Export as CSV</a></div>
      <div className="row wrap filters" role="search" aria-label="Filter">
        {FILTERS.map((name) => (
          <label key={name} className="row"><span className="dim">{name}</span>
            <input className="field" placeholder={HINTS[name]} defaultValue={query.get(name) ?? ""} onChange={(e) => setQuery({ [name]: e.target.value.trim() }, true)} />
          </label>
        ))}
      </div>
      {(error !== null || trouble) && <Trouble error={error ?? trouble} again={again} />}
      {!data && error === null && <Waiting what="what was done" />}
      {data && !data.whole && <p className="dim" role="status">The journal is still being read; what is here is not all of it yet.</p>}
      {data && deeds.length === 0 && <div className="table-box"><Empty title="Nobody did anything like that"><p>Whoever begins a run, changes its course or answers a question is here, and whoever deploys triggers, switches an agent off or tells what is remembered.</p></Empty></div>}
      {deeds.length > 0 && (
        <div className="table-box scroll-x">
          <table>
            <thead><tr><th>When</th><th>Who</th><th>What</th><th>Run</th><th className="right">Event</th><th className="wide">Tasks</th><th>Why</th></tr></thead>
            <tbody>
              {deeds.map((deed) => (
                <tr key={deed.position} data-row={deed.position}>
                  <td className="num dim">{at(deed.at)}</td>
                  <td>{deed.by}</td>
                  <td>{deed.refused ? <span className="state"><Mark look="failed" still />{deed.verb}, refused</span> : deed.verb}</td>
                  <td>{deed.run && <Link className="link" to={`/runs/${deed.run}`}><code>{shortId(deed.run)}</code></Link>}</td>
                  <td className="right num">{deed.run && <Link className="link" to={`/runs/${deed.run}?at=${deed.event}`}>{whole(deed.event)}</Link>}</td>
                  <td className="wide">{deed.tasks.join(", ")}</td>
                  <td className="dim">{deed.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next !== null && <button type="button" className="button" onClick={() => void older()}>Older</button>}
    </div>
  );
}
