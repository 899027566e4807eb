import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DataSpec, type GoldenCase, type Json, Skipped } from "../golden/runner/case.js";
import { Comparison, Tolerance } from "../golden/runner/compare.js";
import type { DataBuilder } from "../golden/runner/data.js";
import { discover } from "../golden/runner/discover.js";
import { buildStage, fitted, prepared } from "../golden/runner/stage.js";
import { collectTable, type Table } from "../golden/runner/table.js";
import { toGolden } from "../golden/runner/values.js";
import type { DataFrameLike, Kindling, StageLike } from "../golden/runner/api.js";

const CASES_A_CLASS = 2;
const MOST_ROWS = 300;

export interface InteropCase {
  readonly className: string;
  readonly spec: GoldenCase;
}

/** The first cases of every class that exists here and transforms or evaluates data. */
export function interopCases(k: Kindling, goldens: string): InteropCase[] {
  const taken = new Map<string, number>();
  const cases: InteropCase[] = [];
  for (const found of discover([goldens])) {
    if (found.kind !== "case" || found.spec.api || !found.spec.data) continue;
    if (!("transform" in found.spec.expect || "evaluations" in found.spec.expect)) continue;
    const count = taken.get(found.className) ?? 0;
    if (count >= CASES_A_CLASS || !k.has(found.className) || !canBuild(k, found.className, found.spec)) continue;
    taken.set(found.className, count + 1);
    cases.push({ className: found.className, spec: found.spec });
  }
  return cases;
}

function canBuild(k: Kindling, className: string, spec: GoldenCase): boolean {
  try {
    buildStage(k, { class: className, params: spec.params });
    for (const step of spec.prepare ?? []) if (step.class !== "SQLTransformer") buildStage(k, step);
    return true;
  } catch (error) {
    if (error instanceof Skipped) return false;
    throw error;
  }
}

type Answer = Pick<Table, "columns" | "types" | "rows">;

interface CaseFile {
  readonly class: string;
  readonly params: GoldenCase["params"];
  readonly modelClass: string;
  readonly columns: readonly string[];
  readonly input: DataSpec;
}

/** Trains and saves a case with kindling and writes what Spark needs to do the same. */
export async function saveForSpark(
  k: Kindling,
  data: DataBuilder,
  className: string,
  spec: GoldenCase,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const source = await data.build({ ...spec.data!, limit: Math.min(spec.data!.limit ?? MOST_ROWS, MOST_ROWS) }, 1);
  const table = await collectTable(k, await prepared(k, spec.prepare ?? [], source));
  const input: DataSpec = { schema: table.columns.map((name, i) => [name, table.types[i]] as const), rows: table.rows };
  const frame = await data.build(input, 1);
  const stage = buildStage(k, { class: className, params: spec.params });
  const model = await fittedBare(stage, frame, await prepared(k, spec.prepare ?? [], source));
  await stage.save(join(folder, "kindling-stage"));
  await model.save(join(folder, "kindling-model"));
  const columns = (spec.expect.transform as { columns: string[] } | undefined)?.columns ?? [];
  const modelClass = model.constructor.name;
  const file: CaseFile = { class: className, params: spec.params ?? {}, modelClass, columns, input };
  writeFileSync(join(folder, "case.json"), JSON.stringify(file, keepNegativeZero));
  writeFileSync(join(folder, "kindling.json"), JSON.stringify(await answer(k, model, frame, columns)));
}

/** Fits on the bare table; a stage that works only with its input's column metadata has nothing to exchange. */
async function fittedBare(stage: StageLike, bare: DataFrameLike, full: DataFrameLike): Promise<StageLike> {
  if (typeof stage.evaluate === "function" && typeof stage.transform !== "function") return stage;
  try {
    const model = await fitted(stage, bare);
    await (model.transform(bare) as DataFrameLike).schema();
    return model;
  } catch (error) {
    await ((await fitted(stage, full)).transform(full) as DataFrameLike).schema();
    throw new Skipped(`needs the metadata of its input columns: ${(error as Error).message}`);
  }
}

/** JSON of JavaScript has no -0; read back by `read_value` in interop.py. */
const keepNegativeZero = (_: string, value: unknown): unknown => (Object.is(value, -0) ? "-0.0" : value);

async function answer(
  k: Kindling,
  stage: StageLike,
  frame: DataFrameLike,
  columns: readonly string[],
): Promise<Answer> {
  if (typeof stage.transform === "function") return collectTable(k, stage.transform(frame) as DataFrameLike, columns);
  const metric = toGolden(k, await stage.evaluate(frame));
  return { columns: ["metric"], types: ["double"], rows: [[metric]] };
}

const readNegativeZero = (_: string, value: unknown): unknown => (value === "-0.0" ? -0 : value);

/** Spark's scores with kindling's model, and kindling's scores with Spark's model, against their makers' own. */
export async function compareWithSpark(k: Kindling, data: DataBuilder, folder: string): Promise<string[]> {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8"), readNegativeZero) as T;
  const file = read<CaseFile>("case.json");
  const comparison = new Comparison(new Tolerance(1e-9, 1e-9, true));
  const compare = (path: string, expected: Answer, actual: Answer): void => {
    comparison.value(`${path}.types`, expected.types as Json, actual.types as Json);
    comparison.value(`${path}.rows`, sorted(expected, file), sorted(actual, file));
  };
  compare("spark-with-kindling-model", read<Answer>("spark-with-kindling-model.json"), read<Answer>("kindling.json"));
  const loaded = (await k.classOf(file.modelClass).load(join(folder, "spark-model"))) as StageLike;
  const ours = await answer(k, loaded, await data.build(file.input, 1), file.columns);
  compare("kindling-with-spark-model", read<Answer>("spark-with-spark-model.json"), ours);
  return comparison.mismatches.map((m) => `${m.path}: Spark ${m.expected}, kindling ${m.actual}`);
}

/** Joins reorder rows (ALS): where input columns are part of the answer, rows are put in their order. */
function sorted(table: Answer, file: CaseFile): Json {
  const inputs = new Set((file.input.schema as readonly (readonly [string, string])[]).map(([name]) => name));
  const keys = table.columns.flatMap((name, i) => (inputs.has(name) ? [i] : []));
  const key = (row: readonly Json[]): string => JSON.stringify(keys.map((i) => row[i]));
  return keys.length === 0 ? table.rows : [...table.rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
