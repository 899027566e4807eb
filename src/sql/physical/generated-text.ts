import { pipelineText } from "../expressions/index.js";
import type { PhysicalPlan } from "./execution.js";
import { pipelineStages, type PipelineStep } from "./pipeline.js";

/** Text form of the WebAssembly of each pipeline in a plan, from the top. */
export function generatedTexts(plan: PhysicalPlan): string[] {
  const steps: PipelineStep[] = [];
  let below = plan;
  while (below.step) {
    steps.unshift(below.step);
    [below] = below.children;
  }
  const own = pipelineStages(steps).flatMap((stage) => pipelineText(stage) ?? []);
  return [...own, ...(below === plan ? plan.children : [below]).flatMap(generatedTexts)];
}
