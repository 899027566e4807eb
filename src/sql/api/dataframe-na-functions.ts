import { AnalysisException, IllegalArgumentException } from "../../common/index.js";
import { sameName, unresolvedColumn } from "../analyzer/index.js";
import { type AttributeExpression, type Expression } from "../expressions/index.js";
import { outputOf, type Derived } from "../plan/index.js";
import {
  BooleanType,
  DoubleType,
  FloatType,
  nullType,
  NumericType,
  StringType,
  type DataType,
} from "../types/index.js";
import type { DataFrame } from "./dataframe.js";
import { literal } from "./literal.js";

type Fill = number | bigint | string | boolean;

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });
const isNumeric = (type: DataType): boolean => type instanceof NumericType;
const isFloating = (type: DataType): boolean => type instanceof DoubleType || type instanceof FloatType;

/** `df.na`: missing values, which are nulls and, in floating point columns, NaN. */
export class DataFrameNaFunctions {
  constructor(private readonly df: DataFrame) {}

  /** Drops rows with missing values: any (or all) of the columns, or fewer than `thresh` present ones. */
  drop(how: "any" | "all" = "any", thresh?: number, subset?: string | readonly string[]): DataFrame {
    if (how !== "any" && how !== "all") {
      throw new IllegalArgumentException(`Value for \`how\` must be 'any' or 'all', got '${String(how)}'.`, {
        condition: "VALUE_NOT_ANY_OR_ALL",
        parameters: { arg_name: "how", arg_value: String(how) },
      });
    }
    return this.derived("dropna", this.drop, ([child]) => {
      const columns = this.chosen(outputOf(child), subset);
      if (columns.length === 0) return child;
      const least = thresh ?? (how === "any" ? columns.length : 1);
      const present = columns.map((a): Expression => {
        const notNull = call("isnotnull", a);
        return isFloating(a.type) ? call("and", notNull, call("not", call("isnan", a))) : notNull;
      });
      const condition =
        least >= columns.length
          ? least > columns.length
            ? literal(false)
            : present.reduce((a, b) => call("and", a, b))
          : least === 1
            ? present.reduce((a, b) => call("or", a, b))
            : call(
                ">=",
                present.map((p) => call("when", p, literal(1), literal(0))).reduce((a, b) => call("+", a, b)),
                literal(least),
              );
      return { kind: "filter", child, condition };
    });
  }

  /** Replaces missing values in the columns whose type the value fits, or by column as an object. */
  fill(value: Fill | Readonly<Record<string, Fill>>, subset?: string | readonly string[]): DataFrame {
    return this.derived("fillna", this.fill, ([child]) => {
      const output = outputOf(child);
      const values = new Map<number, Fill>();
      if (typeof value === "object") {
        for (const [name, fill] of Object.entries(value))
          for (const a of this.chosen(output, [name])) values.set(a.id, fill);
      } else for (const a of this.chosen(output, subset)) if (fits(value, a.type)) values.set(a.id, value);
      const expressions = output.map((a): Expression => {
        const fill = values.get(a.id);
        if (fill === undefined) return a;
        const known = isFloating(a.type)
          ? call("nanvl", a, { kind: "cast", child: literal(null, nullType), type: a.type, lenient: false })
          : a;
        const other: Expression = { kind: "cast", child: literal(fill), type: a.type, lenient: false };
        return { kind: "alias", child: call("coalesce", known, other), name: a.name, metadata: a.metadata };
      });
      return { kind: "project", child, expressions };
    });
  }

  /** Replaces values: a map from old to new, or lists of both, or one of each. */
  replace(
    from: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>> | readonly unknown[] | Fill,
    to?: unknown,
    subset?: string | readonly string[],
  ): DataFrame {
    const pairs = replacements(from, to);
    const kinds = new Set(pairs.flatMap(([a, b]) => [kindOf(a), ...(b === null ? [] : [kindOf(b)])]));
    if (kinds.size > 1) {
      throw new IllegalArgumentException("Mixed type replacements are not supported.", {
        condition: "MIXED_TYPE_REPLACEMENT",
      });
    }
    return this.derived("replace", this.replace, ([child]) => {
      const output = outputOf(child);
      const chosen = new Set(this.chosen(output, subset).map((a) => a.id));
      const expressions = output.map((a): Expression => {
        if (!chosen.has(a.id) || pairs.length === 0 || !fits(pairs[0][0] as Fill, a.type)) return a;
        const typed = (value: unknown): Expression => ({
          kind: "cast",
          child: literal(value),
          type: a.type,
          lenient: false,
        });
        const branches = pairs.flatMap(([old, next]) => [call("=", a, literal(old)), typed(next)]);
        return { kind: "alias", child: call("when", ...branches, a), name: a.name, metadata: a.metadata };
      });
      return { kind: "project", child, expressions };
    });
  }

  private chosen(
    output: readonly AttributeExpression[],
    subset: string | readonly string[] | undefined,
  ): readonly AttributeExpression[] {
    if (subset === undefined) return output;
    const caseSensitive = this.df.sparkSession.state.conf.value("caseSensitive");
    return [subset].flat().map((name) => {
      const found = output.find((a) => sameName(a.name, name as string, caseSensitive));
      if (!found) throw unresolvedColumn([name as string], output);
      return found;
    });
  }

  private derived(name: string, method: (...args: never[]) => unknown, build: Derived["build"]): DataFrame {
    return this.df.withPlan({ kind: "derived", name, children: [this.df.plan], build }, method);
  }
}

const kindOf = (value: unknown): string => (typeof value === "bigint" ? "number" : typeof value);

function fits(value: Fill, type: DataType): boolean {
  if (typeof value === "string") return type instanceof StringType;
  if (typeof value === "boolean") return type instanceof BooleanType;
  return isNumeric(type);
}

function replacements(from: unknown, to: unknown): readonly (readonly [unknown, unknown])[] {
  if (from instanceof Map) return [...from];
  if (Array.isArray(from)) {
    if (!Array.isArray(to)) return from.map((old): [unknown, unknown] => [old, to ?? null]);
    if (to.length === from.length) return from.map((old, i): [unknown, unknown] => [old, to[i]]);
    throw new AnalysisException(
      `to_replace and value lists should be of the same length, got ${from.length} and ${to.length}.`,
      {
        condition: "LENGTH_SHOULD_BE_THE_SAME",
        parameters: {
          arg1: "to_replace",
          arg2: "value",
          arg1_length: String(from.length),
          arg2_length: String(to.length),
        },
      },
    );
  }
  if (from !== null && typeof from === "object") return Object.entries(from);
  return [[from, to ?? null]];
}
