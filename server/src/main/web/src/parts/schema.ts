/** What may stand where in a team file: its JSON Schema, followed along the keys to a place. */

export interface Schema {
  $ref?: string; $defs?: Record<string, Schema>; description?: string; type?: string | string[];
  properties?: Record<string, Schema>; additionalProperties?: boolean | Schema; items?: Schema;
  anyOf?: Schema[]; oneOf?: Schema[]; allOf?: Schema[]; then?: Schema; else?: Schema;
  enum?: unknown[]; const?: unknown; default?: unknown;
}

/** Where the cursor is: the keys above it, and whether a key or a value is written there. `-` is an item of a list. */
export interface Place { path: string[]; what: "key" | "value"; word: string; from: number }

interface Level { indent: number; key: string | null }
interface Flow { open: "{" | "["; key: string | null; value: boolean }

/** Reads as far as the cursor: lines by their indents, and braces where they are open. Text in quotes and comments count for nothing. */
export function placeOf(text: string, at: number): Place {
  const levels: Level[] = [];
  const flow: Flow[] = [];
  let lineFrom = 0;
  let last: Place = { path: [], what: "key", word: "", from: at };
  while (lineFrom <= at) {
    const newline = text.indexOf("\n", lineFrom);
    const lineTo = newline < 0 ? text.length : newline;
    const line = text.slice(lineFrom, Math.min(lineTo, at));
    const here = at <= lineTo;
    let i = 0;
    let word = lineFrom;
    let value = false;
    if (flow.length === 0) {
      const blank = /^ */.exec(line)![0].length;
      if (line.trim() === "" && !here) { lineFrom = lineTo + 1; continue; }
      if (line.trimStart().startsWith("#")) {
        if (here) return { path: [], what: "value", word: "", from: at };
        lineFrom = lineTo + 1;
        continue;
      }
      while (levels.length > 0 && levels.at(-1)!.indent >= blank) levels.pop();
      let indent = blank;
      i = blank;
      while (line.startsWith("- ", i)) { levels.push({ indent, key: "-" }); i += 2; indent += 2; }
      const key = /^("[^"]*"|'[^']*'|[^\s:#{}[\],&*!|>'"][^:#{}[\],]*?)\s*:(?=\s|$)/.exec(line.slice(i));
      word = lineFrom + i;
      if (key) {
        levels.push({ indent, key: key[1]!.replace(/^["']|["']$/g, "") });
        i += key[0].length;
        while (line[i] === " ") i++;
        word = lineFrom + i;
        value = true;
      }
    } else {
      while (line[i] === " ") i++;
      word = lineFrom + i;
      value = flow.at(-1)!.value;
    }
    let quote = "";
    for (; i < line.length; i++) {
      const c = line[i]!;
      if (quote) { if (c === quote) quote = ""; continue; }
      const inside = flow.at(-1);
      if ((c === '"' || c === "'") && line.slice(word - lineFrom, i).trim() === "") quote = c;
      else if (c === "#" && /\s/.test(line[i - 1] ?? " ")) { if (here) return { path: [], what: "value", word: "", from: at }; break; }
      else if ((c === "{" || c === "[") && line.slice(word - lineFrom, i).trim() === "") { flow.push({ open: c, key: null, value: c === "[" }); value = c === "["; word = lineFrom + i + 1; }
      else if (inside && (c === "}" || c === "]")) { flow.pop(); value = true; word = lineFrom + i + 1; }
      else if (inside && c === ",") { inside.key = null; inside.value = inside.open === "["; value = inside.value; word = lineFrom + i + 1; }
      else if (inside?.open === "{" && c === ":" && !inside.value && /\s|$/.test(line[i + 1] ?? "")) {
        inside.key = line.slice(word - lineFrom, i).trim().replace(/^["']|["']$/g, "");
        inside.value = true;
        value = true;
        word = lineFrom + i + 1;
      }
    }
    if (here) {
      while (text[word] === " " && word < at) word++;
      const path = [...levels.map((one) => one.key!), ...flow.flatMap((one) => (one.open === "[" ? ["-"] : one.key !== null ? [one.key] : []))];
      last = { path, what: value ? "value" : "key", word: text.slice(word, at), from: word };
      break;
    }
    lineFrom = lineTo + 1;
  }
  return last;
}

/** All that `schema` may be, references followed. */
function faces(root: Schema, schema: Schema | boolean | undefined, depth = 0): Schema[] {
  if (!schema || schema === true || depth > 8) return [];
  const of = (some: Schema[] | undefined) => (some ?? []).flatMap((one) => faces(root, one, depth + 1));
  const referred = schema.$ref?.startsWith("#/$defs/") ? faces(root, root.$defs?.[schema.$ref.slice(8)], depth + 1) : [];
  return [schema, ...referred, ...of(schema.anyOf), ...of(schema.oneOf), ...of(schema.allOf), ...faces(root, schema.then, depth + 1), ...faces(root, schema.else, depth + 1)];
}

function at(root: Schema, path: string[]): Schema[] {
  let all = faces(root, root);
  for (const key of path) {
    all = all.flatMap((one) => {
      const next = key === "-" ? one.items : (one.properties?.[key] ?? (typeof one.additionalProperties === "object" ? one.additionalProperties : undefined));
      return faces(root, next);
    });
  }
  return all;
}

export interface Candidate { text: string; says: string; kind: "key" | "value" }

/** Names that the text gives in one of its sections. */
const namesIn = (text: string, section: string): string[] => {
  const from = new RegExp(`^${section}:[^\\S\\n]*\\n`, "m").exec(text);
  if (!from) return [];
  const names: string[] = [];
  for (const line of text.slice(from.index + from[0].length).split("\n")) {
    if (/^\S/.test(line)) break;
    const name = /^ {1,4}([a-z][a-z0-9_]*)\s*:/.exec(line)?.[1];
    if (name) names.push(name);
  }
  return names;
};

const REFERENCES: Record<string, string> = { skill: "skills", skills: "skills", agent: "agents", planner: "agents", model: "models", tools: "tools" };

/** What may be written at a place, the likeliest kinds first. */
export function candidates(root: Schema, text: string, place: Place): Candidate[] {
  const found = new Map<string, Candidate>();
  const add = (one: Candidate) => { if (!found.has(one.text)) found.set(one.text, one); };
  const here = at(root, place.path);
  if (place.what === "key") {
    for (const one of here) for (const [name, value] of Object.entries(one.properties ?? {})) add({ text: name, says: value.description ?? "", kind: "key" });
    return [...found.values()];
  }
  for (const one of here) {
    for (const value of one.enum ?? []) add({ text: String(value), says: "", kind: "value" });
    if (one.const !== undefined) add({ text: String(one.const), says: "", kind: "value" });
    if (one.type === "boolean") for (const value of ["true", "false"]) add({ text: value, says: "", kind: "value" });
  }
  const key = place.path.filter((part) => part !== "-").at(-1) ?? "";
  const section = REFERENCES[key];
  if (section) for (const name of namesIn(text, section)) add({ text: name, says: `of ${section}`, kind: "value" });
  return [...found.values()];
}
