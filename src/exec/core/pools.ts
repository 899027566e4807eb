import type { PoolOptions, SchedulingMode } from "./scheduler-types.js";
import type { StageRun } from "./stage-run.js";

/** What Spark's FairSchedulingAlgorithm compares. */
export interface Share {
  readonly name: string;
  readonly running: number;
  readonly minShare: number;
  readonly weight: number;
}

/** Who is below its minimum share goes first, then who has the smaller share of it, then the fewer tasks by weight. */
export function compareShares(a: Share, b: Share): number {
  const aNeedy = a.running < a.minShare;
  const bNeedy = b.running < b.minShare;
  if (aNeedy !== bNeedy) return aNeedy ? -1 : 1;
  const order = aNeedy
    ? a.running / Math.max(a.minShare, 1) - b.running / Math.max(b.minShare, 1)
    : a.running / a.weight - b.running / b.weight;
  return order !== 0 ? order : a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Smaller job first, then smaller stage. */
const compareAge = (a: StageRun, b: StageRun): number => a.priority - b.priority || a.id - b.id;

export class Pool implements Share {
  readonly name: string;
  readonly mode: SchedulingMode;
  readonly minShare: number;
  readonly weight: number;
  running = 0;
  /** Runnable stages, oldest first. */
  readonly stages: StageRun[] = [];

  constructor(options: PoolOptions) {
    this.name = options.name;
    this.mode = options.mode;
    this.minShare = options.minShare;
    this.weight = options.weight;
  }

  add(stage: StageRun): void {
    let low = 0;
    let high = this.stages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAge(this.stages[middle], stage) < 0) low = middle + 1;
      else high = middle;
    }
    this.stages.splice(low, 0, stage);
  }
  remove(stage: StageRun): void {
    this.stages.splice(this.stages.indexOf(stage), 1);
  }

  /** Offers to the stages in order until one takes it. */
  first(take: (stage: StageRun) => boolean): boolean {
    const { stages } = this;
    if (this.mode === "FIFO" || stages.length < 2) return stages.some(take);
    const shares = stages.map((stage) => ({
      stage,
      name: `TaskSet_${stage.id}`,
      running: stage.runningCount,
      minShare: 0,
      weight: 1,
    }));
    return shares.sort(compareShares).some(({ stage }) => take(stage));
  }
}

const DEFAULT = "default";

/** The pools of a session. With FIFO there is only one, whatever pool a job asks for. */
export class Pools {
  private readonly pools = new Map<string, Pool>();
  private readonly single: Pool | undefined;

  constructor(mode: SchedulingMode, options: readonly PoolOptions[]) {
    if (mode === "FIFO") this.single = this.addPool({ name: "", mode, weight: 1, minShare: 0 });
    else for (const pool of options) this.addPool(pool);
  }

  /** The pool of that name; one that nobody described is FIFO, of weight 1 and without a minimum. */
  get(name: string = DEFAULT): Pool {
    return this.single ?? this.pools.get(name) ?? this.addPool({ name, mode: "FIFO", weight: 1, minShare: 0 });
  }

  all(): Iterable<Pool> {
    return this.pools.values();
  }

  /** Offers to the runnable stages in the order of their claims until one takes it. */
  first(take: (stage: StageRun) => boolean): boolean {
    if (this.single) return this.single.first(take);
    const claims = [...this.pools.values()].filter((pool) => pool.stages.length > 0);
    if (claims.length > 1) claims.sort(compareShares);
    return claims.some((pool) => pool.first(take));
  }

  private addPool(options: PoolOptions): Pool {
    const pool = new Pool(options);
    this.pools.set(options.name, pool);
    return pool;
  }
}
