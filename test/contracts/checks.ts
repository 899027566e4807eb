import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SparkException } from "../../src/common/index.js";
import { SparseVector, Vector } from "../../src/linalg/index.js";
import {
  Estimator,
  Evaluator,
  type MLWritable,
  type Params,
  type PipelineStage,
  Transformer,
} from "../../src/ml/base/index.js";
import { apiClasses } from "../golden/api-list.js";
import {
  answer,
  collected,
  differences,
  fittedStage,
  frame,
  plain,
  type Row,
  schemaOf,
  type Subject,
} from "./subject.js";

/** A rule that every stage keeps; answers with what is wrong, nothing when all is well. */
export interface Check {
  readonly name: string;
  problems(subject: Subject): Promise<readonly string[]>;
}

const paramValues = (stage: Params): Record<string, unknown> =>
  Object.fromEntries(stage.params.filter((p) => stage.isDefined(p)).map((p) => [p.name, plain(stage.get(p.name))]));

const tolerance = (subject: Subject): number => subject.testCase.tolerance ?? 0;

/** Params and defaults are those of PySpark. */
export const paramsEqualSpark: Check = {
  name: "has PySpark's params and defaults",
  async problems(subject) {
    const stage = subject.create();
    const listed = apiClasses().find((entry) => entry.name === subject.name);
    if (!listed) return [`ml-api.json has no class ${subject.name}`];
    const bare = new (stage.constructor as new () => Params)();
    const wanted = (listed.params ?? []).filter((param) => param.python !== false);
    const problems = bare.params
      .filter((param) => !wanted.some((w) => w.name === param.name))
      .map((param) => `Spark has no param ${param.name}`);
    for (const param of wanted) {
      if (!bare.hasParam(param.name)) problems.push(`param ${param.name} is missing`);
      else if (!/[.]$/.test(bare.getParam(param.name).doc)) problems.push(`${param.name} has no sentence as its doc`);
      else problems.push(...defaultProblems(bare, param.name, param.default));
    }
    return problems;
  },
};

/** A long list, of which the API's description gives the length and the beginning. */
const isAbridged = (value: unknown): value is { listOfLength: number; first: readonly unknown[] } =>
  typeof value === "object" && value !== null && "listOfLength" in value;

function defaultProblems(stage: Params, name: string, expected: unknown): string[] {
  const actual = stage.hasDefault(name) ? plain(stage.get(name)) : null;
  const wanted = typeof expected === "string" ? expected.replace("<uid>", stage.uid) : readNumber(expected);
  // The default locale is that of the machine, in Java as here.
  if (name === "locale" && typeof actual === "string") return [];
  if (expected === "nan" && Number.isNaN(stage.get(name))) return [];
  if (isAbridged(expected) && Array.isArray(actual)) {
    const { listOfLength, first } = expected;
    return [
      ...differences(actual.length, listOfLength, 0, `length of the default of ${name}`),
      ...differences(actual.slice(0, first.length), first, 0, `default of ${name}`),
    ];
  }
  return differences(actual, wanted, 0, `default of ${name}`);
}

const special: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const readNumber = (value: unknown): unknown =>
  typeof value === "string" && value in special
    ? special[value]
    : Array.isArray(value)
      ? value.map(readNumber)
      : (value ?? null);

/** Fitting or transforming changes neither the stage nor its input. */
export const fitChangesNothing: Check = {
  name: "leaves the stage and its input as they were",
  async problems(subject) {
    const stage = subject.create();
    const df = frame(subject);
    const before = { params: paramValues(stage), rows: (await collected(df)).rows };
    await answer(stage, df);
    const after = { params: paramValues(stage), rows: (await collected(df)).rows };
    return differences(before, after, 0);
  },
};

export const repeats: Check = {
  name: "answers the same twice",
  async problems(subject) {
    const first = await answer(subject.create(), frame(subject));
    return differences(first.rows, (await answer(subject.create(), frame(subject))).rows, 0, "rows");
  },
};

