import {
  type AggregateFunction,
  defineFunction,
  evalConstant,
  type Expression,
  isFoldable,
  type ResolvedCall,
  type Signature,
  takes,
  typeMismatch,
  ValuesAccumulator,
} from "../../expressions/index.js";
import { ArrayType, doubleType, longType } from "../../types/index.js";

/** The fractions asked for, and whether one number or an array is the answer. */
function fractionsOf(e: Expression): { readonly fractions: readonly number[]; readonly single: boolean } {
  const value = evalConstant(e) as number | readonly number[];
  return typeof value === "number" ? { fractions: [value], single: true } : { fractions: value, single: false };
}

export function checkFractions(call: Parameters<Signature>[1], index: number, args: readonly Expression[]): void {
  if (!isFoldable(args[index])) {
    throw typeMismatch(call, "NON_FOLDABLE_INPUT", "the input `percentage` should be a foldable expression.", {
      inputName: "`percentage`",
    });
  }
  if (evalConstant(args[index]) === null) {
    throw typeMismatch(call, "UNEXPECTED_NULL", "The `percentage` must not be null.", { exprName: "percentage" });
  }
  const wrong = fractionsOf(args[index]).fractions.find((fraction) => !(fraction >= 0 && fraction <= 1));
  if (wrong !== undefined) {
    throw typeMismatch(
      call,
      "VALUE_OUT_OF_RANGE",
      `The \`percentage\` must be between [0.0, 1.0] (current value = ${wrong}).`,
      {
        exprName: "percentage",
        valueRange: "[0.0, 1.0]",
        currentValue: String(wrong),
      },
    );
  }
}

/** Exact percentile by linear interpolation between the two nearest ranks; `values` ascend. */
function interpolated(values: readonly number[], fraction: number): number {
  const position = fraction * (values.length - 1);
  const low = Math.floor(position);
  const high = Math.ceil(position);
  if (low === high || values[low] === values[high]) return values[low];
  return (high - position) * values[low] + (position - low) * values[high];
}

function open(call: ResolvedCall, fractions: readonly number[], single: boolean): ValuesAccumulator<[number[]]> {
  const weighted = call.args.length > 2;
  return new ValuesAccumulator<[number[]]>({
    types: [new ArrayType(doubleType, false)],
    result: call.type,
    empty: () => [[]],
    update([values], [value, , weight]) {
      if (value === null) return;
      const times = weighted ? Number(weight ?? 0) : 1;
      for (let k = 0; k < times; k++) values.push(value as number);
    },
    merge([values], [other]) {
      for (const value of other) values.push(value);
    },
    finish([values]) {
      if (values.length === 0) return null;
      const sorted = Array.from(Float64Array.from(values).sort());
      const results = fractions.map((fraction) => interpolated(sorted, fraction));
      return single ? results[0] : results;
    },
  });
}

export const percentile = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["percentile"],
  doc: "Exact percentile of numbers, interpolated, for one fraction or an array of them.",
  signature(args, call) {
    const signed = takes(
      [doubleType, [doubleType, new ArrayType(doubleType)], longType],
      (types) => (types[1] instanceof ArrayType ? new ArrayType(doubleType, false) : doubleType),
      { optional: 1 },
    )(args, call);
    checkFractions(call, 1, signed.args);
    return signed;
  },
  state: () => [new ArrayType(doubleType, false)],
  open(call) {
    const { fractions, single } = fractionsOf(call.args[1]);
    return open(call, fractions, single);
  },
});

export const median = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["median"],
  doc: "The middle of the values, interpolated.",
  signature: takes([doubleType], doubleType),
  state: () => [new ArrayType(doubleType, false)],
  open: (call) => open(call, [0.5], true),
});
