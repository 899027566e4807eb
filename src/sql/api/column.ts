import { IllegalArgumentException } from "../../common/index.js";
import { parseType, type DataType } from "../types/index.js";
import type { Expression, Metadata } from "../expressions/index.js";
import { expressionName } from "../analyzer/index.js";
import { literal } from "./literal.js";

/** What may stand where a column is wanted: a Column, or any value, which becomes a literal. */
export type ColumnValue = unknown;

const call = (name: string, ...args: readonly Expression[]): Column => new Column({ kind: "call", name, args });

/** Expression of a Column, or of a literal. */
export const expressionOf = (value: ColumnValue): Expression => (value instanceof Column ? value.expr : literal(value));

/** A column expression: names, literals, functions and operators over them. Nothing is computed until an action runs. */
export class Column {
  /** The expression this column stands for. */
  readonly expr: Expression;

  constructor(expr: Expression) {
    this.expr = expr;
  }

  private binary(name: string, other: ColumnValue): Column {
    return call(name, this.expr, expressionOf(other));
  }

  plus(other: ColumnValue): Column {
    return this.binary("+", other);
  }
  minus(other: ColumnValue): Column {
    return this.binary("-", other);
  }
  multiply(other: ColumnValue): Column {
    return this.binary("*", other);
  }
  /** Quotient, always fractional. */
  divide(other: ColumnValue): Column {
    return this.binary("/", other);
  }
  mod(other: ColumnValue): Column {
    return this.binary("%", other);
  }
  /** This value to the power of another. */
  pow(other: ColumnValue): Column {
    return this.binary("power", other);
  }
  negate(): Column {
    return call("negative", this.expr);
  }

  eq(other: ColumnValue): Column {
    return this.binary("=", other);
  }
  equalTo(other: ColumnValue): Column {
    return this.eq(other);
  }
  notEqual(other: ColumnValue): Column {
    return this.eq(other).not();
  }
  neq(other: ColumnValue): Column {
    return this.notEqual(other);
  }
  lt(other: ColumnValue): Column {
    return this.binary("<", other);
  }
  leq(other: ColumnValue): Column {
    return this.binary("<=", other);
  }
  gt(other: ColumnValue): Column {
    return this.binary(">", other);
  }
  geq(other: ColumnValue): Column {
    return this.binary(">=", other);
  }
  /** Equality for which null equals null. */
  eqNullSafe(other: ColumnValue): Column {
    return this.binary("<=>", other);
  }

  and(other: ColumnValue): Column {
    return this.binary("and", other);
  }
  or(other: ColumnValue): Column {
    return this.binary("or", other);
  }
  not(): Column {
    return call("not", this.expr);
  }
  bitwiseAND(other: ColumnValue): Column {
    return this.binary("&", other);
  }
  bitwiseOR(other: ColumnValue): Column {
    return this.binary("|", other);
  }
  bitwiseXOR(other: ColumnValue): Column {
    return this.binary("^", other);
  }

  isNull(): Column {
    return call("isnull", this.expr);
  }
  isNotNull(): Column {
    return call("isnotnull", this.expr);
  }
  isNaN(): Column {
    return call("isnan", this.expr);
  }
  /** Whether the value is one of the given ones. */
  isin(...values: readonly ColumnValue[]): Column {
    const list = values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values;
    return call("in", this.expr, ...list.map(expressionOf));
  }
  /** Whether the value lies between two bounds, both included. */
  between(lower: ColumnValue, upper: ColumnValue): Column {
    return this.geq(lower).and(this.leq(upper));
  }
  /** SQL LIKE with `%` and `_`. */
  like(pattern: ColumnValue): Column {
    return this.binary("like", pattern);
  }
  /** LIKE that ignores case. */
  ilike(pattern: ColumnValue): Column {
    return this.binary("ilike", pattern);
  }
  /** Whether a Java regular expression is found in the text. */
  rlike(pattern: ColumnValue): Column {
    return this.binary("rlike", pattern);
  }
  startsWith(other: ColumnValue): Column {
    return this.binary("startswith", other);
  }
  endsWith(other: ColumnValue): Column {
    return this.binary("endswith", other);
  }
  startswith(other: ColumnValue): Column {
    return this.startsWith(other);
  }
  endswith(other: ColumnValue): Column {
    return this.endsWith(other);
  }
  contains(other: ColumnValue): Column {
    return this.binary("contains", other);
  }
  /** `length` characters from position `start` (1 is the first). */
  substr(start: ColumnValue, length: ColumnValue): Column {
    return call("substring", this.expr, expressionOf(start), expressionOf(length));
  }

  /** Another branch of `F.when(...)`. */
  when(condition: Column, value: ColumnValue): Column {
    const branches = this.openBranches("when");
    return new Column({ ...branches, args: [...branches.args, condition.expr, expressionOf(value)] });
  }
  /** The value where no branch of `F.when(...)` matched. */
  otherwise(value: ColumnValue): Column {
    const branches = this.openBranches("otherwise");
    return new Column({ ...branches, args: [...branches.args, expressionOf(value)] });
  }
  private openBranches(method: string): Extract<Expression, { kind: "call" }> {
    const { expr } = this;
    if (expr.kind === "call" && expr.name === "when" && expr.args.length % 2 === 0) return expr;
    throw new IllegalArgumentException(
      `${method}() can only be applied on a Column generated by when() and before otherwise()`,
    );
  }

  /** Converts to a type, given as a DataType or its DDL name such as "double". */
  cast(to: DataType | string): Column {
    return new Column({ kind: "cast", child: this.expr, type: dataType(to), lenient: false });
  }
  astype(to: DataType | string): Column {
    return this.cast(to);
  }
  /** Like `cast`, with null where the value does not convert. */
  tryCast(to: DataType | string): Column {
    return new Column({ kind: "cast", child: this.expr, type: dataType(to), lenient: true });
  }

  /** Names the column, optionally with metadata. */
  alias(name: string, options: { readonly metadata?: Metadata } = {}): Column {
    return new Column({ kind: "alias", child: this.expr, name, ...options });
  }
  as(name: string, options: { readonly metadata?: Metadata } = {}): Column {
    return this.alias(name, options);
  }
  name(name: string, options: { readonly metadata?: Metadata } = {}): Column {
    return this.alias(name, options);
  }

  asc(): Column {
    return this.sorted(true, true);
  }
  ascNullsFirst(): Column {
    return this.sorted(true, true);
  }
  ascNullsLast(): Column {
    return this.sorted(true, false);
  }
  desc(): Column {
    return this.sorted(false, false);
  }
  descNullsFirst(): Column {
    return this.sorted(false, true);
  }
  descNullsLast(): Column {
    return this.sorted(false, false);
  }
  private sorted(ascending: boolean, nullsFirst: boolean): Column {
    return new Column({ kind: "sort", child: this.expr, ascending, nullsFirst });
  }

  /** Element of an array (from 0), value of a map's key, or field of a struct. */
  getItem(key: ColumnValue): Column {
    return this.binary("getItem", key);
  }
  getField(name: string): Column {
    return this.binary("getItem", name);
  }

  toString(): string {
    return `Column<'${expressionName(this.expr)}'>`;
  }
}

const dataType = (type: DataType | string): DataType => (typeof type === "string" ? parseType(type) : type);
