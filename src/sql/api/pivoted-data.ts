import { expressionName } from "../analyzer/index.js";
import { textConverter, type Expression } from "../expressions/index.js";
import { booleanType, toInternal } from "../types/index.js";
import { outputOf, type LogicalPlan } from "../plan/index.js";
import { namedExpression } from "./column-name.js";
import { Column } from "./column.js";
import type { DataFrame } from "./dataframe.js";
import { literal } from "./literal.js";

const PIVOT = "__pivot";

/** `groupBy(...).pivot(column)`, waiting for an aggregation. */
export class PivotedData {
  constructor(
    private readonly df: DataFrame,
    private readonly keys: readonly Expression[],
    private readonly pivotColumn: Expression,
    private readonly values: readonly unknown[] | undefined,
  ) {}

  /**
   * As Spark does it: aggregates by the keys and the pivot column, then spreads the results over the columns. With one aggregate
   * the columns are named after the values, with several `value_aggregate`.
   */
  agg(...aggregates: readonly Column[]): DataFrame {
    const { df, keys, pivotColumn } = this;
    const names = aggregates.map((column) => expressionName(column.expr));
    const results = aggregates.map((column, i): Expression => ({
      kind: "alias",
      child: unaliased(column.expr),
      name: `__agg${i}`,
    }));
    const pivoted: Expression = { kind: "alias", child: pivotColumn, name: PIVOT };
    const build = async (): Promise<LogicalPlan> => {
      const values = this.values ?? (await distinctValues(df, pivotColumn));
      const zone = df.sparkSession.state.conf.value("timeZone");
      const inner = await df.sparkSession.state.analyzer.analyze({
        kind: "aggregate",
        child: df.plan,
        grouping: [...keys, pivotColumn],
        aggregates: [...keys, pivoted, ...results],
      });
      const output = outputOf(inner);
      const type = output[keys.length].type;
      const text = textConverter(type, zone) as (value: unknown) => string;
      const cells = values.flatMap((value) =>
        aggregates.map((_, i): Expression => {
          const label = value === null ? "null" : text(toInternal(type, value));
          const name = aggregates.length === 1 ? label : `${label}_${names[i]}`;
          const matches = call("<=>", output[keys.length], literal(value, type));
          const cell = call("when", matches, output[keys.length + 1 + i]);
          return { kind: "alias", child: call("first", cell, literal(true, booleanType)), name };
        }),
      );
      const grouping = output.slice(0, keys.length);
      return { kind: "aggregate", child: inner, grouping, aggregates: [...grouping, ...cells] };
    };
    return df.withPlan({ kind: "derived", name: "pivot", children: [df.plan], build }, this.agg);
  }

  count(): DataFrame {
    return this.agg(new Column(call("count", literal(1))));
  }
  sum(column: string): DataFrame {
    return this.agg(new Column(call("sum", namedExpression(column))));
  }
  avg(column: string): DataFrame {
    return this.agg(new Column(call("avg", namedExpression(column))));
  }
  mean(column: string): DataFrame {
    return this.avg(column);
  }
  min(column: string): DataFrame {
    return this.agg(new Column(call("min", namedExpression(column))));
  }
  max(column: string): DataFrame {
    return this.agg(new Column(call("max", namedExpression(column))));
  }
}

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });
const unaliased = (e: Expression): Expression => (e.kind === "alias" ? e.child : e);

async function distinctValues(df: DataFrame, column: Expression): Promise<unknown[]> {
  const rows = await df.select(new Column(column).alias(PIVOT)).distinct().orderBy(PIVOT).collect();
  return rows.map((row) => row.get(0));
}
