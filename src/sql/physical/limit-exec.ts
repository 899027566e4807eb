import type { StoredBlock } from "../plan/index.js";
import { blocksFragment } from "./blocks-scan.js";
import { collectBlocks } from "./collect-blocks.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { LimitFragment } from "./limit.js";

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
      const blocks = await firstRows(partitions, wanted, context);
      return { partitions: [limited(blocksFragment(blocks), limit, offset)] };
    },
  });
}

const limited = (input: Fragment, limit: number, offset: number): Fragment =>
  ({ op: "limit", input, limit, offset }) satisfies LimitFragment as Fragment;

/** Blocks of at least `wanted` rows where there are that many: one partition first, then four times as many each round. */
export async function firstRows(
  partitions: readonly Fragment[],
  wanted: number,
  context: ExecutionContext,
): Promise<readonly StoredBlock[]> {
  const blocks: StoredBlock[] = [];
  let rows = 0;
  let at = 0;
  for (let round = 1; at < partitions.length && rows < wanted; round *= 4) {
    const end = Number.isFinite(wanted) ? Math.min(partitions.length, at + round) : partitions.length;
    const tasks = partitions.slice(at, end).map((p) => (Number.isFinite(wanted) ? limited(p, wanted, 0) : p));
    const stored = await context.runStage("limit", tasks, collectBlocks, { limit: wanted - rows, kernels: false });
    for (const block of stored.flat()) {
      blocks.push(block);
      rows += block.numRows;
    }
    at = end;
  }
  return blocks;
}
