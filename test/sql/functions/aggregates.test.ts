import { describe, expect, test } from "vitest";
import { columnBuilder, concat, slice, valueAt, type Column } from "../../../src/columnar/index.js";
import {
  type AggregateFunction,
  castTo,
  commonType,
  defaultContext,
  evalConstant,
  evalExpression,
  functionOf,
  isAggregate,
  type Expression,
  type ResolvedCall,
  resolveTypes,
  transformUp,
  typeOf,
} from "../../../src/sql/expressions/index.js";
import { layoutOf } from "../../../src/sql/types/index.js";
import { conditionOf } from "../expressions/check-expression.js";
import { type GoldenLine, goldenLines, parse } from "./golden-lines.js";
import { goldenValue, sameGolden } from "./golden-value.js";

const known: Readonly<Record<string, string>> = {
  "SELECT count() AS r FROM VALUES (1) AS t(x)": "the condition's hint about another setting",
  "SELECT max_by(x, y, 2) AS r FROM VALUES ('a', 10), ('b', 50), ('c', 20) AS t(x, y)":
    "max_by of several rows is not there",
};

const LINE = /^SELECT ([^]*?) AS r FROM VALUES ([^]*) AS t\((\w+(?:, \w+)*)\)( WHERE x > 9)?$/;
const lines = goldenLines.filter(({ sql }) => LINE.test(sql));

/** Items of a list, not split inside parentheses and quotes. */
function items(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let item = "";
  for (const c of list) {
    if (c === "'") quoted = !quoted;
    if (!quoted && c === "(") depth++;
    if (!quoted && c === ")") depth--;
    if (c === "," && depth === 0 && !quoted) {
      found.push(item.trim());
      item = "";
    } else item += c;
  }
  return [...found, item.trim()];
}

interface Table {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  bind(e: Expression): Expression;
}

function tableOf(values: string, names: readonly string[], empty: boolean): Table {
  const rows = items(values).map((row) => items(row.replace(/^\(([^]*)\)$/, "$1")).map((x) => resolveTypes(parse(x))));
  const types = names.map((_, k) => commonType(rows.map((row) => typeOf(row[k])))!);
  const columns = types.map((type, k) => {
    const builder = columnBuilder(layoutOf(type));
    if (!empty) for (const row of rows) builder.append(evalConstant(castTo(row[k], type)));
    return builder.finish();
  });
  const bind = (e: Expression): Expression =>
    transformUp(e, (x) => {
      if (x.kind !== "unresolved") return x;
      const ordinal = names.indexOf(x.nameParts[0]);
      return { kind: "bound", ordinal, type: types[ordinal], nullable: true };
    });
  return { names, columns, bind };
}

/** Result of an aggregate over all rows, fed in `parts` partial states that are merged (1: fed at once). */
function aggregate(call: ResolvedCall, args: readonly Column[], numRows: number, parts: number): Column {
  const descriptor = functionOf(call.name) as AggregateFunction;
  const open = () => {
    const accumulator = descriptor.open(call, defaultContext);
    accumulator.resize(1);
    return accumulator;
  };
  const states: (readonly Column[])[] = [];
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * numRows) / parts);
    const end = Math.floor(((part + 1) * numRows) / parts);
    const accumulator = open();
    accumulator.update(
      new Int32Array(end - start),
      args.map((column) => slice(column, start, end)),
      end - start,
    );
    if (parts === 1) return accumulator.finish();
    states.push(accumulator.states());
  }
  const merged = open();
  merged.merge(
    new Int32Array(parts),
    descriptor.state(call).map((type, k) => {
      const column = concat(states.map((columns) => columns[k]));
      expect(column.layout).toEqual(layoutOf(type));
      return column;
    }),
    parts,
  );
  return merged.finish();
}

function failure({ sql, schema, rows, error }: GoldenLine): string | undefined {
  const [, expression, values, names, where] = LINE.exec(sql)!;
  try {
    const table = tableOf(values, names.split(", "), where !== undefined);
    const call = resolveTypes(table.bind(parse(expression))) as ResolvedCall;
    const numRows = table.columns[0].length;
    const args = call.args.map((arg) => evalExpression(arg, { numRows, columns: table.columns }));
    const found = `r ${call.type.sql()}${call.nullable ? "" : " NOT NULL"}`;
    if (schema && found !== schema) return `${found} instead of ${schema}`;
    for (const parts of [1, 2, 3, 7]) {
      const value = goldenValue(call.type, valueAt(aggregate(call, args, numRows, parts), 0));
      if (!rows || !sameGolden(rows[0][0], value, call.type.typeName() === "float"))
        return `${parts} parts: ${JSON.stringify(value)}`;
    }
    return undefined;
  } catch (thrown) {
    const condition = conditionOf(thrown);
    return condition === error || error?.startsWith("_LEGACY") ? undefined : condition;
  }
}

describe("aggregates answer as Spark does, fed at once and merged from parts", () => {
  const functions = [...new Set(lines.map(({ f }) => f))];
  test.each(functions)("%s", (f) => {
    const failures: string[] = [];
    for (const line of lines.filter((candidate) => candidate.f === f)) {
      const wrong = failure(line);
      if (line.sql in known ? !wrong : wrong)
        failures.push(`${line.sql}: ${wrong ?? "is right, but listed as different"}`);
    }
    expect(failures).toEqual([]);
  });

  test("all of them are there", () => {
    expect(functions.length).toBeGreaterThan(40);
    expect(functions.every(isAggregate)).toBe(true);
  });
});
