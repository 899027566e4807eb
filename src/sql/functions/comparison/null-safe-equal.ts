import { defineFunction } from "../../expressions/index.js";
import { comparable, comparison, pushComparison } from "./comparison.js";

export const nullSafeEqual = defineFunction({
  kind: "scalar",
  names: ["<=>", "equal_null"],
  doc: "Whether two values are equal, with null equal to null.",
  signature: comparable,
  nullable: "never",
  eval(call) {
    const equal = comparison(call, "eq");
    return (a: unknown, b: unknown) => (a === null || b === null ? a === b : equal(a, b));
  },
  emit(e, [a, b]) {
    if (a.layout === "i128" || typeof a.layout === "object") return undefined;
    return e.define("bool", () => {
      e.pushValid(a);
      e.pushValid(b);
      e.op("i32.and");
      e.if(
        () => pushComparison(e, [a, b], "eq"),
        () => {
          e.pushValid(a);
          e.pushValid(b);
          e.op("i32.eq");
        },
        "i32",
      );
    });
  },
});
