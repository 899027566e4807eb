import type { Batch, Column } from "../../columnar/index.js";
import { decodeExpression, encodeExpression, evaluate, type EvalContext, type Expression } from "../expressions/index.js";
import type { ExecutionSettings } from "./fragment.js";

/** A bound, resolved expression in plain form. */
export type EncodedExpression = { readonly encoded: unknown };

/** Computes an expression's column over a batch. */
export type Evaluate = (batch: Batch) => Column;

export const encode = (e: Expression): EncodedExpression => ({ encoded: encodeExpression(e) });
export const decode = ({ encoded }: EncodedExpression): Expression => decodeExpression(encoded);

export const evalContext = (settings: ExecutionSettings, partitionId: number): EvalContext => ({
  timeZone: settings.timeZone,
  partitionId,
  ...(settings.now === undefined ? {} : { now: settings.now }),
});
