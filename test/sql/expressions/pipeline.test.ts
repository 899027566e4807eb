import { describe, expect, test } from "vitest";
import { type Batch, columnBuilder, slice, valueAt } from "../../../src/columnar/index.js";
import { allocateHeap, ExecutionHeap } from "../../../src/memory/index.js";
import {
  canCompile,
  defaultContext,
  type Expression,
  openPipeline,
  pipelineText,
  resolveTypes,
  transformUp,
} from "../../../src/sql/expressions/index.js";
import "../../../src/sql/functions/index.js";
import { parseExpression } from "../../../src/sql/parser/index.js";
import {
  booleanType,
  byteType,
  type DataType,
  dateType,
  DecimalType,
  doubleType,
  floatType,
  integerType,
  layoutOf,
  longType,
  stringType,
} from "../../../src/sql/types/index.js";
import { conditionOf, sameValue } from "./check-expression.js";

/** A small generator, so that a failure can be repeated. */
let state = 12_345;
const random = (): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state / 0x80000000;
};
const pick = <V>(values: readonly V[]): V => values[Math.floor(random() * values.length)];
const integer = (low: number, high: number): number => Math.floor(low + random() * (high - low));

const columns: Readonly<Record<string, readonly [DataType, () => unknown]>> = {
  b: [booleanType, () => random() < 0.5],
  t: [byteType, () => integer(-10, 10)],
  i: [integerType, () => integer(-100, 100)],
  l: [longType, () => BigInt(integer(-1000, 1000))],
  f: [floatType, () => Math.fround(random() * 10 - 5)],
  d: [doubleType, () => pick([NaN, 0, -0, Infinity, -Infinity, 1.5, random() * 100 - 50])],
  s: [stringType, () => pick(["", "a", "ab", "héllo", "😀x", "zz"])],
  dt: [dateType, () => integer(-2e6, 2e6)],
  m: [new DecimalType(10, 2), () => BigInt(integer(-1e6, 1e6))],
};
const names = Object.keys(columns);
const rows = 1003;
const batch: Batch = {
  numRows: rows,
  columns: names.map((name) => {
    const [type, value] = columns[name];
    const builder = columnBuilder(layoutOf(type), rows);
    for (let i = 0; i < rows; i++) builder.append(random() < 0.2 ? null : value());
    return builder.finish();
  }),
};
const bound = (sql: string): Expression =>
  resolveTypes(
    transformUp(parseExpression(sql), (e) => {
      if (e.kind !== "unresolved") return e;
      const ordinal = names.indexOf(e.nameParts[0]);
      return { kind: "bound", ordinal, type: columns[names[ordinal]][0], nullable: true };
    }),
  );

const heap = new ExecutionHeap(allocateHeap(32 << 20));

function run(filter: string | undefined, project: readonly string[], generated: boolean): unknown[][] | string {
  const region = heap.region();
  const memory = { memory: heap.memory, allocate: (bytes: number) => region.allocate(bytes) };
  try {
    const stage = { ...(filter ? { filter: bound(filter) } : {}), project: project.map(bound) };
    const stageRun = openPipeline(stage, defaultContext, generated ? memory : undefined);
    const first = stageRun(batch);
    // A second batch on the same heap areas must not see anything of the first.
    const result = stageRun(batch);
    expect(result.numRows).toBe(first.numRows);
    return result.columns.map((column) => Array.from({ length: result.numRows }, (_, i) => valueAt(column, i)));
  } catch (error) {
    return conditionOf(error);
  } finally {
    region.free();
  }
}

