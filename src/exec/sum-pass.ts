import { definePassKernel } from "./pass.js";

/** Where the doubles to add lie in their block. */
export interface SumPassBlock {
  readonly at: number;
}

/** Adds the unit's doubles and multiplies by `input[0]`: the smallest pass, by which the cost of a pass itself is measured. */
export const sumPass = definePassKernel<null>({
  name: "exec.sum",
  open: ({ units, blocks, kernels, input, output }) => {
    const sums = units.map(({ block, start, end }, unit) => {
      const { at } = blocks[block].info as SumPassBlock;
      const { sum_f64 } = kernels(block);
      const out = output(unit);
      return (): void => {
        out[0] = input[0] * sum_f64(at + 8 * start, end - start);
      };
    });
    return (unit, op) => {
      if (op === 1) throw new RangeError(`unit ${unit} was told to fail`);
      sums[unit]();
    };
  },
});
