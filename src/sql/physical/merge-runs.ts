import { concat, type Batch } from "../../columnar/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import { firstColumns, sliceBatch } from "./pieces.js";
import { rowComparator, type RowComparator, type SortKey } from "./row-order.js";
import { gatherBatch } from "./sample.js";

/** A sorted run that is being read: its present batch, the next row of it, and where the rows not yet given away start. */
interface Source {
  readonly rest: Iterator<Batch>;
  batch: Batch | undefined;
  row: number;
  from: number;
}

/**
 * Merges sorted runs, batch by batch; of equal rows those of the earlier run come first. A tree of losers (Knuth, The Art of
 * Computer Programming 3, 5.4.1) finds each next row with log2(runs) comparisons.
 */
export function* mergeRuns(
  runs: readonly Iterator<Batch>[],
  keys: readonly SortKey[],
  /** Columns to produce: the first so many. */
  width = Number.POSITIVE_INFINITY,
): Generator<Batch> {
  if (runs.length === 0) return;
  const sources = runs.map((rest): Source => ({ rest, batch: undefined, row: 0, from: 0 }));
  for (const source of sources) advance(source);
  const tree = new LoserTree(sources, keys);
  const origin = new Int32Array(BATCH_ROWS);
  const row = new Int32Array(BATCH_ROWS);
  let picked = 0;
  for (;;) {
    const winner = tree.winner;
    const source = sources[winner];
    const { batch } = source;
    if (!batch) break;
    origin[picked] = winner;
    row[picked++] = source.row++;
    const ended = source.row === batch.numRows;
    if (ended || picked === BATCH_ROWS) {
      yield give(sources, origin, row, picked, width);
      picked = 0;
    }
    if (ended) {
      advance(source);
      tree.forget(winner);
    }
    tree.replay(winner);
  }
  if (picked > 0) yield give(sources, origin, row, picked, width);
}

function advance(source: Source): void {
  do source.batch = source.rest.next().value as Batch | undefined;
  while (source.batch?.numRows === 0);
  source.row = source.from = 0;
}

/** The picked rows: each source's are a stretch of its batch, so that they are joined first and put in order afterwards. */
function give(sources: readonly Source[], origin: Int32Array, row: Int32Array, picked: number, width: number): Batch {
  const parts: Batch[] = [];
  const shift = new Int32Array(sources.length);
  let numRows = 0;
  sources.forEach((source, s) => {
    if (!source.batch || source.row === source.from) return;
    parts.push(sliceBatch(firstColumns(source.batch, width), source.from, source.row));
    shift[s] = numRows - source.from;
    numRows += source.row - source.from;
    source.from = source.row;
  });
  if (parts.length === 1) return parts[0];
  const order = new Int32Array(picked);
  for (let i = 0; i < picked; i++) order[i] = row[i] + shift[origin[i]];
  const columns = parts[0].columns.map((_, c) => concat(parts.map((part) => part.columns[c])));
  return gatherBatch({ numRows, columns }, order);
}

/** Inner nodes 1 .. runs - 1 hold the loser of the match below them; run i stands at leaf runs + i. */
class LoserTree {
  winner: number;
  private readonly losers: Int32Array;
  private readonly comparators: (RowComparator | undefined)[];
  private readonly size: number;

  constructor(
    private readonly sources: readonly Source[],
    private readonly keys: readonly SortKey[],
  ) {
    this.size = sources.length;
    this.losers = new Int32Array(Math.max(1, this.size));
    this.comparators = new Array<RowComparator | undefined>(this.size * this.size).fill(undefined);
    const winners = new Int32Array(2 * this.size);
    for (let i = 0; i < this.size; i++) winners[this.size + i] = i;
    for (let node = this.size - 1; node >= 1; node--) {
      const l = winners[2 * node];
      const r = winners[2 * node + 1];
      const left = this.beats(l, r);
      winners[node] = left ? l : r;
      this.losers[node] = left ? r : l;
    }
    this.winner = this.size > 1 ? winners[1] : 0;
  }

  /** Drops comparators over a source's former batch. */
  forget(source: number): void {
    const { size, comparators } = this;
    for (let other = 0; other < size; other++) {
      comparators[source * size + other] = undefined;
      comparators[other * size + source] = undefined;
    }
  }

  /** Finds the winner after the last one has moved on. */
  replay(moved: number): void {
    const { losers } = this;
    let winner = moved;
    for (let node = (this.size + moved) >> 1; node >= 1; node >>= 1) {
      const loser = losers[node];
      if (this.beats(winner, loser)) continue;
      losers[node] = winner;
      winner = loser;
    }
    this.winner = winner;
  }

  private beats(a: number, b: number): boolean {
    const left = this.sources[a];
    const right = this.sources[b];
    if (!left.batch) return !right.batch && a < b;
    if (!right.batch) return true;
    const at = a * this.size + b;
    const compare = (this.comparators[at] ??= rowComparator(left.batch.columns, right.batch.columns, this.keys));
    const order = compare(left.row, right.row);
    return order < 0 || (order === 0 && a < b);
  }
}
