import { IllegalArgumentException } from "../../../common/index.js";
import { nodeSpecOf, resolveLineage, runMapStages, type RDD } from "../../../rdd/index.js";
import { StoredPlan, type ExecutionContext, type Fragment, type LazyFragment } from "../../physical/index.js";
import type { LogicalPlan } from "../../plan/index.js";
import {
  DataType,
  inferSchema,
  inferType,
  parseDDL,
  StructField,
  StructType,
  type TypeJson,
} from "../../types/index.js";
import { attributesOf } from "../local-relation.js";

/** A schema as users give it; column names alone are completed by the types of the first rows. */
export type SchemaLike = DataType | string | readonly string[] | undefined;

/** Rows that are looked at where no schema is given. */
const INFER_FROM = 100;

/** Cached plans count upwards from 0. */
let nextId = -1;

/** The DataFrame plan of an RDD's elements: rows, arrays, objects, or single values where the schema is one type. */
export const rddRelation = (rdd: RDD<unknown>, schema: SchemaLike, samplingRatio?: number): LogicalPlan => ({
  kind: "derived",
  name: "createDataFrame",
  children: [],
  build: async () => {
    const type = await schemaOf(rdd, schema, samplingRatio);
    const output = attributesOf(type.struct);
    return {
      kind: "cached",
      output,
      data: new RddData(rdd, type.struct.json(), type.single),
      ordinals: output.map((_, i) => i),
    };
  },
});

interface RowSchema {
  readonly struct: StructType;
  /** Elements are values of the one column, not rows. */
  readonly single: boolean;
}

const oneColumn = (type: DataType): RowSchema => ({
  struct: new StructType([new StructField("value", type, true)]),
  single: true,
});

async function schemaOf(rdd: RDD<unknown>, schema: SchemaLike, samplingRatio: number | undefined): Promise<RowSchema> {
  if (schema instanceof StructType) return { struct: schema, single: false };
  if (schema instanceof DataType) return oneColumn(schema);
  if (typeof schema === "string") return ddlSchema(schema);
  const rows =
    samplingRatio === undefined ? await rdd.take(INFER_FROM) : await rdd.sample(false, samplingRatio, 0).collect();
  if (rows.length === 0) {
    throw new IllegalArgumentException("RDD is empty: the schema cannot be inferred; pass one to createDataFrame.", {
      condition: "CANNOT_INFER_EMPTY_SCHEMA",
    });
  }
  if (rows.every((row) => typeof row !== "object" || row === null)) {
    const type = rows.map(inferType).find((found) => found.typeName() !== "void");
    throw new IllegalArgumentException(
      `Can not infer schema for type: ${type?.simpleString() ?? "void"}; map the elements to rows ([value]), or give the type as schema.`,
      { condition: "CANNOT_INFER_SCHEMA_FOR_TYPE" },
    );
  }
  return { struct: inferSchema(rows as object[], schema), single: false };
}

/** A row type ("a INT, b STRING") or one type ("int"). */
function ddlSchema(text: string): RowSchema {
  if (/^\s*[\w`]+\s*(?:\([\d\s,]*\)|<.*>)?\s*$/s.test(text)) {
    const [{ dataType }] = parseDDL(`value ${text}`).fields;
    return dataType instanceof StructType ? { struct: dataType, single: false } : oneColumn(dataType);
  }
  return { struct: parseDDL(text), single: false };
}

/** What the task of a partition is told. */
export interface RddScanFragment extends Fragment {
  readonly op: "rddScan";
  readonly node: unknown;
  readonly schema: TypeJson;
  readonly single: boolean;
  readonly ordinals: readonly number[];
}

class RddData extends StoredPlan {
  readonly bytes = undefined;
  readonly checkpoint = true;

  constructor(
    private readonly rdd: RDD<unknown>,
    private readonly schema: string,
    private readonly single: boolean,
  ) {
    super(nextId--, (JSON.parse(schema) as { fields: unknown[] }).fields.length);
  }

  get storageLevel(): string {
    return String(this.rdd.getStorageLevel());
  }

  /** Runs the shuffles below the RDD in the action's own job. */
  async partitions({ job }: ExecutionContext, ordinals: readonly number[]): Promise<Fragment[]> {
    const { rdd, schema, single } = this;
    await resolveLineage(rdd);
    const { outputs, stages } = await runMapStages(job, rdd, rdd.context.engine.scheduler);
    return rdd.plan!.splits.map((_, partition): LazyFragment => {
      const bind = (): RddScanFragment => ({
        op: "rddScan",
        node: nodeSpecOf(rdd, partition, outputs),
        schema,
        single,
        ordinals,
      });
      return { op: "rddScan", sources: stages, bind };
    });
  }
}
