import { isObject, type GoldenCase, type Json, type JsonObject } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import { compareThing } from "./attributes.js";
import type { CaseContext } from "./fit-case.js";
import { compareTable } from "./table.js";
import { fromGolden, toGolden } from "./values.js";
import type { DataFrameLike, Loose, StageLike } from "./api.js";
import { Skipped } from "./case.js";

/** ParamGridBuilder: the maps in the order in which a tuner tries them. */
export function runGridCase({ k }: CaseContext, spec: GoldenCase): Comparison {
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const stages = new Map<string, StageLike>();
  const param = (className: string, name: string): Loose => {
    if (!stages.has(className)) stages.set(className, new (k.classOf(className))());
    return stages.get(className)!.getParam(name);
  };
  let builder = new (k.classOf("ParamGridBuilder"))();
  for (const [className, name, value] of (spec.params?.baseOn ?? []) as readonly (readonly Json[])[]) {
    builder = builder.baseOn([param(String(className), String(name)), fromGolden(k, value)]);
  }
  for (const [className, name, values] of (spec.params?.addGrid ?? []) as readonly (readonly Json[])[]) {
    builder = builder.addGrid(param(String(className), String(name)), fromGolden(k, values));
  }
  const maps = [...builder.build()].map((map: Iterable<readonly [Loose, unknown]>) =>
    Object.fromEntries([...map].map(([p, value]) => [`${ownerOf(stages, p)}.${p.name}`, toGolden(k, value)])),
  );
  comparison.value("maps", spec.expect.maps, maps);
  return comparison;
}

const ownerOf = (stages: ReadonlyMap<string, StageLike>, param: { parent: string }): string =>
  [...stages].find(([, stage]) => stage.uid === param.parent)?.[0] ?? param.parent;

/** rand, randn, sample, sampleBy and randomSplit with Spark's generator. */
export async function runRandomCase(context: CaseContext, spec: GoldenCase): Promise<Comparison> {
  const { k, data } = context;
  const recorded = spec.partitions ?? 1;
  if (context.partitions !== undefined && context.partitions !== recorded)
    throw new Skipped("depends on the partitions");
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const df = await data.build(spec.data!, recorded);
  const { call, seed, ...params } = spec.params as JsonObject & { call: string; seed: number };
  const F = k.api.functions;
  const ids = async (frame: DataFrameLike): Promise<Json> =>
    (await frame.select("id").collect()).map((row) => toGolden(k, k.fieldsOf(row)[0][1]));
  const result = async (): Promise<unknown> => {
    switch (call) {
      case "rand":
      case "randn":
        return df.select("id", F[call](seed).alias("r"));
      case "sample":
        return ids(df.sample(params.withReplacement, params.fraction, seed));
      case "sampleBy":
        return ids((await df.sampleBy("g", params.fractions, seed)) as DataFrameLike);
      case "randomSplit":
        return Promise.all(df.randomSplit(params.weights as number[], seed).map(ids));
      default:
        throw new Error(`the runner does not know the random call ${call}`);
    }
  };
  const expected = spec.expect.ids ?? spec.expect.result;
  await compareThing(k, comparison, "result", unwrapped(expected), await result());
  return comparison;
}

/** Samples are recorded as `{"ids": [...]}`, splits as a list of id lists. */
const unwrapped = (expected: Json): Json => (isObject(expected) && "ids" in expected ? expected.ids : expected);

/** Functions of pyspark.ml.functions, by the case's name. */
export async function runFunctionCase(context: CaseContext, spec: GoldenCase): Promise<Comparison> {
  const { k, data } = context;
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const [, from, to] = /^(vector|array)-to-(array|vector)/.exec(spec.id) ?? [];
  const name = { vector: "vectorToArray", array: "arrayToVector" }[from ?? ""];
  if (!name || !to) throw new Skipped(`no function belongs to the case ${spec.id}`);
  const input = await data.build(spec.data!, context.partitions ?? spec.partitions ?? 1);
  const F = k.api.functions;
  const call = k.api[name] ?? F[name];
  if (typeof call !== "function") throw new Skipped(`${name} does not exist yet`);
  const args = spec.params?.dtype === undefined ? [] : [spec.params.dtype];
  const output = input.select(call(F.col(from[0]), ...args).alias("out"));
  await compareThing(k, comparison, "result", spec.expect.result, output);
  return comparison;
}

/** What a data source reads. */
export async function runReadCase(context: CaseContext, spec: GoldenCase): Promise<Comparison> {
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const df = await context.data.build(spec.data!, context.partitions ?? spec.partitions ?? 1);
  await compareTable(context.k, comparison, "transform", spec.expect.transform as never, df);
  return comparison;
}

/** The stop words that ship with Spark, by language. */
export function runStopWordsCase({ k }: CaseContext, spec: GoldenCase, className: string): Comparison {
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const remover = k.classOf(className);
  for (const [language, expected] of Object.entries(spec.expect.stopWords as JsonObject)) {
    const words = [...remover.loadDefaultStopWords(language)] as string[];
    const { first, last } = expected as { first: readonly string[]; last: readonly string[] };
    comparison.value(`stopWords.${language}`, expected, {
      count: words.length,
      first: words.slice(0, first.length),
      last: words.slice(words.length - last.length),
      characters: words.reduce((sum, word) => sum + [...word].length, 0),
    });
  }
  return comparison;
}
