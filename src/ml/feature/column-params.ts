import { IllegalArgumentException } from "../../common/index.js";
import type { Params } from "../base/index.js";

/**
 * Spark's rule for stages with a single- and a multi-column form: exactly one of `inputCol` and `inputCols` is set, and
 * with it the params of that form only (`single`, `multi`: what must be defined beside it).
 */
export function checkColumnForm(stage: Params, single: readonly string[], multi: readonly string[]): void {
  const name = stageName(stage);
  const one = stage.isSet("inputCol");
  const many = stage.isSet("inputCols");
  if (one === many) {
    throw new IllegalArgumentException(
      `requirement failed: ${name} requires exactly one of inputCol, inputCols Params to be set, but ${one ? "both are set" : "neither is set"}.`,
    );
  }
  const [form, needed, foreign] = one ? ["inputCol", single, multi] : ["inputCols", multi, single];
  const wrong = foreign.filter((param) => stage.isSet(param));
  const missing = needed.filter((param) => !stage.isDefined(param));
  if (wrong.length === 0 && missing.length === 0) return;
  const complaints = [
    wrong.length === 0
      ? ""
      : `The following Params are not applicable and should not be set: ${wrong.join(", ")}.`,
    missing.length === 0 ? "" : `The following Params must be defined but are not set: ${missing.join(", ")}.`,
  ];
  throw new IllegalArgumentException(
    `${name} has the ${form} Param set for ${one ? "single" : "multi"}-column transform. ${complaints.join("")}`,
  );
}

/** Stage as Spark names it in such messages: its class and what it prints as. */
const stageName = (stage: Params): string => `${stage.constructor.name} ${String(stage)}`;

/** Input and output columns in pairs, of whichever form is set. */
export function columnPairs(stage: Params): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
  return stage.isSet("inputCols")
    ? {
        inputs: stage.get("inputCols") as readonly string[],
        outputs: (stage.get("outputCols") as readonly string[] | undefined) ?? [],
      }
    : { inputs: [stage.getOrDefault("inputCol") as string], outputs: [stage.getOrDefault("outputCol") as string] };
}

/** Spark's error for columns that come in lists of different lengths. */
export const mismatchedLengths = (
  stage: Params,
  params: readonly string[],
  lengths: readonly number[],
): IllegalArgumentException =>
  new IllegalArgumentException(
    `requirement failed: ${stageName(stage)} has mismatched Params for multi-column transform. Params (${params.join(", ")}) should have equal lengths, but they have different lengths: (${lengths.join(", ")}).`,
  );
