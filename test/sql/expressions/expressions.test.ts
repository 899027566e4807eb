import { describe, expect, test } from "vitest";
import { DatePattern, formatTimestamp, timeZone } from "../../../src/common/index.js";
import { DenseVector, SparseVector } from "../../../src/linalg/index.js";
import {
  canCast,
  castFunction,
  commonType,
  decodeExpression,
  encodeExpression,
  type Expression,
  evalConstant,
  literalOf,
  mapOperands,
  resolveTypes,
  transformUp,
  typeOf,
} from "../../../src/sql/expressions/index.js";
import "../../../src/sql/functions/index.js";
import * as T from "../../../src/sql/types/index.js";
import { conditionOf } from "./check-expression.js";

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });
const int = (n: number): Expression => literalOf(n, T.integerType);

describe("trees", () => {
  const tree = call("+", int(1), call("*", int(2), int(3)));
  test("a rewrite that changes nothing returns the same object", () => {
    expect(mapOperands(tree, (e) => e)).toBe(tree);
    expect(transformUp(tree, (e) => e)).toBe(tree);
    const resolved = resolveTypes(tree);
    expect(resolveTypes(resolved)).toBe(resolved);
  });
  test("travel as plain data", () => {
    const e: Expression = {
      kind: "call",
      name: "in",
      args: [
        { kind: "bound", ordinal: 0, type: T.vectorType, nullable: true },
        literalOf(new SparseVector(3, [1], [Infinity]), T.vectorType),
        literalOf(new DenseVector([1, NaN]), T.vectorType),
        literalOf(2n ** 70n, new T.DecimalType(38, 0)),
        literalOf(Uint8Array.of(1, 2), T.binaryType),
      ],
      type: T.booleanType,
      nullable: true,
    };
    const back = decodeExpression(structuredClone(encodeExpression(e)));
    expect(back).toEqual(e);
  });
});

describe("types", () => {
  const d = (p: number, s: number): T.DecimalType => new T.DecimalType(p, s);
  test.each([
    [[T.integerType, T.longType], T.longType],
    [[T.integerType, T.floatType], T.doubleType],
    [[T.stringType, T.integerType], T.longType],
    [[T.stringType, T.doubleType], T.doubleType],
    [[T.dateType, T.timestampType], T.timestampType],
    [[T.integerType, d(5, 2)], d(12, 2)],
    [[d(5, 2), d(3, 3)], d(6, 3)],
    [[T.nullType, T.stringType], T.stringType],
    [[T.booleanType, T.integerType], undefined],
  ])("common type of %s", (types, common) => expect(commonType(types)).toEqual(common));

  test("wrong operands are Spark's error on the driver", () => {
    const condition = (e: Expression): string => {
      try {
        resolveTypes(e);
      } catch (error) {
        return conditionOf(error);
      }
      return "";
    };
    expect(condition(call("+", int(1), literalOf(true, T.booleanType)))).toBe("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
    expect(condition(call("sin", literalOf(true, T.booleanType)))).toBe("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
    expect(condition(call("sin"))).toBe("WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
    expect(condition(call("no_such_function"))).toBe("UNRESOLVED_ROUTINE");
    expect(condition({ kind: "cast", child: literalOf(0, T.dateType), type: T.integerType, lenient: false })).toBe(
      "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION",
    );
  });
  test("1.5 + 1 is a decimal of the digits needed", () => {
    expect(typeOf(resolveTypes(call("+", literalOf(15n, d(2, 1)), int(1))))).toEqual(d(3, 1));
  });
});

describe("casts in a time zone", () => {
  const berlin = { lenient: false, timeZone: "Europe/Berlin" };
  const parse = castFunction(T.stringType, T.timestampType, berlin);
  const show = castFunction(T.timestampType, T.stringType, berlin);
  const utc = (text: string): string => formatTimestamp(parse(text) as bigint);

  test("local times become moments and come back", () => {
    expect(utc("2024-07-01 12:00:00")).toBe("2024-07-01 10:00:00");
    expect(utc("2024-01-01 12:00")).toBe("2024-01-01 11:00:00");
    expect(utc("2024-01-01T12:00:00.5Z")).toBe("2024-01-01 12:00:00.5");
    expect(show(parse("1900-06-01 00:00:00"))).toBe("1900-06-01 00:00:00");
  });
  test("a time in the gap moves forward, of two the earlier is taken", () => {
    expect(utc("2024-03-31 02:30:00")).toBe("2024-03-31 01:30:00");
    expect(utc("2024-10-27 02:30:00")).toBe("2024-10-27 00:30:00");
  });
  test("dates start at local midnight", () => {
    const date = castFunction(T.dateType, T.timestampType, berlin);
    expect(formatTimestamp(date(0) as bigint)).toBe("1969-12-31 23:00:00");
    expect(castFunction(T.timestampType, T.dateType, berlin)(-1_800_000_000n)).toBe(0);
  });
  test("try_cast gives null, cast an error", () => {
    expect(castFunction(T.stringType, T.integerType, { lenient: true, timeZone: "UTC" })("x")).toBeNull();
    expect(() => castFunction(T.stringType, T.integerType, berlin)("1.5")).toThrow("CAST_INVALID_INPUT");
    expect(() => castFunction(T.doubleType, T.integerType, berlin)(3e9)).toThrow("CAST_OVERFLOW");
    expect(() => timeZone("Mars/Olympus")).toThrow("INVALID_TIMEZONE");
  });
  test("what has no cast", () => {
    expect(canCast(T.dateType, T.integerType)).toBe(false);
    expect(canCast(T.vectorType, T.stringType)).toBe(true);
  });
});

describe("datetime patterns", () => {
  const moment = 1_709_210_096_123_456n; // 2024-02-29 12:34:56.123456 UTC
  test("format and parse are inverse", () => {
    for (const pattern of [
      "yyyy-MM-dd HH:mm:ss.SSSSSS",
      "MMM d, yyyy h:mm:ss.SSSSSS a",
      "yyyyMMddHHmmss.SSSSSS",
      "D yyyy HH:mm:ss.SSSSSS",
    ]) {
      const compiled = new DatePattern(pattern);
      const text = compiled.format(moment, timeZone("UTC"));
      expect(compiled.parseLocalTimestamp(text), `${pattern}: ${text}`).toBe(moment);
    }
  });
  test("zones", () => {
    const text = new DatePattern("yyyy-MM-dd HH:mm XXX VV").format(moment, timeZone("America/New_York"));
    expect(text).toBe("2024-02-29 07:34 -05:00 America/New_York");
  });
  test("strictness", () => {
    expect(new DatePattern("yyyy-MM-dd").parseDate("2024-2-9")).toBeUndefined();
    expect(new DatePattern("yyyy-MM-dd").parseDate("2023-02-29")).toBeUndefined();
    expect(new DatePattern("y-M-d").parseDate("2024-2-9")).toBeDefined();
  });
});

test("and, or and coalesce do not compute what they do not need", () => {
  const boom = call("=", call("/", int(1), int(0)), literalOf(1, T.doubleType));
  const no = literalOf(false, T.booleanType);
  expect(evalConstant(resolveTypes(call("and", no, boom)))).toBe(false);
  expect(evalConstant(resolveTypes(call("or", literalOf(true, T.booleanType), boom)))).toBe(true);
  expect(evalConstant(resolveTypes(call("coalesce", no, boom)))).toBe(false);
});
