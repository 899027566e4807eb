import { SparkException } from "../../common/index.js";
import { fromBlock } from "../../columnar/index.js";
import type { PartitionFunction, StageOutput } from "../../exec/index.js";
import { columnReader } from "../expressions/index.js";
import { outputOf, type LogicalPlan, type StoredBlock } from "../plan/index.js";
import { collectBlocks, countRows, type ExecutionContext, firstRows, KeptOutputs } from "../physical/index.js";
import { externalConverter, Row } from "../types/index.js";
import type { DataFrameActions } from "./dataframe-actions.js";
import type { RunOptions } from "./session-state.js";

const EVERYTHING = Number.POSITIVE_INFINITY;

/** All rows, in partition order. */
export async function collect(df: DataFrameActions, options: RunOptions): Promise<Row[]> {
  const plan = await df.analyzed();
  const { state } = df.sparkSession;
  const blocks = await state.run("collect", plan, options, async ({ partitions }, context) =>
    (await context.runStage("collect", partitions, collectBlocks, { limit: EVERYTHING, kernels: false })).flat(),
  );
  const rows: Row[] = [];
  for (const row of rowsOf(plan, blocks)) rows.push(row);
  release(df, blocks);
  return rows;
}

/** The rows of a result were read: its blocks go at once, not when they are collected as garbage. */
export const release = (df: DataFrameActions, blocks: readonly StoredBlock[]): void =>
  df.sparkSession.state.engine.blocks.release(blocks.map(({ block }) => block));

/** Rows as users see them. */
export function* rowsOf(plan: LogicalPlan, blocks: readonly StoredBlock[]): Generator<Row> {
  const output = outputOf(plan);
  const names = output.map((a) => a.name);
  const converters = output.map((a) => externalConverter(a.type));
  for (const { block } of blocks) {
    const { numRows, columns } = fromBlock(block);
    const readers = columns.map(columnReader);
    for (let i = 0; i < numRows; i++) {
      yield new Row(
        names,
        readers.map((read, c) => converters[c](read(i))),
      );
    }
  }
}

/** One partition after the other, so that only one is on the driver at a time; shuffles below run once. */
export async function* toLocalIterator(df: DataFrameActions, options: RunOptions): AsyncGenerator<Row> {
  const plan = await df.analyzed();
  const { state } = df.sparkSession;
  const kept = new KeptOutputs();
  try {
    const { partitions } = await state.run("toLocalIterator", plan, { ...options, kept }, async (rows) => rows);
    const request = { limit: EVERYTHING, kernels: false };
    for (const partition of partitions) {
      const blocks = await state.job("toLocalIterator", options, (context) =>
        context.runStage("collect", [partition], collectBlocks, request),
      );
      yield* rowsOf(plan, blocks.flat());
      release(df, blocks.flat());
    }
  } finally {
    kept.release();
  }
}

export async function count(df: DataFrameActions, options: RunOptions): Promise<number> {
  const plan: LogicalPlan = { kind: "project", child: await df.analyzed(), expressions: [] };
  const counts = await df.sparkSession.state.run("count", plan, options, ({ partitions }, context) =>
    context.runStage("count", partitions, countRows, undefined),
  );
  return counts.reduce((a, b) => a + b, 0);
}

/** The last rows: partitions are read from the end until there are enough. */
export async function tail(df: DataFrameActions, wanted: number, options: RunOptions): Promise<Row[]> {
  const plan = await df.analyzed();
  const blocks = await df.sparkSession.state.run("tail", plan, options, async ({ partitions }, context) => {
    const reversed = [...partitions].reverse();
    const found: StoredBlock[] = [];
    let rows = 0;
    for (let at = 0; at < reversed.length && rows < wanted; at++) {
      const [stored] = await context.runStage("tail", [reversed[at]], collectBlocks, {
        limit: EVERYTHING,
        kernels: false,
      });
      found.unshift(...stored);
      rows += stored.reduce((n, { numRows }) => n + numRows, 0);
    }
    return found;
  });
  const all = [...rowsOf(plan, blocks)];
  release(df, blocks);
  return wanted === 0 ? [] : all.slice(-wanted);
}

export async function runPartitions<R>(
  df: DataFrameActions,
  name: string,
  payload: unknown,
  options: RunOptions,
): Promise<R[]> {
  const plan = await df.analyzed();
  return df.sparkSession.state.run(name, plan, options, ({ partitions }, context) =>
    context.runNamed<R>(name, partitions, name, payload),
  );
}

/**
 * As {@link runPartitions}, for results that hold rows in blocks: they stay, and lost ones can be computed again, until
 * `body` is done. Its job ends then too; cancelling the job aborts the signal that `body` finds in its context.
 */
export async function keepPartitions<P, R, T>(
  df: DataFrameActions,
  sink: PartitionFunction<P, R>,
  payload: P,
  options: RunOptions,
  body: (output: StageOutput<R>, context: ExecutionContext) => Promise<T>,
): Promise<T> {
  const plan = await df.analyzed();
  return df.sparkSession.state.run(sink.name, plan, options, async ({ partitions }, context) =>
    body(await context.runKept<P, R>(sink.name, partitions, sink, payload), context),
  );
}

export async function numPartitions(df: DataFrameActions): Promise<number> {
  return df.sparkSession.state.run(
    "numPartitions",
    await df.analyzed(),
    {},
    async ({ partitions }) => partitions.length,
  );
}

/** The first rows of a plan, for `show`. */
export async function firstRowsOf(
  df: DataFrameActions,
  plan: LogicalPlan,
  wanted: number,
): Promise<readonly StoredBlock[]> {
  if (wanted > 2 ** 31) throw new SparkException(`cannot show ${wanted} rows`);
  return df.sparkSession.state.run("show", plan, {}, async ({ partitions }, context) =>
    firstRows(partitions, wanted, context),
  );
}
