import { randomUUID } from "node:crypto";
import { AnalysisException, SparkException } from "../../common/index.js";
import type { LogicalPlan, ObservationSink } from "../plan/index.js";
import type { Row } from "../types/index.js";
import type { DataFrame } from "./dataframe.js";

/** Metrics of the rows of a DataFrame, gathered while its first action runs: give it to `DataFrame.observe`, then `await get()`. */
export class Observation {
  private frame: DataFrame | undefined;
  private finish: ((plan: LogicalPlan) => void) | undefined;
  private readonly result = new Promise<LogicalPlan>((resolve) => (this.finish = resolve));
  private row: Promise<Row> | undefined;

  constructor(readonly name: string = randomUUID()) {}

  /** The metrics by name; resolves once an action on the observed DataFrame has succeeded. */
  async get(): Promise<Record<string, unknown>> {
    if (!this.frame) {
      throw new SparkException("Should observe by calling `DataFrame.observe` before `get`.", {
        condition: "NO_OBSERVE_BEFORE_GET",
      });
    }
    const { frame } = this;
    this.row ??= this.result.then(async (plan) => (await frame.withPlan(plan, this.get).collect())[0]);
    return (await this.row).asDict();
  }

  /** Not part of Spark's API: `DataFrame.observe` calls it. */
  bind(frame: DataFrame): ObservationSink {
    if (this.frame) {
      throw new AnalysisException("An Observation can be used with a DataFrame only once.", {
        condition: "REUSE_OBSERVATION",
      });
    }
    this.frame = frame;
    const { engine } = frame.sparkSession.state;
    return {
      name: this.name,
      register: (states) => engine.accumulators.register(states),
      complete: (plan) => this.finish?.(plan),
    };
  }
}
