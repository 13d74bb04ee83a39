/** Fields from the types of inputs. */
import { Said } from "./common";

export interface Field { name: string; kind: "string" | "number" | "int" | "bool" | "json"; required: boolean; standard: unknown; hint: string | null; choices: string[] | null; long: boolean }

/** What is written in a team file as a type: a word, a schema, or a shorthand of one. */
export function fieldOf(name: string, type: unknown, required = true, standard: unknown = null, hint: string | null = null): Field {
  const schema = typeof type === "object" && type !== null && !Array.isArray(type) ? (type as Record<string, unknown>) : {};
  const word = String(typeof type === "string" ? type : (schema["type"] ?? "json")).replace(/\?$/, "");
  const choices = Array.isArray(schema["enum"]) ? (schema["enum"] as unknown[]).map(String) : null;
  const kind = ({ string: "string", text: "string", int: "int", integer: "int", number: "number", float: "number", bool: "bool", boolean: "bool" } as const)[word] ?? "json";
  const says = schema["description"];
  return { name, kind, required, standard: standard ?? schema["default"] ?? null, hint: hint ?? (typeof says === "string" ? says : null), choices, long: /question|prompt|goal|instructions|text|message/.test(name) };
}

export const fieldsOf = (form: Record<string, unknown>): Field[] => Object.entries(form).map(([name, type]) => fieldOf(name, type));

/** The values as JSON, and what is wrong with those that are not what their fields take. */
export function read(fields: Field[], values: Record<string, string>): { values: Record<string, unknown>; errors: Record<string, string> } {
  const out: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const text = values[field.name] ?? "";
    const needed = field.required && field.standard === null;
    if (text === "" && field.kind !== "bool") {
      if (needed) errors[field.name] = `${field.name} is needed.`;
      continue;
    }
    switch (field.kind) {
      case "string": out[field.name] = text; break;
      case "bool": if (text !== "") out[field.name] = text === "true"; else if (needed) out[field.name] = false; break;
      case "int": case "number": {
        const n = Number(text);
        if (!Number.isFinite(n) || (field.kind === "int" && !Number.isInteger(n))) errors[field.name] = `${field.name} takes a ${field.kind === "int" ? "whole " : ""}number.`;
        else out[field.name] = n;
        break;
      }
      case "json":
        try { out[field.name] = JSON.parse(text); } catch { errors[field.name] = `${field.name} takes JSON.`; }
    }
  }
  return { values: out, errors };
}

/** The values as JSON; throws with a sentence where some are not what their fields take. */
export function valuesOf(fields: Field[], given: Record<string, string>): Record<string, unknown> {
  const { values, errors } = read(fields, given);
  if (Object.keys(errors).length > 0) throw new Error(Object.values(errors).join(" "));
  return values;
}

export function FormFields({ fields, values, onValues, errors, id, quiet = false }: { fields: Field[]; values: Record<string, string>; onValues: (values: Record<string, string>) => void; errors: Record<string, string>; id: string; quiet?: boolean }) {
  return (
    <div className="form">
      {fields.map((field) => {
        const own = `${id}-${field.name}`;
        const value = values[field.name] ?? "";
        const set = (text: string) => onValues({ ...values, [field.name]: text });
        const error = errors[field.name];
        const shared = { id: own, className: "field full", "aria-invalid": error ? true : undefined, "aria-describedby": error ? `${own}-error` : field.hint ? `${own}-hint` : undefined, required: field.required && field.standard === null } as const;
        const standard = field.standard === null ? "" : typeof field.standard === "string" ? field.standard : JSON.stringify(field.standard);
        return (
          <div key={field.name}>
            <label className="caption" htmlFor={own}>{field.name} {!quiet && <span className="dim">{field.kind === "json" ? "JSON" : field.kind === "int" ? "whole number" : field.kind === "string" ? "" : field.kind}{field.required && field.standard === null ? "" : " optional"}</span>}</label>
            {field.choices ? (
              <select {...shared} value={value} onChange={(e) => set(e.target.value)}><option value="">{standard || "choose"}</option>{field.choices.map((one) => <option key={one}>{one}</option>)}</select>
            ) : field.kind === "bool" ? (
              <select {...shared} value={value} onChange={(e) => set(e.target.value)}><option value="">{standard || "no answer"}</option><option value="true">yes</option><option value="false">no</option></select>
            ) : field.kind === "json" || field.long ? (
              <textarea {...shared} rows={field.kind === "json" ? 4 : 3} placeholder={standard} value={value} onChange={(e) => set(e.target.value)} spellCheck={field.kind !== "json"} />
            ) : (
              <input {...shared} inputMode={field.kind === "string" ? "text" : "decimal"} placeholder={standard} value={value} onChange={(e) => set(e.target.value)} />
            )}
            {error ? <p className="bad" id={`${own}-error`}><Said text={error} /></p> : field.hint ? <p className="hint" id={`${own}-hint`}>{field.hint}</p> : null}
          </div>
        );
      })}
    </div>
  );
}
