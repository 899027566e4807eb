import type { AttributeExpression, Expression } from "../expressions/index.js";
import { newExpressionId, type JoinType } from "../plan/index.js";
import { layoutOf } from "../types/index.js";
import { bind } from "./bind.js";
import type { LazyFragment } from "./bind-fragment.js";
import { buildShared, type BuildRequest, type SharedBuildFragment } from "./build-table.js";
import { attributeList, expressionText } from "./describe.js";
import { gatherPartitions, hashShuffle } from "./exchange.js";
import { encode } from "./evaluate.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { HashJoinFragment, StreamJoin } from "./hash-join.js";
import { selectFragment, withColumnsFor } from "./project-filter.js";
import { coalescedRanges, type ShuffleOutput } from "./shuffle.js";

export interface JoinKeys {
  readonly left: readonly Expression[];
  readonly right: readonly Expression[];
  readonly nullSafe: readonly boolean[];
  readonly residual: Expression | undefined;
}

type Side = "left" | "right";

interface JoinSide {
  readonly plan: PhysicalPlan;
  readonly keys: readonly number[];
}

/** Sides that can be the hash table seen by every task, when the other one is streamed. */
const broadcastable: Readonly<Record<JoinType, readonly Side[]>> = {
  inner: ["right", "left"],
  cross: ["right", "left"],
  left: ["right"],
  semi: ["right"],
  anti: ["right"],
  right: ["left"],
  full: [],
};

/**
 * A hash join. The build side is broadcast when its real size (after its stages have run) is at most
 * `spark.sql.autoBroadcastJoinThreshold`; else both sides are shuffled by the keys.
 */
