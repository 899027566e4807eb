import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import type { Column } from "./column.js";

/** Parts of a dotted name; parts in backquotes may hold dots. */
export function nameParts(name: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at <= name.length) {
    if (name[at] === "`") {
      let part = "";
      at++;
      for (;;) {
        if (at >= name.length) throw invalidName(name);
        if (name[at] !== "`") part += name[at++];
        else if (name[at + 1] === "`") {
          part += "`";
          at += 2;
        } else break;
      }
      at++;
      if (at < name.length && name[at] !== ".") throw invalidName(name);
      parts.push(part);
      if (at >= name.length) return parts;
    } else {
      const end = name.indexOf(".", at) < 0 ? name.length : name.indexOf(".", at);
      const part = name.slice(at, end);
      if (part.includes("`") || (part === "" && name.includes("."))) throw invalidName(name);
      parts.push(part);
      if (end === name.length) return parts;
      at = end;
    }
    at++;
  }
  throw invalidName(name);
}

const invalidName = (name: string): AnalysisException =>
  new AnalysisException(
    `${name} is not a valid identifier: backquotes must come in pairs, and each part needs a name.`,
    {
      condition: "INVALID_ATTRIBUTE_NAME_SYNTAX",
      sqlState: "42601",
      parameters: { name },
    },
  );

/** Expression of a column name: `a`, `t.a`, `*`, `t.*`. */
export function namedExpression(name: string, planId?: number): Expression {
  if (name === "*") return { kind: "star" };
  if (name.endsWith(".*")) return { kind: "star", qualifier: nameParts(name.slice(0, -2)) };
  return { kind: "unresolved", nameParts: nameParts(name), ...(planId === undefined ? {} : { planId }) };
}

/** Expression of a column or of the name of one. */
export const columnExpression = (column: Column | string): Expression =>
  typeof column === "string" ? namedExpression(column) : column.expr;

/** A flat list, whether it was given as arguments or as one array. */
export const flat = <T>(items: readonly (T | readonly T[])[]): T[] => items.flat() as T[];
