import { describe, expect, it } from "vitest";
import {
  attributeMetadata,
  attributeOf,
  groupMetadata,
  groupOf,
  numValuesOf,
} from "../../../src/ml/base/attributes.js";

describe("ML attributes", () => {
  it("writes single attributes as Spark stores them", () => {
    expect(attributeMetadata({ type: "nominal", name: "o", values: ["a", "b"] })).toEqual({
      ml_attr: { type: "nominal", name: "o", vals: ["a", "b"] },
    });
    expect(attributeMetadata({ type: "nominal", numValues: 2 })).toEqual({ ml_attr: { type: "nominal", num_vals: 2 } });
    expect(attributeMetadata({ type: "numeric" })).toEqual({ ml_attr: {} });
    expect(attributeMetadata({ type: "binary" })).toEqual({ ml_attr: { type: "binary" } });
  });
  it("writes groups, leaving out numeric attributes that say nothing", () => {
    expect(groupMetadata({ size: 3 })).toEqual({ ml_attr: { num_attrs: 3 } });
    expect(groupMetadata({})).toEqual({});
    expect(
      groupMetadata({
        attributes: [{ type: "numeric" }, { type: "binary", name: "b" }, { type: "numeric", name: "n" }],
      }),
    ).toEqual({
      ml_attr: { attrs: { binary: [{ name: "b", idx: 1 }], numeric: [{ name: "n", idx: 2 }] }, num_attrs: 3 },
    });
  });
  it("reads back what it wrote", () => {
    const attributes = [{ type: "numeric" }, { type: "nominal", values: ["x"], isOrdinal: true }] as const;
    expect(groupOf({ metadata: groupMetadata({ attributes }) })).toEqual({ size: 2, attributes });
    expect(groupOf({ metadata: {} })).toEqual({});
    expect(groupOf({ metadata: { ml_attr: { num_attrs: 2 } } })).toEqual({ size: 2 });
    expect(attributeOf({ metadata: attributeMetadata(attributes[1]) })).toEqual(attributes[1]);
    expect(attributeOf({ metadata: {} })).toBeUndefined();
  });
  it("knows the number of values", () => {
    expect(numValuesOf({ metadata: attributeMetadata({ type: "nominal", values: ["a", "b", "c"] }) })).toBe(3);
    expect(numValuesOf({ metadata: attributeMetadata({ type: "binary" }) })).toBe(2);
    expect(numValuesOf({})).toBeUndefined();
  });
});
