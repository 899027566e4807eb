import { defineOperator, type Fragment } from "./fragment.js";

/** Several partitions one after the other in one task: `coalesce`, merged shuffle partitions, unions of small inputs. */
export interface ConcatFragment extends Fragment {
  readonly op: "concat";
  readonly inputs: readonly Fragment[];
}

defineOperator<ConcatFragment>({
  op: "concat",
  async *open({ inputs }, context) {
    for (const input of inputs) yield* context.open(input);
  },
});

export const concatFragments = (inputs: readonly Fragment[]): Fragment =>
  inputs.length === 1 ? inputs[0] : ({ op: "concat", inputs } satisfies ConcatFragment as Fragment);