export const partitionsDoNotMatter: Check = {
  name: "answers the same over 1, 3 and 7 partitions",
  async problems(subject) {
    const one = await answer(subject.create(), frame(subject, 1));
    const problems: string[] = [];
    for (const partitions of [3, 7]) {
      const many = await answer(subject.create(), frame(subject, partitions));
      const path = `${partitions} partitions`;
      problems.push(...differences(inOrder(one.rows), inOrder(many.rows), Math.max(tolerance(subject), 1e-9), path));
    }
    return problems;
  },
};

/** Joins (ALS) may reorder rows: rows are compared as a set when the order differs. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const key = (row: Row): string =>
    JSON.stringify(row, (_, v: unknown) =>
      typeof v === "number" && !Number.isInteger(v) ? Number(v.toPrecision(5)) : v,
    );
  return rows
    .map((row) => [key(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row);
}

export const schemaAgrees: Check = {
  name: "transformSchema tells what transform gives",
  async problems(subject) {
    const df = frame(subject);
    const model = await fittedStage(subject.create(), df);
    if (!(model instanceof Transformer)) return [];
    const declared = (model as PipelineStage).transformSchema(schemaOf(subject));
    const actual = await model.transform(df).schema();
    const fields = (schema: typeof actual): unknown[] => schema.fields.map((f) => [f.name, f.dataType.simpleString()]);
    const problems = differences(fields(declared), fields(actual), 0, "schema");
    for (const row of (await model.transform(df).collect()).slice(0, 1)) {
      if (row.length !== actual.length) problems.push(`rows have ${row.length} values for ${actual.length} columns`);
    }
    return problems;
  },
};

export const singleRowsAgree: Check = {
  name: "scores single rows as it scores all of them",
  async problems(subject) {
    const model = await fittedStage(subject.create(), frame(subject));
    if (!(model instanceof Transformer)) return [];
    const all = await collected(model.transform(frame(subject)));
    const single: Row[] = [];
    for (const row of subject.testCase.rows)
      single.push(...(await collected(model.transform(frame(subject, 1, [row])))).rows);
    return differences(inOrder(all.rows), inOrder(single), 1e-12, "rows");
  },
};

export const survivesDisk: Check = {
  name: "is the same after saving and loading",
  async problems(subject) {
    const stage = subject.create() as MLWritable;
    const df = frame(subject);
    const model = (await fittedStage(stage, df)) as MLWritable;
    const problems: string[] = [];
    for (const saved of new Set([stage, model])) {
      const loaded = await reloaded(saved);
      if (loaded.uid !== saved.uid) problems.push(`uid ${saved.uid} became ${loaded.uid}`);
      problems.push(...differences(paramValues(saved), paramValues(loaded), 0, `params of ${saved.constructor.name}`));
      if (saved instanceof Estimator) continue;
      problems.push(...differences((await answer(saved, df)).rows, (await answer(loaded, df)).rows, 0, "rows"));
    }
    return problems;
  },
};

async function reloaded(stage: MLWritable): Promise<MLWritable> {
  const folder = mkdtempSync(join(tmpdir(), "kindling-contract-"));
  try {
    const path = join(folder, "stage");
    await stage.save(path);
    return await (stage.constructor as unknown as { load(path: string): Promise<MLWritable> }).load(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const acceptsEmptyInput: Check = {
  name: "answers an empty input with no rows or one of Spark's errors",
  async problems(subject) {
    const empty = frame(subject, 1, []);
    const model = await fittedStage(subject.create(), frame(subject));
    const problems: string[] = [];
    if (model instanceof Transformer) {
      const { rows } = await collected(model.transform(empty));
      if (rows.length > 0) problems.push(`${rows.length} rows from none`);
    }
    const stage = subject.create();
    if (stage instanceof Estimator || stage instanceof Evaluator)
      problems.push(...(await ownErrors(() => answer(stage, empty))));
    return problems;
  },
};

/** Every vector of the input in sparse form gives the same numbers. */
export const sparseEqualsDense: Check = {
  name: "answers the same for sparse vectors",
  async problems(subject) {
    if (!/\bvector\b/.test(subject.testCase.schema)) return [];
    const sparse = subject.testCase.rows.map((row) => row.map((v) => (v instanceof Vector ? v.toSparse() : v)));
    const dense = subject.testCase.rows.map((row) => row.map((v) => (v instanceof Vector ? v.toDense() : v)));
    const answers = await Promise.all(
      [dense, sparse].map(async (rows) => {
        const df = frame(subject, 1, rows);
        const stage = subject.create();
        if (stage instanceof Evaluator) return (await answer(stage, df)).rows;
        const model = (await fittedStage(stage, df)) as Transformer;
        return (await model.transform(df).collect()).map((row) =>
          row.toArray().map((v) => (v instanceof Vector ? plain(v.toDense()) : plain(v))),
        );
      }),
    );
    return differences(inOrder(answers[0]), inOrder(answers[1]), Math.max(tolerance(subject), 1e-9), "rows");
  },
};

