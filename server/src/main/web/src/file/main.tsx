/** A run in a file: the views of the dashboard, without a server. */
import { createRoot } from "react-dom/client";
import { answerWith } from "../live/api";
import { live } from "../live/live";
import { Aloud, Said, Toasts } from "../parts/common";
import { moment } from "../parts/figures";
import { Logo, Theme } from "../parts/frame";
import RunPageView from "../pages/run";
import { RightsContext } from "../rights";
import { stayAt } from "../router";
import { RecordAnswers, type RunRecord } from "./record";
import "../style/main.css";

declare global {
  interface Window { tuttiFile: { record: RunRecord; worker: string } }
}

const { record } = window.tuttiFile;
answerWith(new RecordAnswers(record));
stayAt(`/runs/${record.run}`);
live.keep(Date.parse(record.view.at));
document.documentElement.dataset["theme"] = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

function File() {
  return (
    <RightsContext.Provider value={{ who: "", role: "reader of a file", rights: [] }}>
      <div className="frame kept">
        <header className="top">
          <span className="brand"><Logo /><span>Tutti</span></span>
          <span className="dim clip">as of {record.view.at.slice(0, 10)}, {moment(record.view.at)}{record.said.map((text) => <span key={text}> · <Said text={text} /></span>)}</span>
          <span className="grow" />
          <Theme />
        </header>
        <main id="main" className="page"><RunPageView run={record.run} /></main>
        <Toasts />
        <Aloud />
      </div>
    </RightsContext.Provider>
  );
}

const root = document.createElement("div");
root.id = "root";
document.body.append(root);
createRoot(root).render(<File />);
