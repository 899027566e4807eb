import {
  decodeExpression,
  encodeExpression,
  openExpression as open,
  openFilter as openRows,
  type EvalContext,
  type Expression,
  type OpenExpression,
} from "../expressions/index.js";
import type { Batch } from "../../columnar/index.js";
import { reviveClosure, type Closure } from "../../exec/closure/index.js";
import type { ExecutionSettings } from "./fragment.js";

/** A bound, resolved expression in plain form. */
export interface EncodedExpression {
  readonly encoded: unknown;
}

/** Computes an expression's column over a batch. */
export type Evaluate = OpenExpression;

export const encode = (e: Expression): EncodedExpression => ({ encoded: encodeExpression(e) });
export const decode = ({ encoded }: EncodedExpression): Expression => decodeExpression(encoded);

export const evalContext = (settings: ExecutionSettings, partitionId: number): EvalContext => ({
  timeZone: settings.timeZone,
  partitionId,
  now: settings.now,
  functionOf: (closure) => reviveClosure(closure as Closure),
});

export const openExpression = (e: EncodedExpression, settings: ExecutionSettings, partition: number): Evaluate =>
  open(decode(e), evalContext(settings, partition));

/** Rows for which a condition is true, ascending. */
export const openFilter = (
  e: EncodedExpression,
  settings: ExecutionSettings,
  partition: number,
): ((batch: Batch) => Int32Array) => openRows(decode(e), evalContext(settings, partition));
