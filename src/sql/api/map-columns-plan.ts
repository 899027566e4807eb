import { sameName } from "../analyzer/index.js";
import { AnalysisException } from "../../common/index.js";
import { unresolvedColumn } from "../analyzer/index.js";
import { newExpressionId, outputOf, type Derived, type LogicalPlan } from "../plan/index.js";
import { StructField, StructType } from "../types/index.js";
import { attributesOf } from "./local-relation.js";

/** What a transformer computes: a registered batch function, its payload, the columns it reads and the ones it makes. */
export interface ColumnFunction {
  readonly name: string;
  readonly payload: unknown;
  readonly inputs: readonly string[];
  readonly outputs: readonly StructField[];
}
/** Decides that for a schema; runs on the driver during analysis, so it validates there. */
export type ResolveColumns = (schema: StructType) => ColumnFunction | Promise<ColumnFunction>;

/** Outputs replace columns of the same name or are appended. */
export function mapColumnsPlan(resolve: ResolveColumns, caseSensitive: boolean): Derived["build"] {
  return async ([child]): Promise<LogicalPlan> => {
    const output = outputOf(child);
    const schema = new StructType(output.map((a) => new StructField(a.name, a.type, a.nullable, a.metadata)));
    const { name, payload, inputs, outputs } = await resolve(schema);
    const produced = attributesOf(new StructType(outputs)).map((a) => ({ ...a, id: newExpressionId() }));
    const column = (wanted: string) => {
      const found = output.filter((a) => sameName(a.name, wanted, caseSensitive));
      if (found.length === 0) throw unresolvedColumn([wanted], output);
      if (found.length > 1) {
        throw new AnalysisException(
          `Reference \`${wanted}\` is ambiguous, could be: [${found.map((a) => a.name).join(", ")}].`,
          {
            condition: "AMBIGUOUS_REFERENCE",
            sqlState: "42704",
            parameters: { name: wanted },
          },
        );
      }
      return found[0];
    };
    const replaced = output.map((a) => produced.find((p) => sameName(p.name, a.name, caseSensitive)) ?? a);
    return {
      kind: "mapColumns",
      child,
      name,
      payload,
      inputs: inputs.map(column),
      produced,
      output: [...replaced, ...produced.filter((p) => !replaced.includes(p))],
    };
  };
}