const withCode = [
  ..."i + 1,i * l,l - t,d + f,f * 2,d / 3,i / l,i % 7,d % 3,-d,abs(d),i & t,l | 3".split(","),
  ..."i = t,d = f,d < f,d <= 1.5D,d > f,d >= 0,s = 'ab',s < 'b',s >= 'ab',i <=> t,s <=> 'a',d <=> d".split(","),
  ..."b and i > 0,b or d > 0,not b,i is null,d is not null,isnan(d),i between -5 and 5".split(","),
  ..."sqrt(d),exp(d),ln(d),log10(d),log1p(d),floor(f),ceil(f),rint(d),length(s),d > 0.5".split(","),
  ..."year(dt),month(dt),day(dt),quarter(dt),dayofweek(dt),weekday(dt)".split(","),
  ..."cast(i as double),cast(l as int),cast(f as bigint),cast(b as int),cast(i as boolean),cast(f as tinyint)".split(
    ",",
  ),
  ..."cast(d as int),cast(l as float),cast(l as tinyint),t + t,t * t".split(","),
  ...["coalesce(i, t, 5)", "coalesce(s, 'none')", "if(b, d, f)", "pow(d, 2)", "atan2(d, f)", "hypot(f, f)"],
  ...["startswith(s, 'h')", "endswith(s, 'x')", "contains(s, 'l')", "date_add(dt, i)", "datediff(dt, date_add(dt, t))"],
  ...["case when i > 0 then 'pos' when i < 0 then s else null end", "case when t != 0 then i / t else 0 end"],
  ...["i in (1, 2, null)", "s in ('a', 'zz')", "t in (i, 3)", "l div 7", "d in (1.5D, f)"],
  ...["nvl2(s, i, l)", "nullif(i, t)", "i + l > 10 and (d > 0 or b) and s = 'a'"],
];

describe("generated code gives what the interpreter gives", () => {
  test.each(withCode)("%s", (sql) => {
    expect(canCompile(bound(sql))).toBe(true);
    const [expected, actual] = [run(undefined, [sql], false), run(undefined, [sql], true)];
    if (typeof expected === "string" || typeof actual === "string") expect(actual).toBe(expected);
    else
      expected[0].forEach((value, i) => sameValue(value, actual[0][i]) || expect(actual[0][i], `row ${i}`).toBe(value));
  });

  test.each([
    ["d > 0 and i < 50", ["i + 1", "s", "upper(s)", "m", "case when b then s else 'no' end"]],
    ["s = 'ab'", ["l * 2", "dt", "d"]],
    ["upper(s) = 'AB'", ["l * 2", "dt"]],
    ["m > 0", ["i", "l + 1"]],
    ["false", ["i + 1", "s"]],
    ["i is null", ["coalesce(i, 7)", "s"]],
  ] as const)("filter %s", (filter, project) => {
    expect(run(filter, project, true)).toEqual(run(filter, project, false));
  });
});

test("slices are read where they start", () => {
  const middle = { numRows: 100, columns: batch.columns.map((column) => slice(column, 501, 601)) };
  const region = heap.region();
  const stage = { filter: bound("i > 0"), project: [bound("coalesce(s, 'none')"), bound("l + 1"), bound("s = 'ab'")] };
  const memory = { memory: heap.memory, allocate: (bytes: number) => region.allocate(bytes) };
  const values = (result: Batch): unknown[][] =>
    result.columns.map((column) => Array.from({ length: result.numRows }, (_, i) => valueAt(column, i)));
  expect(values(openPipeline(stage, defaultContext, memory)(middle))).toEqual(
    values(openPipeline(stage, defaultContext)(middle)),
  );
  region.free();
});

test("overflow and division by zero raise Spark's error from generated code", () => {
  expect(run(undefined, ["i + 2147483647"], true)).toBe("ARITHMETIC_OVERFLOW");
  expect(run(undefined, ["l * 9223372036854775807"], true)).toBe("ARITHMETIC_OVERFLOW");
  expect(run(undefined, ["i / (t - t)"], true)).toBe("DIVIDE_BY_ZERO");
  expect(run(undefined, ["i % (t - t)"], true)).toBe("REMAINDER_BY_ZERO");
});

test("explain shows the text form", () => {
  const text = pipelineText({ filter: bound("d > 0"), project: [bound("i + 1"), bound("s")] });
  expect(text).toContain("(func $pipeline");
  expect(text).toContain("i64.add");
  expect(pipelineText({ project: [bound("upper(s)")] })).toBeUndefined();
});
