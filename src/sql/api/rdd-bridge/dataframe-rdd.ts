import type { RDD } from "../../../rdd/index.js";
import { bindFragment, KeptOutputs, sourcesOf, type ExecutionSettings } from "../../physical/index.js";
import { outputOf } from "../../plan/index.js";
import { StructField, StructType, type Row } from "../../types/index.js";
import type { DataFrameActions } from "../dataframe-actions.js";
import type { RowsParams } from "./rows-operator.js";

/** Outputs of the shuffles below an RDD's rows go when nothing can read it any more. */
const forgotten = new FinalizationRegistry<KeptOutputs>((kept) => kept.release());

/** The rows of a DataFrame as an RDD: its plan is made, and the stages below its last shuffles run, when the RDD is first needed. */
export function dataFrameRdd(df: DataFrameActions): RDD<Row> {
  const { sparkContext, state } = df.sparkSession;
  const kept = new KeptOutputs();
  const rdd = sparkContext.rdd<Row>({
    className: "MapPartitionsRDD",
    operator: "sql.rows",
    plan: async () => {
      const analyzed = await df.analyzed();
      const output = outputOf(analyzed);
      let settings: ExecutionSettings | undefined;
      const { partitions } = await state.run("rdd", analyzed, { kept }, async (rows, context) => {
        ({ settings } = context);
        return rows;
      });
      const schema = new StructType(output.map((a) => new StructField(a.name, a.type, a.nullable, a.metadata)));
      const params: RowsParams = { schema: schema.json(), settings: settings! };
      return {
        dependencies: [],
        splits: partitions,
        params,
        sources: sourcesOf(partitions),
        present: (partition: number) => ({
          op: "partition",
          input: bindFragment(partitions[partition]),
          partition,
          numPartitions: partitions.length,
        }),
      };
    },
  });
  forgotten.register(rdd, kept);
  return rdd;
}
