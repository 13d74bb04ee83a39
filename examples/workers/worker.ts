// A worker for Tutti, with nothing but Node: TUTTI_TOKEN=… node worker.ts (Node 22.18 or later reads TypeScript as it is)

type Json = Record<string, any>;
type Progress = (fraction: number, message: string) => void;
type Skill = (task: Json, progress: Progress) => Promise<Json>;

const url: string = (process.env.TUTTI_URL ?? "http://127.0.0.1:7070") + "/api/v1/workers";
const pause = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, seconds * 1000));
let stopping: boolean = false;

const skills: Record<string, Skill> = {
  shout: async (task: Json, progress: Progress): Promise<Json> => {
    progress(0.5, "taking a deep breath");
    return { text: task.input.text.toUpperCase() };
  },
};

async function call(token: string, path: string, body: Json): Promise<Response> {
  const headers: Json = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

// A report that did not come through is made again; one that is refused is not.
async function report(token: string, path: string, body: Json): Promise<void> {
  for (const seconds of [0.2, 1, 5, 0]) {
    try {
      const answer: Response = await call(token, path, body);
      if (!answer.ok) console.log("refused:", await answer.text());
      return;
    } catch {
      await pause(seconds);
    }
  }
}

async function work(token: string, beat: number, task: Json): Promise<void> {
  const lease: string = "/leases/" + task.lease;
  let state: Json = { progress: 0, message: "" };
  const life = setInterval(() => report(token, lease + "/heartbeat", state), beat * 1000);
  try {
    const output: Json = await skills[task.skill](task, (fraction: number, message: string) => {
      state = { progress: fraction, message };
    });
    await report(token, lease + "/complete", { output });
  } catch (error) {
    await report(token, lease + "/fail", { code: "worker_error", message: String(error), retry: true });
  } finally {
    clearInterval(life);
  }
}

async function main(): Promise<void> {
  for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => (stopping = true));
  let me: Json | null = null;
  while (!stopping) {
    try {
      if (me === null) {
        const hello: Json = { name: `node-${process.pid}`, skills: Object.keys(skills) };
        const answer: Response = await call(process.env.TUTTI_TOKEN ?? "", "", hello);
        if (answer.status === 401) throw new Error("TUTTI_TOKEN is not the token of this server");
        if (answer.ok) me = await answer.json();
        else await pause(1);
        continue;
      }
      const answer: Response = await call(me.token, "/leases?wait=20", {});
      if (answer.status === 200) await work(me.token, me.heartbeat_seconds, await answer.json());
      else if (answer.status === 401) me = null; // The server was started anew.
      else if (answer.status !== 204) await pause(1);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await pause(1); // It is not there just now.
    }
  }
  if (me !== null) await report(me.token, "/leave", {});
}

await main();
