import type { SparkConf } from "../../common/index.js";
import type { AttributeExpression, Expression } from "../expressions/index.js";
import type { FileRelation } from "../plan/index.js";
import { fileFormat, type FileFormat, type InputSplit, type PushedFilter } from "../source/index.js";
import { StructField, StructType } from "../types/index.js";
import { attributeList } from "./describe.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { ReadFragment } from "./read-files.js";

export function filesScan(plan: FileRelation, conf: SparkConf): PhysicalPlan {
  const { output, files } = plan;
  const format = fileFormat(plan.format);
  if (!format) throw new Error(`no file format "${plan.format}" is registered`);
  const total = files.reduce((n, file) => n + file.size, 0);
  const filters = plan.filters.flatMap(pushedFilter);
  const schema = plan.schema.jsonValue();
  const columns = new StructType(
    output.map((a) => new StructField(a.name, a.type, a.nullable, a.metadata)),
  ).jsonValue();
  const width = plan.schema.length + plan.partitionSchema.length;
  return physical({
    name: "FileScan",
    output,
    children: [],
    describe: () => {
      const pushed = filters.map((f) => `${f.op}(${[f.column, ...f.values.map(String)].join(",")})`).join(", ");
      return `${plan.format} ${attributeList(output)} Location: [${files
        .slice(0, 2)
        .map((f) => f.path)
        .join(", ")}${files.length > 2 ? ", ..." : ""}], PushedFilters: [${pushed}]`;
    },
    sizeInBytes: width === 0 ? total : Math.ceil((total * Math.max(1, output.length)) / width),
    async execute(context) {
      const partitions = await partitionSplits(format, plan, conf, context.threads);
      return {
        partitions: partitions.map(
          (splits) =>
            ({
              op: "read",
              format: plan.format,
              splits,
              schema,
              columns,
              filters,
              options: plan.options,
            }) satisfies ReadFragment as Fragment,
        ),
      };
    },
  });
}

/** Spark's packing: splits by descending size, as many to a task as fit its share. */
async function partitionSplits(
  format: FileFormat,
  plan: FileRelation,
  conf: SparkConf,
  threads: number,
): Promise<InputSplit[][]> {
  const openCost = conf.value("openCost");
  const parallelism = conf.value("defaultParallelism") || threads;
  const total = plan.files.reduce((n, file) => n + file.size + openCost, 0);
  const maxBytes = Math.min(conf.value("maxPartitionBytes"), Math.max(openCost, Math.floor(total / parallelism)));
  const splits = await format.splits(plan.files, plan.options, maxBytes);
  const partitions: InputSplit[][] = [];
  let current: InputSplit[] = [];
  let size = 0;
  for (const split of splits.sort((a, b) => b.end - b.start - (a.end - a.start))) {
    const bytes = split.end - split.start;
    if (current.length > 0 && size + bytes > maxBytes) {
      partitions.push(current);
      current = [];
      size = 0;
    }
    current.push(split);
    size += bytes + openCost;
  }
  if (current.length > 0) partitions.push(current);
  return partitions;
}

const comparisons: Readonly<Record<string, PushedFilter["op"]>> = {
  "=": "=",
  "==": "=",
  "<=>": "<=>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
const mirrored: Readonly<Record<string, PushedFilter["op"]>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** The conjunct as a source understands it, when it compares a column with constants. */
function pushedFilter(e: Expression): PushedFilter[] {
  if (e.kind !== "call") return [];
  const name = e.name.toLowerCase();
  const column = (x: Expression): AttributeExpression | undefined => (x.kind === "attribute" ? x : undefined);
  const [first, ...others] = e.args;
  if ((name === "isnull" || name === "isnotnull") && column(first))
    return [{ column: column(first)!.name, op: name, values: [] }];
  if (
    name === "in" &&
    column(first) &&
    others.every((x) => x.kind === "literal" && x.type.equals(column(first)!.type))
  ) {
    return [{ column: column(first)!.name, op: "in", values: others.map((x) => (x as { value: unknown }).value) }];
  }
  const op = comparisons[name];
  if (!op || others.length !== 1) return [];
  const straight = column(first);
  const attribute = straight ?? column(others[0]);
  const constant = straight ? others[0] : first;
  if (!attribute || constant.kind !== "literal" || constant.value === null || !constant.type.equals(attribute.type))
    return [];
  return [{ column: attribute.name, op: straight ? op : (mirrored[op] ?? op), values: [constant.value] }];
}
