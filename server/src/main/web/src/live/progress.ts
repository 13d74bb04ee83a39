/** What attempts say of how far they are, while they are at it. No event of a journal tells it. */
import { useEffect, useState } from "react";
import { live } from "./live";

type ByTask = Record<string, string>;

/** By task, as it was last told; null until something was. */
export function useProgress(run: string): ByTask | null {
  const [told, setTold] = useState<{ run: string; tasks: ByTask } | null>(null);
  useEffect(() => live.on("progress", (data: { run: string; tasks: ByTask }) => { if (data.run === run) setTold(data); }), [run]);
  return told?.run === run ? told.tasks : null;
}
