import type { Batch } from "../../columnar/index.js";
import { AnalysisException } from "../../common/index.js";
import type { DataFrame, SparkSession } from "../../sql/api/index.js";
import { ArrayType, floatType, integerType, StructField, StructType } from "../../sql/types/index.js";
import {
  appendColumn,
  booleanParam,
  checkNumericColumn,
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleParam,
  Estimator,
  gtEq,
  hasBlockSize,
  hasCheckpointInterval,
  hasIntermediateStorageLevel,
  hasMaxIter,
  hasPredictionCol,
  hasRegParam,
  hasSeed,
  intParam,
  Model,
  namedColumn,
  oneOfIgnoringCase,
  type ParamAccess,
  type ParamOptions,
  type Params,
  stringParam,
  validWhen,
  type FitOptions,
} from "../base/index.js";
import { factorBatches, factorsFrom, factorsSchema } from "./factor-batches.js";
import { factorFrame } from "./factor-frame.js";
import type { FactorTable } from "./factor-table.js";
import { idColumn } from "./id-column.js";
import { predictRatings } from "./predict-ratings.js";
import { readRatings, type ReadRatingsPayload } from "./read-ratings.js";
import { recommend } from "./recommend.js";
import type { RatingsPart } from "./als-index-pass.js";
import { type AlsFactors, trainAls } from "./train-als.js";

const modelParams = declareParams({
  ...hasPredictionCol,
  userCol: stringParam("Name of the column of user ids: integers in 32 bits, of any numeric type.", {
    default: "user",
  }),
  itemCol: stringParam("Name of the column of item ids: integers in 32 bits, of any numeric type.", {
    default: "item",
  }),
  coldStartStrategy: stringParam("What to do with users or items that were not in training: nan or drop.", {
    default: "nan",
    valid: oneOfIgnoringCase("nan", "drop"),
  }),
  blockSize: { ...hasBlockSize.blockSize, default: 4096 },
});

const params = declareParams({
  ...modelParams,
  ...hasCheckpointInterval,
  ...hasIntermediateStorageLevel,
  ...hasSeed,
  maxIter: { ...hasMaxIter.maxIter, default: 10 },
  regParam: { ...hasRegParam.regParam, default: 0.1 },
  checkpointInterval: { ...hasCheckpointInterval.checkpointInterval, default: 10 },
  rank: intParam("Number of factors (>= 1).", { default: 10, valid: gtEq(1) }),
  numUserBlocks: intParam("Number of blocks of users (>= 1); decides the random initial factors.", {
    default: 10,
    valid: gtEq(1),
  }),
  numItemBlocks: intParam("Number of blocks of items (>= 1); decides the random initial factors.", {
    default: 10,
    valid: gtEq(1),
  }),
  implicitPrefs: booleanParam("Whether ratings are signs of preference rather than values.", { default: false }),
  alpha: doubleParam("Confidence that one unit of an implicit rating adds (>= 0).", { default: 1, valid: gtEq(0) }),
  ratingCol: stringParam("Name of the column of ratings.", { default: "rating" }),
  nonnegative: booleanParam("Whether factors must not be negative.", { default: false }),
  finalStorageLevel: stringParam("Storage level of the model's factors; accepted and saved, without effect here.", {
    default: "MEMORY_AND_DISK",
    valid: validWhen("a storage level", (level) =>
      /^(NONE|DISK_ONLY(_[23])?|MEMORY_(ONLY|AND_DISK)(_SER)?(_2)?|OFF_HEAP)$/.test(level),
    ),
  }),
});

/** User and item columns numeric, and no prediction column yet. */
function ratingSchema(stage: Params, schema: StructType): StructType {
  checkNumericColumn(schema, stage.getOrDefault("userCol") as string);
  checkNumericColumn(schema, stage.getOrDefault("itemCol") as string);
  if (stage.hasParam("ratingCol")) checkNumericColumn(schema, stage.getOrDefault("ratingCol") as string);
  return appendColumn(schema, stage.getOrDefault("predictionCol") as string, floatType);
}

