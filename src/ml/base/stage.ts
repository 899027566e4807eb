import type { DataFrame } from "../../sql/api/index.js";
import type { StructField, StructType } from "../../sql/types/index.js";
import { MLWritable } from "./ml-writable.js";
import { type ParamMapLike, ParamMap } from "./param-map.js";
import type { Params } from "./params.js";
import { withColumns } from "./schema-checks.js";

/** A stage of a pipeline: an {@link Estimator} or a {@link Transformer}. */
export abstract class PipelineStage extends MLWritable {
  /** Columns after this stage, for the given columns before it; throws Spark's error when they do not fit. */
  abstract transformSchema(schema: StructType): StructType;
}

/** What `DataFrame.mapColumns` runs: a registered `BatchFunction`, its payload, the columns it reads and makes. */
export interface ColumnFunction {
  readonly name: string;
  readonly payload: unknown;
  readonly inputs: string[];
  readonly outputs: StructField[];
}

/** Turns a data frame into another one, usually by adding columns. */
export abstract class Transformer extends PipelineStage {
  /** The transformed data; nothing runs until an action. Later changes of this stage's params do not affect it. */
  transform(df: DataFrame, params?: ParamMapLike): DataFrame {
    return this.copy(params).transformData(df);
  }

  /**
   * The batch function for input of this schema: validates as Spark's `transformSchema` does, then names a registered
   * `BatchFunction`. Transformers that are not one batch function override {@link transformData} and `transformSchema`.
   */
  protected columnFunction(schema: StructType): ColumnFunction {
    throw new TypeError(`${this.uid} has no column function for ${schema.fieldNames.join(", ")}`);
  }

  protected transformData(df: DataFrame): DataFrame {
    return df.mapColumns((schema: StructType) => this.columnFunction(schema));
  }

  override transformSchema(schema: StructType): StructType {
    return withColumns(schema, this.columnFunction(schema).outputs);
  }
}

/** A transformer made by an {@link Estimator}. */
export abstract class Model extends Transformer {
  /** The estimator that made this model, with the params of the fit. */
  parent: Params | undefined;

  get hasParent(): boolean {
    return this.parent !== undefined;
  }
}

/** How a fit runs. */
export interface FitOptions {
  /** Ends the fit with the signal's reason: its jobs are cancelled, its passes stop. */
  readonly signal?: AbortSignal;
}

/** `{ signal }` in the place of params, alone or among them, is an option. */
function withoutSignal(params: ParamMapLike | undefined, options: FitOptions): [ParamMapLike | undefined, FitOptions] {
  const signal = (params as { readonly signal?: unknown } | undefined)?.signal;
  if (!(signal instanceof AbortSignal)) return [params, options];
  const { signal: _, ...rest } = params as Readonly<Record<string, unknown>>;
  return [rest, { ...options, signal }];
}

/** Learns a {@link Model} from data. */
export abstract class Estimator<M extends Transformer = Model> extends PipelineStage {
  /**
   * Fits a model; with a list of param maps, one model a map. `{ signal }`, as third argument or in the place of params,
   * cancels the fit: the promise rejects with the signal's reason.
   */
  fit(df: DataFrame, params?: ParamMapLike, options?: FitOptions): Promise<M>;
  fit(df: DataFrame, params: readonly ParamMapLike[], options?: FitOptions): Promise<M[]>;
  async fit(
    df: DataFrame,
    params?: ParamMapLike | readonly ParamMapLike[],
    options: FitOptions = {},
  ): Promise<M | M[]> {
    if (!Array.isArray(params)) {
      const [map, all] = withoutSignal(params as ParamMapLike | undefined, options);
      return this.copy(map).fitOnce(df, all);
    }
    const models: M[] = [];
    for await (const [, model] of this.fitMultiple(df, params as readonly ParamMapLike[], options)) models.push(model);
    return models;
  }

  /** Fits one model a param map, one after the other, and gives each with its position as soon as it is ready. */
  async *fitMultiple(
    df: DataFrame,
    paramMaps: readonly ParamMapLike[],
    options: FitOptions = {},
  ): AsyncGenerator<[number, M]> {
    for (const [index, map] of paramMaps.entries()) {
      yield [index, await this.copy(map ?? new ParamMap()).fitOnce(df, options)];
    }
  }

  /** Does the work of `fit` with this instance's params; the result gets the params of this estimator afterwards. */
  protected abstract train(df: DataFrame, options: FitOptions): Promise<M>;

  private async fitOnce(df: DataFrame, options: FitOptions): Promise<M> {
    options.signal?.throwIfAborted();
    this.transformSchema(await df.schema());
    const model = this.copyValues(await this.train(df, options));
    options.signal?.throwIfAborted();
    if (model instanceof Model) model.parent = this;
    return model;
  }
}
