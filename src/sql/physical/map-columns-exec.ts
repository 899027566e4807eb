import type { MapColumns } from "../plan/index.js";
import { ordinalOf } from "./bind.js";
import { attributeList } from "./describe.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { MapColumnsFragment } from "./map-columns.js";

export function mapColumnsExec(child: PhysicalPlan, plan: MapColumns): PhysicalPlan {
  const { name, payload, produced, output } = plan;
  const inputs = plan.inputs.map((a) => ordinalOf(a, child.output));
  const columns = output.map((a) => {
    const index = produced.findIndex((p) => p.id === a.id);
    return index >= 0 ? { produced: index } : { ordinal: ordinalOf(a, child.output) };
  });
  return physical({
    name: "MapColumns",
    output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `${name} ${attributeList(plan.inputs)} -> ${attributeList(produced)}`,
    async execute(context) {
      const { partitions } = await child.execute(context);
      return {
        partitions: partitions.map(
          (input) =>
            ({
              op: "mapColumns",
              input,
              name,
              payload,
              inputs,
              output: columns,
            }) satisfies MapColumnsFragment as Fragment,
        ),
      };
    },
  });
}