/**
 * Matrix factorisation by alternating least squares, with the regularisation weighted by the number of ratings
 * (Zhou et al. 2008) and, for implicit preferences, by confidence (Hu, Koren and Volinsky 2008).
 */
export interface ALS extends ParamAccess<typeof params, ALS> {}
export class ALS extends Estimator<ALSModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  /** Sets both `numUserBlocks` and `numItemBlocks`. */
  setNumBlocks(value: number): this {
    return this.set("numUserBlocks", value).set("numItemBlocks", value);
  }

  override transformSchema(schema: StructType): StructType {
    return ratingSchema(this, schema);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<ALSModel> {
    const schema = await df.schema();
    const columns = [this.getUserCol(), this.getItemCol(), this.getRatingCol()];
    const [user, item] = columns.map((name) => idColumn(name, schema.field(name).dataType));
    const payload: ReadRatingsPayload = { user, item };
    const [userId, itemId, rating] = columns.map(namedColumn);
    const ratings = df.select(userId, itemId, rating.cast("float"));
    const session = df.sparkSession;
    // The job goes on while the factors are found: cancelling it ends the passes.
    const factors = ratings.keepPartitions(readRatings, payload, options, (parts, { job }) =>
      this.factorise(parts.results(), session, job.signal),
    );
    const { users, items } = await factors.finally(() => session.events.emit({ type: "iterationEnd", uid: this.uid }));
    return new ALSModel(users, items, this.uid, session).setBlockSize(this.getBlockSize());
  }

  private factorise(parts: readonly RatingsPart[], session: SparkSession, signal: AbortSignal): Promise<AlsFactors> {
    const total = this.getMaxIter();
    return trainAls(
      parts,
      {
        rank: this.getRank(),
        maxIter: total,
        regParam: this.getRegParam(),
        implicitPrefs: this.getImplicitPrefs(),
        alpha: this.getAlpha(),
        nonnegative: this.getNonnegative(),
        seed: this.getSeed(),
        numUserBlocks: this.getNumUserBlocks(),
        numItemBlocks: this.getNumItemBlocks(),
      },
      {
        open: (request) => session.openPasses(request),
        pieces: 8 * session.parallelism,
        signal,
        onIteration: (done) => session.events.emit({ type: "iteration", uid: this.uid, algorithm: "ALS", done, total }),
      },
    );
  }
}

/** Factors found by {@link ALS}. */
export interface ALSModel extends ParamAccess<typeof modelParams, ALSModel> {}
export class ALSModel extends Model {
  constructor(
    private readonly users: FactorTable,
    private readonly items: FactorTable,
    uid?: string,
    private readonly session?: SparkSession,
  ) {
    super({}, uid);
  }

  /** Number of factors. */
  get rank(): number {
    return this.users.rank;
  }
  /** Columns id and features. */
  get userFactors(): DataFrame {
    return factorFrame(this.session, this.users, ["id", "features"]);
  }
  /** Columns id and features. */
  get itemFactors(): DataFrame {
    return factorFrame(this.session, this.items, ["id", "features"]);
  }

  /** The best `numItems` items for every user, best first. */
  recommendForAllUsers(numItems: number): DataFrame {
    return this.recommendations("userCol", numItems);
  }
  /** The best `numUsers` users for every item, best first. */
  recommendForAllItems(numUsers: number): DataFrame {
    return this.recommendations("itemCol", numUsers);
  }
  /** The best `numItems` items for the users of a data frame's user column; users not in training are left out. */
  recommendForUserSubset(df: DataFrame, numItems: number): DataFrame {
    return this.recommendations("userCol", numItems, df);
  }
  /** The best `numUsers` users for the items of a data frame's item column; items not in training are left out. */
  recommendForItemSubset(df: DataFrame, numUsers: number): DataFrame {
    return this.recommendations("itemCol", numUsers, df);
  }

