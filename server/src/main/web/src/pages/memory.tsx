/** What is remembered from run to run: found, and forgotten. */
import { useEffect, useState } from "react";
import { enc, post, said } from "../live/api";
import { useGet, useThrottled } from "../live/use";
import { Dialog, Empty, toast, Trouble, Waiting } from "../parts/common";
import { moment, plural, shortId, whole } from "../parts/figures";
import { useRefusal } from "../rights";
import { Link, useQuery } from "../router";

interface Memory { id: string; kind: string; text: string; about: string | null; attribute: string | null; value: string | null; trust: string; from: string; task: string | null; at: string; confirmed: string; confirmations: number; expires: string | null; score: number; contradicts: string[]; superseded: boolean }
interface Page { count?: number; retrieval?: string; memories: Memory[]; told_nothing?: string[] }
interface Gone { forgotten: number; messages_on_record: number; recorded_by: string[]; named_in: string[] }
type Target = { id: string } | { about: string };

const KINDS = ["", "fact", "episode", "procedure"];

export default function MemoryPage() {
  const [query, setQuery] = useQuery();
  const [target, setTarget] = useState<Target | null>(null);
  const [turn, setTurn] = useState(0);
  const wanted = useThrottled(query.toString(), 300);
  const asked = new URLSearchParams(wanted);
  const words = asked.get("q") ?? "";
  const which = ["about", "kind"].filter((name) => asked.get(name)).map((name) => `${name}=${enc(asked.get(name)!)}`).join("&");
  const limit = Number(asked.get("limit")) || 50;
  const { data, error, again } = useGet<Page>(words ? `/memory/search?q=${enc(words)}&most=50${which && "&" + which}` : `/memory?limit=${limit}${which && "&" + which}`, turn);
  useEffect(() => { document.title = "Memory · Tutti"; }, []);
  const more = data?.count !== undefined && data.memories.length < data.count;
  return (
    <div className="page-inner">
      <div className="page-head"><h1>Memory</h1>
        {data && <span className="dim" role="status">{words ? `${plural(data.memories.length, "match", "matches")}, by ${data.retrieval === "hybrid" ? "words and meaning" : "words"}` : `${whole(data.count ?? 0)} remembered from run to run`}</span>}
        <span className="grow" />
        <a className="button" href={`/api/v1/memory/export${which && "?" + which}`} download="memory.ndjson">Export</a>
      </div>
      <div className="row wrap filters" role="search" aria-label="Search">
        <input data-search className="field grow" type="search" aria-label="Search what is remembered" placeholder="Words, or a question" defaultValue={query.get("q") ?? ""} onChange={(e) => setQuery({ q: e.target.value }, true)} />
        <label className="row"><span className="dim">about</span><input key={asked.get("about") ?? ""} className="field" placeholder="anybody, anything" defaultValue={query.get("about") ?? ""} onBlur={(e) => setQuery({ about: e.target.value.trim() }, true)} onKeyDown={(e) => { if (e.key === "Enter") setQuery({ about: e.currentTarget.value.trim() }, true); }} /></label>
        <label className="row"><span className="dim">kind</span><select className="field" value={query.get("kind") ?? ""} onChange={(e) => setQuery({ kind: e.target.value }, true)}>{KINDS.map((kind) => <option key={kind} value={kind}>{kind || "all"}</option>)}</select></label>
      </div>
      {error !== null && <Trouble error={error} again={again} />}
      {!data && error === null && <Waiting what="what is remembered" />}
      {data && data.memories.length === 0 && (
        <div className="table-box"><Empty title={words || which ? "Nothing like that is remembered" : "Nothing is remembered yet"}>
          <p>Tasks remember by <code>{"emit: { topic: memory, message: fact }"}</code>, and people by</p><pre>./tutti memory remember "The archive is shut on Mondays." --about archive</pre>
        </Empty></div>
      )}
      {data && data.memories.length > 0 && (
        <ul className="memories" aria-label="Memories">
          {data.memories.map((one) => <Row key={one.id} memory={one} onAbout={(about) => setQuery({ about, q: null })} onForget={setTarget} />)}
        </ul>
      )}
      {more && <button type="button" className="button" onClick={() => setQuery({ limit: limit + 50 }, true)}>Older</button>}
      {data?.told_nothing && data.told_nothing.length > 0 && (
        <details className="dim"><summary>{plural(data.told_nothing.length, "message")} told nothing</summary><ul>{data.told_nothing.map((why) => <li key={why}>{why}</li>)}</ul></details>
      )}
      {target && <Forget target={target} onClose={() => setTarget(null)} onDone={() => { setTarget(null); setTurn((n) => n + 1); }} />}
    </div>
  );
}

