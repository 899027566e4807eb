import type { StageOutput } from "../../exec/index.js";

/** Outputs of stages that an action's later stages read: all are let go when the action is over, however it ended. */
export class KeptOutputs {
  private readonly outputs = new Set<StageOutput>();

  add<R>(output: StageOutput<R>): StageOutput<R> {
    this.outputs.add(output);
    return output;
  }

  /** Lets go of one output early: everything that reads it has run. */
  drop(output: StageOutput): void {
    if (this.outputs.delete(output)) output.release();
  }

  release(): void {
    for (const output of this.outputs) output.release();
    this.outputs.clear();
  }
}
