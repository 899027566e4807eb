import type { StageOutput } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import { collectBlocks } from "./collect-blocks.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { LimitFragment } from "./limit.js";
import { storedRows } from "./stored-output.js";

/** The first rows in partition order, reading only as many partitions as it takes. */
export function limitExec(child: PhysicalPlan, limit: number, offset: number): PhysicalPlan {
  return physical({
    name: "CollectLimit",
    output: child.output,
    children: [child],
    describe: () => (offset ? `${limit}, offset=${offset}` : String(limit)),
    async execute(context) {
      const { partitions } = await child.execute(context);
      const wanted = limit + offset;
      if (partitions.length === 1) return { partitions: [limited(partitions[0], limit, offset)] };
      const outputs: StageOutput<StoredBlock[]>[] = [];
      await inRounds(partitions, wanted, async (tasks, left) => {
        const request = { limit: left, kernels: false };
        const output = await context.runKept("limit", tasks, collectBlocks, request);
        outputs.push(output);
        return output.results();
      });
      return { partitions: [limited(storedRows(outputs), limit, offset)] };
    },
  });
}

const limited = (input: Fragment, limit: number, offset: number): Fragment =>
  ({ op: "limit", input, limit, offset }) satisfies LimitFragment as Fragment;

/** Blocks of at least `wanted` rows where there are that many, for the driver. */
export async function firstRows(
  partitions: readonly Fragment[],
  wanted: number,
  context: ExecutionContext,
): Promise<readonly StoredBlock[]> {
  const blocks: StoredBlock[] = [];
  await inRounds(partitions, wanted, async (tasks, left) => {
    const stored = await context.runStage("limit", tasks, collectBlocks, { limit: left, kernels: false });
    blocks.push(...stored.flat());
    return stored;
  });
  return blocks;
}

/** Runs partitions until they have given `wanted` rows: one first, then four times as many each round. */
async function inRounds(
  partitions: readonly Fragment[],
  wanted: number,
  run: (tasks: readonly Fragment[], left: number) => Promise<readonly (readonly StoredBlock[])[]>,
): Promise<void> {
  let rows = 0;
  let at = 0;
  for (let round = 1; at < partitions.length && rows < wanted; round *= 4) {
    const end = Number.isFinite(wanted) ? Math.min(partitions.length, at + round) : partitions.length;
    const tasks = partitions.slice(at, end).map((p) => (Number.isFinite(wanted) ? limited(p, wanted, 0) : p));
    for (const { numRows } of (await run(tasks, wanted - rows)).flat()) rows += numRows;
    at = end;
  }
}