  private recommendations(source: "userCol" | "itemCol", num: number, subset?: DataFrame): DataFrame {
    if (!(num > 0)) {
      const functionName = "`collect_top_k`";
      throw new AnalysisException(
        `Failed preparing of the function ${functionName} for call. Please, double check function's arguments.`,
        { condition: "FAILED_FUNCTION_CALL", sqlState: "38000", parameters: { functionName, num: String(num) } },
      );
    }
    const byUser = source === "userCol";
    const name = this.getOrDefault(source) as string;
    const recommended = new StructType([
      new StructField(byUser ? this.getItemCol() : this.getUserCol(), integerType),
      new StructField("rating", floatType),
    ]);
    const output = new StructField("recommendations", new ArrayType(recommended, true));
    const [rows, table] = byUser ? [this.users, this.items] : [this.items, this.users];
    const factors = factorFrame(subset?.sparkSession ?? this.session, rows, [name, FEATURES]);
    return chosen(factors, name, subset)
      .mapColumns(() => ({ name: recommend.name, payload: { table, num }, inputs: [FEATURES], outputs: [output] }))
      .select(namedColumn(name), namedColumn("recommendations"));
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    ratingSchema(this, schema);
    const [userCol, itemCol] = [this.getUserCol(), this.getItemCol()];
    return {
      name: predictRatings.name,
      payload: {
        user: idColumn(userCol, schema.field(userCol).dataType),
        item: idColumn(itemCol, schema.field(itemCol).dataType),
        users: this.users,
        items: this.items,
        drop: this.getColdStartStrategy().toLowerCase() === "drop",
      },
      inputs: [userCol, itemCol],
      outputs: [
        new StructField(userCol, integerType),
        new StructField(itemCol, integerType),
        new StructField(this.getPredictionCol(), floatType, false),
      ],
    };
  }

  /** The tables to save, by their directory. */
  savedFactors(): Record<"userFactors" | "itemFactors", AsyncIterable<Batch>> {
    return { userFactors: asyncly(factorBatches(this.users)), itemFactors: asyncly(factorBatches(this.items)) };
  }

  override toString(): string {
    return `ALSModel: uid=${this.uid}, rank=${this.rank}`;
  }
}

/** Name of the factors' column while recommending. */
const FEATURES = "__als_features";

/** The rows whose id stands in the subset's column of the same name. */
function chosen(factors: DataFrame, name: string, subset: DataFrame | undefined): DataFrame {
  if (!subset) return factors;
  const wanted = subset.select(namedColumn(name).alias("__als_wanted"));
  return factors.join(wanted, namedColumn(name).equalTo(namedColumn("__als_wanted")), "leftsemi");
}

async function* asyncly<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items;
}

const ratings = [
  [0, 1, 4],
  [0, 2, 2],
  [1, 1, 3],
  [1, 3, 4],
  [2, 2, 1],
  [2, 3, 5],
];
const schema = "user int, item int, rating float";
defineStage(ALS, {
  javaClass: "org.apache.spark.ml.recommendation.ALS",
  params,
  testCases: [
    { params: { seed: 1, rank: 2, maxIter: 3 }, schema, rows: ratings, tolerance: 1e-4 },
    { params: { seed: 1, rank: 2, maxIter: 3, implicitPrefs: true }, schema, rows: ratings, tolerance: 1e-4 },
    { params: { seed: 1, rank: 2, maxIter: 3, nonnegative: true }, schema, rows: ratings, tolerance: 1e-4 },
  ],
});
defineStage(ALSModel, {
  javaClass: "org.apache.spark.ml.recommendation.ALSModel",
  uidPrefix: "ALS",
  params: modelParams,
  persistence: {
    tables: { userFactors: factorsSchema, itemFactors: factorsSchema },
    toData: (model) => model.savedFactors(),
    extraMetadata: (model) => ({ rank: model.rank }),
    fromData: async (saved) => {
      const rank = Number(saved.metadata.rank);
      const read = async (table: string): Promise<FactorTable> => factorsFrom((await saved.table(table)).batches, rank);
      return new ALSModel(await read("userFactors"), await read("itemFactors"), saved.uid);
    },
  },
});