function Row({ memory, onAbout, onForget }: { memory: Memory; onAbout: (about: string) => void; onForget: (target: Target) => void }) {
  const refusal = useRefusal("operate");
  const { about } = memory;
  return (
    <li className="memory" data-memory={memory.id} data-row={memory.id}>
      <div className="memory-text">
        <p className={memory.superseded ? "dim" : ""}>{memory.text}</p>
        <p className="small dim">
          <code>{memory.id}</code>
          {about && <> · about <button type="button" className="link" onClick={() => onAbout(about)}>{about}</button></>}
          {memory.attribute && <> · {memory.attribute} = {memory.value}</>}
          {" · "}{memory.trust} · <Source memory={memory} /> · {moment(memory.at)}
          {memory.confirmations > 0 && <> · told again {plural(memory.confirmations, "time")}</>}
          {memory.expires && <> · until {moment(memory.expires)}</>}
        </p>
        {memory.contradicts.length > 0 && <p className="small contradicts">contradicts {memory.contradicts.join(", ")}, which was told {memory.superseded ? "later" : "before"}</p>}
      </div>
      <div className="row wrap">
        <button type="button" className="button" disabled={refusal !== null} title={refusal ?? undefined} aria-label={`Forget ${memory.id}`} onClick={() => onForget({ id: memory.id })}>Forget</button>
        {about && <button type="button" className="button" disabled={refusal !== null} title={refusal ?? undefined} aria-label={`Forget all about ${about}`} onClick={() => onForget({ about })}>All about {about}</button>}
      </div>
    </li>
  );
}

function Source({ memory }: { memory: Memory }) {
  const run = /^run\/(.+)$/.exec(memory.from)?.[1];
  if (!run) return <>{memory.from}</>;
  return <Link className="link" to={`/runs/${run}${memory.task ? `?task=${enc(memory.task)}` : ""}`}>run {shortId(run)}{memory.task && ` ${memory.task}`}</Link>;
}

/** Says what would be forgotten, and what stays on record, before it is done. */
function Forget({ target, onClose, onDone }: { target: Target; onClose: () => void; onDone: () => void }) {
  const [dry, setDry] = useState<Gone | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [doing, setDoing] = useState(false);
  const what = "id" in target ? target.id : `all about ${target.about}`;
  useEffect(() => {
    post<Gone>("/memory/forget", { ...target, dry_run: true }).then(setDry, (e: unknown) => setError(said(e)));
  }, [target]);
  const forget = async () => {
    setDoing(true);
    try {
      const gone = await post<Gone>("/memory/forget", target);
      toast("succeeded", `Forgot ${"id" in target ? target.id : plural(gone.forgotten, "memory", "memories") + " about " + target.about}.`);
      onDone();
    } catch (e) {
      setError(said(e));
      setDoing(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`Forget ${what}`}>
      <form onSubmit={(event) => { event.preventDefault(); if (dry && !doing) void forget(); }}>
        <div className="dialog-main">
          <p className="dim">No search, export or recall gives it any more, and the files of the index no longer have it.</p>
          {error && <p className="bad" role="alert">{error}</p>}
          {!dry && !error && <Waiting what="what would be forgotten" />}
          {dry && (
            <ul>
              <li>{plural(dry.forgotten, "memory", "memories")} would be forgotten</li>
              <li>{plural(dry.messages_on_record, "message")} in the journal {dry.messages_on_record === 1 ? "stays" : "stay"} on record{dry.recorded_by.length > 0 && `, from ${dry.recorded_by.join(", ")}`}</li>
              {dry.named_in.length > 0 && <li>named in {dry.named_in.join(", ")}, which {dry.named_in.length === 1 ? "is" : "are"} about something else and stay{dry.named_in.length === 1 ? "s" : ""}</li>}
            </ul>
          )}
        </div>
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>Keep it</button>
          <button className="button strong" disabled={!dry || doing}>Forget</button>
        </div>
      </form>
    </Dialog>
  );
}
