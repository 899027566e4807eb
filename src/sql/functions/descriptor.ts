// The contract lies beside the expressions, which every function needs; it is published here as well.
export type {
  Accumulator,
  AggregateFunction,
  EvalContext,
  FunctionDescriptor,
  Nullability,
  ResolvedCall,
  RowFunction,
  ScalarFunction,
  Signature,
  Signed,
} from "../expressions/index.js";
export { allFunctions, defineFunction, findFunction, functionOf, isAggregate } from "../expressions/index.js";
