/** An editor of YAML with completion and marks at what is wrong. It comes in a file of its own, with the page that needs it. */
import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { candidates, placeOf, type Schema } from "./schema";

export interface TextFault { line?: number; column?: number; length?: number; severity: string; message: string; help: string | null; code: string }

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "13px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "19px" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-3)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--focus) 28%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "6px", maxWidth: "min(440px, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--strong)", color: "var(--on-strong)" },
  ".cm-completionInfo": { fontFamily: "inherit", padding: "6px 10px" },
  ".cm-completionDetail": { color: "inherit" },
  ".cm-diagnostic": { padding: "6px 10px" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--s-failed)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--s-waiting)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--s-failed)", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--s-waiting)", textUnderlineOffset: "3px" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ink)", fontWeight: "600" },
  { tag: [tags.string, tags.content], color: "var(--ink-2)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--ink-2)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "var(--ink-3)" },
]);

/** The characters of a fault; places count code points, the editor counts UTF-16. */
function rangeOf(state: EditorState, fault: TextFault) {
  if (!fault.line || fault.line > state.doc.lines) return { from: 0, to: 0 };
  const line = state.doc.line(fault.line);
  const letters = [...line.text];
  const start = letters.slice(0, (fault.column ?? 1) - 1).join("").length;
  const length = letters.slice((fault.column ?? 1) - 1, (fault.column ?? 1) - 1 + (fault.length ?? 1)).join("").length;
  return { from: line.from + Math.min(start, line.length), to: line.from + Math.min(start + length, line.length) };
}

interface Props {
  label: string;
  initial: string;
  schema: Schema | null;
  faults: TextFault[];
  /** A line to go to; another object goes there again. */
  goTo: { line: number; column: number } | null;
  onText: (text: string) => void;
}

export default function YamlEditor({ label, initial, schema, faults, goTo, onText }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const known = useRef({ schema, onText });
  known.current = { schema, onText };
  useEffect(() => {
    // In a tree of its own: there the editor's styles are style sheets made by the script, which the page's
    // content security policy allows, and no style elements, which it does not.
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    const complete = (context: CompletionContext): CompletionResult | null => {
      const { schema: of } = known.current;
      if (!of) return null;
      const text = context.state.doc.toString();
      const place = placeOf(text, context.pos);
      if (!context.explicit && place.word === "") return null;
      if (!/^[\w./-]*$/.test(place.word)) return null;
      const options = candidates(of, text, place);
      if (options.length === 0) return null;
      return {
        from: place.from,
        validFor: /^[\w./-]*$/,
        options: options.map((one) => ({ label: one.text, type: one.kind === "key" ? "property" : "constant", apply: one.kind === "key" ? `${one.text}: ` : one.text, ...(one.says ? { info: one.says } : {}) })),
      };
    };
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: initial,
        extensions: [
          lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentUnit.of("  "), yaml(), syntaxHighlighting(colours), look, lintGutter(),
          autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 60 }),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
          EditorView.updateListener.of((update) => { if (update.docChanged) known.current.onText(update.state.doc.toString()); }),
        ],
      }),
    });
    editor.current = made;
    return () => { made.destroy(); editor.current = null; };
  }, []); // eslint-disable-line
  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    view.dispatch(setDiagnostics(view.state, faults.map((fault): Diagnostic => ({ ...rangeOf(view.state, fault), severity: fault.severity === "warning" ? "warning" : "error", message: fault.help ? `${fault.message}\n${fault.help}` : fault.message, source: fault.code }))));
  }, [faults]);
  useEffect(() => {
    const view = editor.current;
    if (!view || !goTo) return;
    const { from } = rangeOf(view.state, { line: goTo.line, column: goTo.column, length: 1, severity: "", message: "", help: null, code: "" });
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  }, [goTo]);
  return <div className="yaml-editor" ref={host} />;
}
