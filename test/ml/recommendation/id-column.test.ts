import { describe, expect, it } from "vitest";
import { columnBuilder, type Layout } from "../../../src/columnar/index.js";
import { idColumn, readIds } from "../../../src/ml/recommendation/id-column.js";
import { layoutOf, parseType, type DataType } from "../../../src/sql/types/index.js";

function read(ddl: string, values: unknown[]): number[] {
  const type: DataType = parseType(ddl);
  const builder = columnBuilder(layoutOf(type) as Layout, values.length);
  for (const value of values) builder.append(value);
  return [...readIds(builder.finish(), values.length, idColumn("user", type))];
}

describe("readIds", () => {
  it.each([
    ["tinyint", [1, -2]],
    ["smallint", [1, -2]],
    ["int", [1, -2147483648]],
    ["float", [1, -2]],
    ["double", [1, 2147483647]],
  ])("reads %s", (type, values) => expect(read(type, values)).toEqual(values));

  it("reads bigint and decimal", () => {
    expect(read("bigint", [5n, -7n])).toEqual([5, -7]);
    expect(read("decimal(10,2)", [500n, -700n])).toEqual([5, -7]);
  });

  it.each([
    ["int", null, "[USER_RAISED_EXCEPTION] user Ids MUST NOT be Null SQLSTATE: P0001"],
    ["bigint", null, "[USER_RAISED_EXCEPTION] null SQLSTATE: P0001"],
    ["double", 1.5, "fractional part for column user, but got 1.5 SQLSTATE: P0001"],
    ["decimal(10,2)", 150n, "fractional part for column user, but got 1.50 SQLSTATE: P0001"],
    ["bigint", 3000000000n, '[CAST_OVERFLOW] The value 3000000000L of the type "BIGINT" cannot be cast to "INT"'],
    ["double", 1e10, '[CAST_OVERFLOW] The value 1.0E10D of the type "DOUBLE" cannot be cast to "INT"'],
    ["double", Number.NaN, '[CAST_OVERFLOW] The value NaN of the type "DOUBLE" cannot be cast to "INT"'],
  ])("refuses %s %s as Spark does", (type, value, message) => expect(() => read(type, [value])).toThrow(message));
});
