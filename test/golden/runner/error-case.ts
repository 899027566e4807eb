import type { GoldenCase, JsonObject } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import { Skipped } from "./case.js";
import type { CaseContext } from "./fit-case.js";
import { buildStage, preparation, setParams } from "./stage.js";
import type { DataFrameLike, StageLike } from "./api.js";

type Chained = Error & { readonly condition?: string; readonly sqlState?: string };

const facts = new Set([
  "phase",
  "error",
  "condition",
  "sqlState",
  "jvmException",
  "rootCause",
  "wrapped",
  "message",
  "result",
]);

/** Bad input: the same phase, class, condition and message as Spark's error, or none where Spark accepts the input. */
export async function runErrorCase(context: CaseContext, spec: GoldenCase, className: string): Promise<Comparison> {
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const { phase, first, error, result } = await attempt(context, spec, className);
  const { expect } = spec;
  for (const key of Object.keys(expect)) if (!facts.has(key)) comparison.fail(key, "a fact about an error", key);
  if (expect.error === null) {
    comparison.check(error === undefined, "error", null, error && describe(error));
    if (error === undefined && "result" in expect) comparison.value("result", expect.result, result);
    return comparison;
  }
  if (error === undefined) {
    comparison.fail("error", expect.error, `none: ${result} rows`);
    return comparison;
  }
  // kindling checks a param's value when it is set, PySpark when it hands the params to the JVM.
  const checkedEarly = phase === "set" && / given invalid value /.test(error.message);
  comparison.value("phase", expect.phase, checkedEarly ? first : phase);
  const chain = causes(error);
  compareClass(comparison, expect, chain);
  for (const key of ["condition", "sqlState"] as const) {
    if (expect[key] === undefined) continue;
    comparison.check(
      chain.some((e) => e[key] === expect[key]),
      key,
      expect[key],
      chain.map((e) => e[key] ?? null),
    );
  }
  // Which of two bad rows is met first, and where, depends on the partitions.
  const otherPartitions = context.partitions !== undefined && context.partitions !== (spec.partitions ?? 1);
  const byRow = expect.rootCause !== undefined || expect.condition === "USER_RAISED_EXCEPTION";
  if (!(otherPartitions && byRow)) compareMessage(comparison, expect, chain);
  return comparison;
}

async function attempt(
  { k, data, partitions: override }: CaseContext,
  spec: GoldenCase,
  className: string,
): Promise<{ phase: string; first: string; error?: Chained; result?: number }> {
  const first = spec.call ?? (typeof k.classOf(className).prototype.fit === "function" ? "fit" : "transform");
  const partitions = override ?? spec.partitions ?? 1;
  const steps = await preparation(k, spec.prepare ?? [], await data.build(spec.data!, partitions));
  const other = spec.transformData && steps.apply(await data.build(spec.transformData, partitions));
  let phase = "set";
  try {
    const stage = buildStage(k, { class: className });
    setParams(k, stage, spec.params ?? {});
    if (spec.call !== undefined) {
      phase = spec.call;
      await stage[spec.call](steps.frame);
      return { phase, first };
    }
    let model: StageLike = stage;
    if (typeof stage.fit === "function") {
      phase = "fit";
      model = (await stage.fit(steps.frame)) as StageLike;
    }
    phase = "transform";
    const output = model.transform(other ?? steps.frame) as DataFrameLike;
    return { phase, first, result: (await output.collect()).length };
  } catch (error) {
    if (error instanceof Skipped) throw error;
    return { phase, first, error: error as Chained };
  }
}

function causes(error: Chained): Chained[] {
  const chain: Chained[] = [];
  for (let e: unknown = error; e instanceof Error && chain.length < 10; e = e.cause) chain.push(e);
  return chain;
}

/** Classes of ours that stand for Spark's, Python's and Java's, besides the one of the same name. */
const standIns: Readonly<Record<string, readonly string[]>> = {
  AnalysisException: [],
  IllegalArgumentException: [],
  NoSuchElementException: [],
  ParseException: [],
  SparkException: [],
  SparkRuntimeException: [],
  TypeError: [],
  UnsupportedOperationException: [],
  ArrayIndexOutOfBoundsException: [],
  NumberFormatException: ["IllegalArgumentException"],
  NotImplementedError: ["UnsupportedOperationException"],
  SparkIllegalArgumentException: ["IllegalArgumentException"],
  ValueError: ["IllegalArgumentException", "RangeError", "TypeError"],
  RuntimeException: ["SparkRuntimeException", "SparkException", "IllegalArgumentException"],
  AssertionError: ["SparkException", "IllegalArgumentException", "SparkRuntimeException"],
  NullPointerException: ["SparkException", "SparkRuntimeException"],
  MatchError: ["SparkException", "SparkRuntimeException", "IllegalArgumentException"],
};

function compareClass(comparison: Comparison, expect: JsonObject, chain: readonly Chained[]): void {
  // Py4JJavaError says only that Java threw; what was thrown is the exception or its root cause.
  const recorded = [expect.error, expect.jvmException, expect.rootCause].filter((name) => name !== undefined);
  for (const name of recorded) {
    const known = name === "Py4JJavaError" || String(name) in standIns;
    comparison.check(known, "error", "an exception the runner knows", name);
  }
  const named = expect.error === "Py4JJavaError" ? [expect.jvmException, expect.rootCause] : [expect.error];
  const allowed = named.filter((name) => typeof name === "string").flatMap((name) => [name, ...(standIns[name] ?? [])]);
  const found = chain.flatMap((error) => classNames(error));
  comparison.check(
    found.some((name) => allowed.includes(name)),
    "error",
    named.join(" or "),
    found.join(", "),
  );
}

/** The error's class and the classes it extends. */
function classNames(error: Error): string[] {
  const names: string[] = [];
  for (let type = error.constructor; type !== Error && type?.name; type = Object.getPrototypeOf(type))
    names.push(type.name);
  return names;
}

function compareMessage(comparison: Comparison, expect: JsonObject, chain: readonly Chained[]): void {
  // Java's own words for a null are no message: "" and "null".
  const message = String(expect.message ?? "");
  if (message === "" || message === "null") return;
  const wanted = core(message);
  const said = chain.map((error) => core(error.message));
  comparison.check(
    said.some((text) => text.startsWith(wanted)),
    "message",
    wanted,
    said.join(" <- "),
  );
}

const describe = (error: Error): string => `${error.constructor.name}: ${error.message}`;

/** The text between condition and SQL state, uids and hashes masked, cut where the recording was cut. */
const core = (message: string): string =>
  message
    .replace(/^\[[A-Z_.0-9]+\] /, "")
    .replace(/ SQLSTATE: \w{5}$/, "")
    .replace(/_[0-9a-f]{12}\b/g, "_<uid>")
    .replace(/@[0-9a-f]{1,8}\b/g, "@<hash>")
    .replace(/(\.\.\.|…)$/, "")
    .replace(/\s+/g, " ")
    .trim();