/** NaN and null where numbers are expected end in a result or in one of our errors, and the session works on. */
export const meetsBadValues: Check = {
  name: "meets NaN and null with a result or one of Spark's errors",
  async problems(subject) {
    const problems: string[] = [];
    for (const bad of [NaN, null]) {
      const rows = subject.testCase.rows.map((row, i) => (i === 0 ? row.map((v) => spoiled(v, bad)) : row));
      problems.push(...(await ownErrors(() => answer(subject.create(), frame(subject, 1, rows)))));
    }
    const healthy = (await subject.spark.range(3).collect()).length;
    return healthy === 3 ? problems : [...problems, "the session no longer answers"];
  },
};

function spoiled(value: unknown, bad: number | null): unknown {
  if (bad === null) return null;
  if (value instanceof SparseVector)
    return new SparseVector(
      value.size,
      value.indices,
      value.values.map(() => bad),
    );
  if (value instanceof Vector) return value.size === 0 ? value : Object.assign(value.toDense().copy(), {}).plus(bad);
  return typeof value === "number" && !Number.isInteger(value) ? bad : value;
}

/** Problems when a job ends in an error that is not one of ours. */
async function ownErrors(job: () => Promise<unknown>): Promise<string[]> {
  try {
    await job();
    return [];
  } catch (error) {
    return error instanceof SparkException
      ? []
      : [`not one of Spark's errors: ${String((error as Error).stack ?? error)}`];
  }
}

/** An input column that does not exist is an error with its name, before any task starts. */
export const namesMissingColumns: Check = {
  name: "names a column that is missing",
  async problems(subject) {
    const stage = subject.create();
    const param = [
      "inputCol",
      "inputCols",
      "featuresCol",
      "userCol",
      "labelCol",
      "predictionCol",
      "rawPredictionCol",
    ].find((name) => stage.hasParam(name) && stage.isDefined(name));
    if (!param) return [];
    stage.set(param, param === "inputCols" ? ["no_such_column"] : "no_such_column");
    if (param === "inputCols" && stage.hasParam("outputCols") && stage.isSet("outputCols"))
      stage.set("outputCols", ["o"]);
    try {
      await answer(stage, frame(subject));
      return [`${param} names no column, yet there is an answer`];
    } catch (error) {
      if (!(error instanceof SparkException)) return [`not one of Spark's errors: ${String(error)}`];
      return error.message.includes("no_such_column") ? [] : [`the error does not name the column: ${error.message}`];
    }
  },
};

export const checks: readonly Check[] = [
  paramsEqualSpark,
  fitChangesNothing,
  repeats,
  partitionsDoNotMatter,
  schemaAgrees,
  singleRowsAgree,
  survivesDisk,
  acceptsEmptyInput,
  sparseEqualsDense,
  meetsBadValues,
  namesMissingColumns,
];
