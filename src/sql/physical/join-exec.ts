import type { AttributeExpression, Expression } from "../expressions/index.js";
import { newExpressionId, type JoinType } from "../plan/index.js";
import { layoutOf } from "../types/index.js";
import { bind } from "./bind.js";
import { buildShared, type BuildRequest } from "./build-table.js";
import { concatFragments } from "./concat-partitions.js";
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

  const fragment = (build: Side, stream: Fragment, table: HashJoinFragment["build"], partition: number): Fragment => {
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

  const broadcast = async (build: Side, rows: Fragment, context: ExecutionContext): Promise<readonly Fragment[]> => {
    const request: BuildRequest = { keys: sides[build].keys, nullSafe: keys.nullSafe };
    const [shared] = await context.runStage("build hash table", [rows], buildShared, request);
    const { partitions } = await sides[build === "left" ? "right" : "left"].plan.execute(context);
    return partitions.map((stream, i) => fragment(build, stream, { shared }, i));
  };

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
      const build: Side | undefined =
        hint && allowed.includes(hint) ? hint : [...allowed].sort((a, b) => size(a) - size(b))[0];
      if (keys.left.length === 0) {
        const side = build ?? "right";
        const rows = await gatherPartitions((await sides[side].plan.execute(context)).partitions, context);
        if (build) return { partitions: await broadcast(build, rows, context) };
        const stream = await gatherPartitions((await sides.left.plan.execute(context)).partitions, context);
        return { partitions: [fragment("right", stream, { fragment: rows }, 0)] };
      }
      if (build && (build === hint || size(build) <= threshold)) {
        const { partitions } = await sides[build].plan.execute(context);
        return { partitions: await broadcast(build, await gatherPartitions(partitions, context), context) };
      }
      const numPartitions = context.conf.value("shufflePartitions");
      const shuffled = async (side: Side): Promise<ShuffleOutput> => {
        const { partitions } = await sides[side].plan.execute(context);
        return hashShuffle(partitions, sides[side].keys, numPartitions, context);
      };
      const first: Side = build ?? "right";
      const firstOutput = await shuffled(first);
      if (build && context.conf.value("adaptive") && firstOutput.bytes <= threshold) {
        return { partitions: await broadcast(build, firstOutput.readAll(), context) };
      }
      const second: Side = first === "left" ? "right" : "left";
      const secondOutput = await shuffled(second);
      if (allowed.includes(second) && context.conf.value("adaptive") && secondOutput.bytes <= threshold) {
        return { partitions: await broadcastShuffled(second, secondOutput, firstOutput, context) };
      }
      const smaller = allowed.length === 2 && secondOutput.bytes < firstOutput.bytes ? second : first;
      const tables = smaller === first ? firstOutput : secondOutput;
      const streams = smaller === first ? secondOutput : firstOutput;
      return {
        partitions: coalescedRanges([tables, streams], context).map(([start, end], i) =>
          fragment(smaller, streams.read(start, end), { fragment: tables.read(start, end) }, i),
        ),
      };
    },
  });

  async function broadcastShuffled(
    build: Side,
    table: ShuffleOutput,
    stream: ShuffleOutput,
    context: ExecutionContext,
  ): Promise<readonly Fragment[]> {
    const request: BuildRequest = { keys: sides[build].keys, nullSafe: keys.nullSafe };
    const [shared] = await context.runStage(
      "build hash table",
      [concatFragments([table.readAll()])],
      buildShared,
      request,
    );
    return coalescedRanges([stream], context).map(([start, end], i) =>
      fragment(build, stream.read(start, end), { shared }, i),
    );
  }
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
