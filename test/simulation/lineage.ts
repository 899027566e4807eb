import type { StagePlan } from "./scenario.js";

/** The value of a partition: it depends on everything that its inputs hold. */
export function valueOf(stage: number, partition: number, inputs: readonly (readonly number[])[]): number {
  let hash = Math.imul(stage + 1, 0x9e3779b1) ^ Math.imul(partition + 1, 0x85ebca77);
  for (const values of inputs) for (const value of values) hash = Math.imul(hash ^ value, 0xc2b2ae3d) ^ (hash >>> 15);
  return hash;
}

/** What every stage holds when nothing goes wrong. */
export function undisturbed(stages: readonly StagePlan[]): ReadonlyMap<number, readonly number[]> {
  const values = new Map<number, readonly number[]>();
  for (const { id, numTasks, inputs } of stages) {
    const read = inputs.map((input) => values.get(input)!);
    values.set(
      id,
      Array.from({ length: numTasks }, (_, partition) => valueOf(id, partition, read)),
    );
  }
  return values;
}
