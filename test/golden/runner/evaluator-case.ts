import type { GoldenCase, JsonObject } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import type { CaseContext } from "./fit-case.js";
import { throughDisk } from "./persistence.js";
import { buildStage, prepared, setParams } from "./stage.js";

interface Evaluation {
  readonly params: JsonObject;
  readonly value: number;
  readonly isLargerBetter: boolean;
}

/** An evaluator: each recorded setting on the same data, before and after saving. */
export async function runEvaluatorCase(context: CaseContext, spec: GoldenCase, className: string): Promise<Comparison> {
  const { k, data } = context;
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const partitions = context.partitions ?? spec.partitions ?? 1;
  const input = await prepared(k, spec.prepare ?? [], await data.build(spec.data!, partitions));
  const evaluations = spec.expect.evaluations as unknown as readonly Evaluation[];
  for (const [i, { params, value, isLargerBetter }] of evaluations.entries()) {
    const path = `evaluations[${i}]`;
    const evaluator = buildStage(k, { class: className, params: spec.params });
    setParams(k, evaluator, params);
    comparison.value(`${path}.value`, value, (await evaluator.evaluate(input)) as number);
    comparison.value(`${path}.isLargerBetter`, isLargerBetter, evaluator.isLargerBetter() as boolean);
    await throughDisk(k, evaluator, async (loaded) => {
      comparison.value(`loaded.${path}.value`, value, (await loaded.evaluate(input)) as number);
    });
  }
  return comparison;
}
