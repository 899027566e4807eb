import { IllegalArgumentException } from "../../common/index.js";
import type { Params } from "./params.js";
import { require } from "./schema-checks.js";

/** Columns of a stage that takes either `inputCol` and `outputCol` or `inputCols` and `outputCols`. */
export interface InputOutputColumns {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whether `inputCols` was used. */
  readonly multiple: boolean;
}

/**
 * Spark's rule for such stages: exactly one of the two forms is set, with the params it needs and none of the other's.
 * `single` and `multi` list further params of either form, e.g. `["outputCol"]` and `["outputCols", "splitsArray"]`.
 */
export function checkSingleVsMultiColumnParams(
  stage: Params,
  single: readonly string[],
  multi: readonly string[],
): void {
  const name = `${stage.constructor.name} ${String(stage)}`;
  const [one, many] = [stage.isSet("inputCol"), stage.isSet("inputCols")];
  const need = `${name} requires exactly one of inputCol, inputCols Params to be set`;
  require(!(one && many), () => `${need}, but both are set.`);
  if (!one && !many) throw new IllegalArgumentException(`${need}, but neither is set.`);
  const [required, excluded] = one ? [single, multi] : [multi, single];
  const wrong = excluded.filter((param) => stage.isSet(param)).join(", ");
  const missing = required.filter((param) => !stage.isDefined(param)).join(", ");
  const problems = [
    wrong && `The following Params are not applicable and should not be set: ${wrong}.`,
    missing && `The following Params must be defined but are not set: ${missing}.`,
  ].join("");
  if (problems === "") return;
  throw new IllegalArgumentException(
    `${name} has the inputCol${one ? "" : "s"} Param set for ${one ? "single" : "multi"}-column transform. ${problems}`,
  );
}

/** The columns to read and to write, after {@link checkSingleVsMultiColumnParams}. */
export function inputOutputColumns(stage: Params): InputOutputColumns {
  const multiple = stage.isSet("inputCols");
  const texts = (param: string): readonly string[] => stage.getOrDefault(param) as readonly string[];
  const text = (param: string): string => stage.getOrDefault(param) as string;
  return multiple
    ? { inputs: texts("inputCols"), outputs: texts("outputCols"), multiple }
    : { inputs: [text("inputCol")], outputs: [text("outputCol")], multiple };
}
