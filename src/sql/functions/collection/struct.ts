import {
  defineFunction,
  evalConstant,
  type Expression,
  isFoldable,
  isNullable,
  type ScalarFunction,
  typeMismatch,
  typeOf,
  wrongNumberOfArguments,
} from "../../expressions/index.js";
import { StringType, StructField, StructType } from "../../types/index.js";

/** Name that a column gives to its field; `col1`, `col2`, ... for what has none. */
function fieldName(e: Expression, position: number): string {
  if (e.kind === "alias" || e.kind === "attribute") return e.name;
  if (e.kind === "call" && e.name.toLowerCase() === "getitem" && typeOf(e.args[0]) instanceof StructType) {
    const [container, index] = e.args;
    if (index.kind === "literal") return (typeOf(container) as StructType).fields[index.value as number].name;
  }
  return `col${position + 1}`;
}

const valueOf = (e: Expression): Expression => (e.kind === "alias" ? e.child : e);

export const struct = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["struct"],
  doc: "A struct of columns under their names.",
  signature(args, call) {
    // Once resolved, the names lie in the type: aliases may have been taken off since.
    const type =
      call.type instanceof StructType
        ? call.type
        : new StructType(args.map((arg, i) => new StructField(fieldName(arg, i), typeOf(arg), isNullable(arg))));
    return { args: args.map(valueOf), type };
  },
  nullable: "never",
  eval:
    () =>
    (...values: unknown[]) =>
      values,
});

export const namedStruct = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["named_struct"],
  doc: "A struct of names and values in turn.",
  signature(args, call) {
    if (args.length % 2 !== 0) throw wrongNumberOfArguments(call, "2n (n > 0)");
    const fields: StructField[] = [];
    for (let i = 0; i < args.length; i += 2) {
      const name = isFoldable(args[i]) && typeOf(args[i]) instanceof StringType ? evalConstant(args[i]) : null;
      if (typeof name !== "string") {
        throw typeMismatch(
          call,
          "CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
          "Only foldable `STRING` expressions are allowed to appear at odd position.",
          { inputExprs: "[]" },
        );
      }
      fields.push(new StructField(name, typeOf(args[i + 1]), isNullable(args[i + 1])));
    }
    return { args: args.map(valueOf), type: new StructType(fields) };
  },
  nullable: "never",
  eval:
    () =>
    (...values: unknown[]) =>
      values.filter((_, i) => i % 2 === 1),
});
