import { isAggregate, type Expression } from "../expressions/index.js";

/** Whether a node is a call of an aggregate function. */
export const isAggregateCall = (e: Expression): boolean => e.kind === "call" && isAggregate(e.name);
