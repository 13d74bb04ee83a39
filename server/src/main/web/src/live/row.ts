import { useEffect, useState } from "react";
import { enc, get } from "./api";
import { live } from "./live";
import type { RunPage, RunRow } from "./types";

/** A run as the list has it, kept current by what the list is told; null until it is known, and in a file. */
export function useRow(run: string | null): RunRow | null {
  const [row, setRow] = useState<RunRow | null>(null);
  useEffect(() => {
    if (run === null || live.pulse.state === "kept") return;
    const stop = new AbortController();
    const take = (rows: RunRow[]) => {
      const own = rows.find((one) => one.run === run);
      if (own) setRow((had) => (had && had.run === run && had.last_at > own.last_at ? had : own));
    };
    const ask = () => void get<RunPage>(`/runs?limit=1&q=${enc(run)}`, stop.signal).then((page) => take(page.runs), () => undefined);
    const ends = [
      live.on("runs", ({ runs }: { runs: RunRow[] }) => take(runs)),
      live.on("refetch", (what) => what.what === "runs" && ask()),
      live.on("hello", ask),
    ];
    ask();
    return () => { stop.abort(); ends.forEach((end) => end()); };
  }, [run]);
  return row?.run === run ? row : null;
}
