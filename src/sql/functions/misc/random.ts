import { XORShiftRandom } from "../../../common/index.js";
import {
  checkCount,
  defineFunction,
  evalConstant,
  isFoldable,
  literalOf,
  type ResolvedCall,
  type ScalarFunction,
  type Signature,
  typeMismatch,
  typeOf,
  unexpectedInput,
} from "../../expressions/index.js";
import { doubleType, IntegerType, integerType, LongType, longType, NullType } from "../../types/index.js";

const signature: Signature = (args, call) => {
  checkCount(call, 0, 1);
  if (args.length === 0) {
    const seed =
      (call.options?.seed as number | bigint | undefined) ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    return { args: [literalOf(BigInt(seed), longType)], type: doubleType };
  }
  const type = typeOf(args[0]);
  if (![IntegerType, LongType, NullType].some((allowed) => type instanceof allowed)) {
    throw unexpectedInput(call, 0, [integerType, longType]);
  }
  if (!isFoldable(args[0])) {
    throw typeMismatch(
      call,
      "NON_FOLDABLE_INPUT",
      'the input `seed` should be a foldable "INT" or "BIGINT" expression.',
      {
        inputName: "`seed`",
      },
    );
  }
  return { args, type: doubleType };
};

/** The generator of a task: seeded with the call's seed plus the partition's number. */
const generator = (call: ResolvedCall, partitionId: number): XORShiftRandom =>
  new XORShiftRandom(BigInt((evalConstant(call.args[0]) as number | bigint | null) ?? 0) + BigInt(partitionId));

export const rand = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["rand", "random"],
  doc: "Uniform draws from [0, 1), the same for the same seed and partition.",
  signature,
  deterministic: false,
  nullable: "never",
  eval(call, context) {
    const random = generator(call, context.partitionId);
    return () => random.nextDouble();
  },
});

export const randn = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["randn"],
  doc: "Draws from the standard normal distribution, the same for the same seed and partition.",
  signature,
  deterministic: false,
  nullable: "never",
  eval(call, context) {
    const random = generator(call, context.partitionId);
    return () => random.nextGaussian();
  },
});
