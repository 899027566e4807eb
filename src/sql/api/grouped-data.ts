import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { outputOf, type Derived } from "../plan/index.js";
import { integerType, NumericType, type DataType } from "../types/index.js";
import { namedExpression } from "./column-name.js";
import { Column } from "./column.js";
import type { DataFrame } from "./dataframe.js";
import { PivotedData } from "./pivoted-data.js";

/** Rows grouped by some columns, waiting for an aggregation. */
export class GroupedData {
  constructor(
    private readonly df: DataFrame,
    private readonly keys: readonly Expression[],
  ) {}

  /** Aggregates given as columns, or as an object from column name to function name. The keys come first. */
  agg(first: Column | Readonly<Record<string, string>>, ...more: readonly Column[]): DataFrame {
    const list =
      first instanceof Column
        ? [first, ...more].map((column) => column.expr)
        : Object.entries(first).map(([column, fn]): Expression => {
            const arg = namedExpression(column);
            return { kind: "call", name: fn, args: [fn.toLowerCase() === "count" && column === "*" ? one : arg] };
          });
    const aggregates = [...this.keys, ...list];
    return this.df.withPlan({ kind: "aggregate", child: this.df.plan, grouping: this.keys, aggregates }, this.agg);
  }
  /**
   * Columns for the values of one column: those given, or all that occur (which runs a job), in ascending order. The aggregation
   * that follows gives one column a value, named after it.
   */
  pivot(column: Column | string, values?: readonly unknown[]): PivotedData {
    return new PivotedData(
      this.df,
      this.keys,
      typeof column === "string" ? namedExpression(column) : column.expr,
      values,
    );
  }
  /** Number of rows of each group, in a column `count`. */
  count(): DataFrame {
    return this.agg(new Column({ kind: "alias", child: { kind: "call", name: "count", args: [one] }, name: "count" }));
  }
  sum(...columns: readonly string[]): DataFrame {
    return this.numeric("sum", columns, this.sum);
  }
  avg(...columns: readonly string[]): DataFrame {
    return this.numeric("avg", columns, this.avg);
  }
  mean(...columns: readonly string[]): DataFrame {
    return this.numeric("avg", columns, this.mean);
  }
  min(...columns: readonly string[]): DataFrame {
    return this.numeric("min", columns, this.min);
  }
  max(...columns: readonly string[]): DataFrame {
    return this.numeric("max", columns, this.max);
  }

  /** One function over the given columns, or over all numeric ones that are not keys. */
  private numeric(fn: string, columns: readonly string[], method: (...args: never[]) => unknown): DataFrame {
    const { keys } = this;
    const build: Derived["build"] = ([child]) => {
      const output = outputOf(child);
      const keyNames = new Set(
        keys.flatMap((key) => (key.kind === "unresolved" ? [key.nameParts[key.nameParts.length - 1]] : [])),
      );
      for (const name of columns) {
        const found = output.find((a) => a.name === name);
        if (found && !isNumeric(found.type)) throw notNumeric(name);
      }
      const inputs: readonly Expression[] =
        columns.length > 0
          ? columns.map((name) => namedExpression(name))
          : output.filter((a) => isNumeric(a.type) && !keyNames.has(a.name));
      const calls = inputs.map((arg): Expression => ({ kind: "call", name: fn, args: [arg] }));
      return { kind: "aggregate", child, grouping: keys, aggregates: [...keys, ...calls] };
    };
    return this.df.withPlan({ kind: "derived", name: fn, children: [this.df.plan], build }, method);
  }
}

const one: Expression = { kind: "literal", value: 1, type: integerType, nullable: false };
const isNumeric = (type: DataType): boolean => type instanceof NumericType;
const notNumeric = (name: string): AnalysisException =>
  new AnalysisException(
    `"${name}" is not a numeric column. Aggregation function can only be applied on a numeric column.`,
    {
      condition: "_LEGACY_ERROR_TEMP_1193",
      parameters: { colName: name },
    },
  );
