import { existsSync } from "node:fs";
import { Skipped, type GoldenCase, type Mismatch } from "./case.js";
import type { Comparison } from "./compare.js";
import { DataBuilder } from "./data.js";
import type { Found } from "./discover.js";
import { runErrorCase } from "./error-case.js";
import { runEvaluatorCase } from "./evaluator-case.js";
import { runFitCase, type CaseContext } from "./fit-case.js";
import { runLinalgCase } from "./linalg-case.js";
import { runFunctionCase, runGridCase, runRandomCase, runReadCase, runStopWordsCase } from "./other-cases.js";
import { runSavedModel } from "./saved-model.js";
import { Kindling } from "./api.js";

export interface Outcome {
  readonly file: string;
  readonly id: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly mismatches: readonly Mismatch[];
  /** Why a case was skipped or could not be judged. */
  readonly reason?: string;
  readonly milliseconds: number;
}

export interface GoldenOptions {
  readonly datasets: readonly string[];
  readonly partitions?: number | undefined;
}

/** Runs golden cases on one session. */
export class GoldenRunner {
  private constructor(
    private readonly k: Kindling,
    private readonly context: CaseContext,
  ) {}

  static async start(options: GoldenOptions): Promise<GoldenRunner> {
    const k = await Kindling.start();
    const data = new DataBuilder(k, options.datasets);
    return new GoldenRunner(k, { k, data, partitions: options.partitions });
  }

  async stop(): Promise<void> {
    await this.k.stop();
  }

  async run(found: Found): Promise<Outcome> {
    const started = performance.now();
    const id = idOf(found);
    const outcome = (status: Outcome["status"], mismatches: readonly Mismatch[], reason?: string): Outcome => ({
      file: found.file,
      id,
      status,
      mismatches,
      ...(reason === undefined ? {} : { reason }),
      milliseconds: performance.now() - started,
    });
    try {
      const { mismatches } = await this.judge(found);
      return outcome(mismatches.length === 0 ? "passed" : "failed", mismatches);
    } catch (error) {
      if (error instanceof Skipped) return outcome("skipped", [], error.message);
      return outcome("failed", [], error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  private async judge(found: Found): Promise<Comparison> {
    const { context } = this;
    if (found.kind === "unreadable") throw found.error;
    if (found.kind === "case") return judgeCase(context, found.spec, found.className);
    if (!existsSync(found.directory)) throw new Error(`${found.directory} does not exist`);
    return runSavedModel(context, found.directory, found.expected);
  }
}

const idOf = (found: Found): string =>
  found.kind === "case" ? found.spec.id : found.kind === "saved" ? found.expected.class : "";

/** Which kind of case it is follows from what was recorded, not from a list of classes. */
async function judgeCase(context: CaseContext, spec: GoldenCase, className: string): Promise<Comparison> {
  const { expect } = spec;
  if (spec.api === "scala") throw new Skipped("recorded from Scala; PySpark has no such call");
  if ("error" in expect) return runErrorCase(context, spec, className);
  if (spec.ops) return runLinalgCase(context, spec);
  if (className === "DataFrameRandom") return runRandomCase(context, spec);
  if (className === "functions") return runFunctionCase(context, spec);
  if (className === "LibSVMDataSource") return runReadCase(context, spec);
  context.k.classOf(className);
  if ("maps" in expect) return runGridCase(context, spec);
  if ("stopWords" in expect) return runStopWordsCase(context, spec, className);
  if ("evaluations" in expect) return runEvaluatorCase(context, spec, className);
  return runFitCase(context, spec, className);
}