export function joinExec(
  left: PhysicalPlan,
  right: PhysicalPlan,
  joinType: JoinType,
  keys: JoinKeys,
  output: readonly AttributeExpression[],
  hint: Side | undefined,
): PhysicalPlan {
  const l = withColumnsFor(left, keys.left, newExpressionId);
  const r = withColumnsFor(right, keys.right, newExpressionId);
  const sides: Record<Side, JoinSide> = {
    left: { plan: l.child, keys: l.ordinals },
    right: { plan: r.child, keys: r.ordinals },
  };
  const columns = [...l.child.output, ...r.child.output];
  const residual = keys.residual && encode(bind(keys.residual, columns));
  // Key columns that were added for the join go away again.
  const kept = [
    ...left.output.map((_, i) => i),
    ...(joinType === "semi" || joinType === "anti" ? [] : right.output.map((_, i) => l.child.output.length + i)),
  ];
  const width = joinType === "semi" || joinType === "anti" ? l.child.output.length : columns.length;
  const tidy = (fragment: Fragment): Fragment => (kept.length === width ? fragment : selectFragment(fragment, kept));

  const fragment = (build: Side, stream: Fragment, table: Fragment, partition: number): Fragment => {
    const probe: Side = build === "left" ? "right" : "left";
    return tidy({
      op: "hashJoin",
      stream,
      streamKeys: sides[probe].keys,
      build: table,
      buildKeys: { keys: sides[build].keys, nullSafe: keys.nullSafe },
      joinType: streamJoin(joinType),
      residual,
      buildLeft: build === "left",
      streamLayouts: sides[probe].plan.output.map((a) => layoutOf(a.type)),
      buildLayouts: sides[build].plan.output.map((a) => layoutOf(a.type)),
      partition,
    } satisfies HashJoinFragment as Fragment);
  };

  /** A table of the rows that all tasks share; undefined when it would take too much of the memory. */
  const sharedTable = (build: Side, rows: Fragment, context: ExecutionContext): Promise<Fragment | undefined> =>
    shareBuild(rows, { keys: sides[build].keys, nullSafe: keys.nullSafe }, context);

  return physical({
    name: keys.left.length === 0 ? "BroadcastNestedLoopJoin" : "HashJoin",
    output,
    children: [left, right],
    describe: () => {
      const texts = [attributeList(l.attributes), attributeList(r.attributes), joinName[joinType]];
      return keys.residual ? [...texts, expressionText(keys.residual)].join(", ") : texts.join(", ");
    },
    async execute(context) {
      const threshold = context.conf.value("broadcastThreshold");
      const allowed = broadcastable[joinType];
      const size = (side: Side): number => sides[side].plan.sizeInBytes ?? Number.POSITIVE_INFINITY;
      const executed: Partial<Record<Side, readonly Fragment[]>> = {};
      const partitionsOf = async (side: Side): Promise<readonly Fragment[]> =>
        (executed[side] ??= (await sides[side].plan.execute(context)).partitions);
      const build: Side | undefined =
        hint && allowed.includes(hint) ? hint : [...allowed].sort((a, b) => size(a) - size(b))[0];
      if (keys.left.length === 0) {
        const side = build ?? "right";
        const rows = await gatherPartitions(await partitionsOf(side), context);
        const table = (build && (await sharedTable(side, rows, context))) ?? rows;
        const streams = await partitionsOf(other(side));
        const tasks = build ? streams : [await gatherPartitions(streams, context)];
        return { partitions: tasks.map((stream, i) => fragment(side, stream, table, i)) };
      }
      if (build && (build === hint || size(build) <= threshold)) {
        const rows = await gatherPartitions(await partitionsOf(build), context);
        const table = await sharedTable(build, rows, context);
        if (table) {
          const streams = await partitionsOf(other(build));
          return { partitions: streams.map((stream, i) => fragment(build, stream, table, i)) };
        }
        executed[build] = [rows];
      }
      const numPartitions = context.conf.value("shufflePartitions");
      const shuffled = async (side: Side): Promise<ShuffleOutput> =>
        hashShuffle(await partitionsOf(side), sides[side].keys, numPartitions, context);
      const broadcastShuffled = async (
        side: Side,
        output: ShuffleOutput,
        streams: (table: Fragment) => Promise<readonly Fragment[]>,
      ): Promise<readonly Fragment[] | undefined> => {
        if (!allowed.includes(side) || !context.conf.value("adaptive") || output.bytes > threshold) return undefined;
        const table = await sharedTable(side, output.readAll(), context);
        return table && (await streams(table));
      };
      const first: Side = build ?? "right";
      const firstOutput = await shuffled(first);
      const early = await broadcastShuffled(first, firstOutput, async (table) =>
        (await partitionsOf(other(first))).map((stream, i) => fragment(first, stream, table, i)),
      );
      if (early) return { partitions: early };
      const second = other(first);
      const secondOutput = await shuffled(second);
      const late = await broadcastShuffled(second, secondOutput, async (table) =>
        coalescedRanges([firstOutput], context).map(([start, end], i) =>
          fragment(second, firstOutput.read(start, end), table, i),
        ),
      );
      if (late) return { partitions: late };
      const smaller = allowed.length === 2 && secondOutput.bytes < firstOutput.bytes ? second : first;
      const tables = smaller === first ? firstOutput : secondOutput;
      const streams = smaller === first ? secondOutput : firstOutput;
      return {
        partitions: coalescedRanges([tables, streams], context).map(([start, end], i) =>
          fragment(smaller, streams.read(start, end), tables.read(start, end), i),
        ),
      };
    },
  });
}

const other = (side: Side): Side => (side === "left" ? "right" : "left");

/** Share of an executor's memory that one shared table may take. */
const SHARED_FRACTION = 0.25;

/** Builds a table that all tasks share, once; undefined when it is too large for that. */
async function shareBuild(
  rows: Fragment,
  request: BuildRequest,
  context: ExecutionContext,
): Promise<Fragment | undefined> {
  const maxBytes = SHARED_FRACTION * context.memoryBudget;
  const output = await context.runKept("build hash table", [rows], buildShared, { ...request, maxBytes });
  if ("tooLarge" in output.result(0)) return undefined;
  return {
    op: "sharedBuild",
    sources: [output],
    bind: () => {
      const built = output.result(0);
      if ("tooLarge" in built) throw new Error(`a shared table took ${built.tooLarge} bytes when it was built again`);
      return { op: "sharedBuild", table: built.table } satisfies SharedBuildFragment as Fragment;
    },
  } satisfies LazyFragment as Fragment;
}

/** The stream side is the one that is preserved: left for left joins, right for right joins. */
const streamJoin = (type: JoinType): StreamJoin =>
  type === "left" || type === "right" ? "outer" : type === "cross" ? "inner" : type;

const joinName: Readonly<Record<JoinType, string>> = {
  inner: "Inner",
  cross: "Cross",
  left: "LeftOuter",
  right: "RightOuter",
  full: "FullOuter",
  semi: "LeftSemi",
  anti: "LeftAnti",
};
