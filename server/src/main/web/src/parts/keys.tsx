/** Keys. Single letters can be switched off, for people whose software types them. */
import { useLayoutEffect, useRef } from "react";
import { useKept } from "../live/use";
import { Dialog } from "./common";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** The key before this one, where it may begin a pair, and when it was pressed. */
let pending = { key: "", at: 0 };
let last = pending;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|range|button)$/.test(target.type));

const lettersOn = () => localStorage.getItem("tutti.letters") !== "false";

/** Runs what belongs to a key (`j`, `g r`, `Escape`, `Ctrl+k`) while the component is there. */
export function useKeys(keys: Keys, on = true) {
  const ref = useRef(keys);
  ref.current = keys;
  // Before anything is painted: what is seen can be used.
  useLayoutEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      const withControl = event.ctrlKey || event.metaKey;
      const name = (withControl ? "Ctrl+" : "") + event.key;
      if (withControl) {
        ref.current[name]?.(event);
        return;
      }
      if (event.altKey) return;
      // What is typed in a shadow tree, as in the editor, comes from its host otherwise.
      if (event.key !== "Escape" && (typing(event.composedPath()[0] ?? event.target) || !lettersOn())) return;
      if (document.querySelector("dialog[open]")) return;
      const both = event.timeStamp - pending.at < 1500 && pending.key ? `${pending.key} ${name}` : "";
      // The second of a pair is no key of its own: `g a` in the inbox approves nothing.
      const act = ref.current[both || name];
      if (act) {
        if (event.key !== "Escape") event.preventDefault();
        act(event);
      }
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [on]);
}

// On the way down, before the components look: two keys may come in one go.
addEventListener("keydown", (event) => {
  const target = event.composedPath()[0] ?? event.target;
  pending = last;
  last = { key: event.key === "g" && !typing(target) ? "g" : "", at: event.timeStamp };
}, true);

const ALL: [string, string][] = [
  ["/", "search"], ["Ctrl K", "every page, run and verb"], ["?", "these keys"],
  ["g r", "runs"], ["g i", "inbox"], ["g n", "new run"], ["g a", "agents"],
  ["g s", "resources"], ["g e", "events"], ["g m", "memory"], ["g u", "audit"],
  ["j k", "next, previous"], ["Enter", "open"], ["x", "select"], ["Esc", "close"],
  ["1 – 5", "tabs of a run"], ["[ ]", "an event back, an event on"], [".", "live again, follow again"],
  ["f", "next failure"], ["c", "critical path"], ["t", "tidy the picture"],
  ["v", "plan, as it ran"],
];

export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [letters, setLetters] = useKept("letters", true);
  return (
    <Dialog open={open} onClose={onClose} title="Keys">
      <div className="dialog-main">
        <dl className="pairs keys">
          {ALL.map(([key, what]) => (
            <div key={key} className="key-pair"><dt>{key.split(" ").map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>
          ))}
        </dl>
        <label className="check"><input type="checkbox" checked={letters} onChange={(e) => setLetters(e.target.checked)} /> Single keys do something</label>
      </div>
      <div className="dialog-foot"><button type="button" className="button" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}
