import type { DataType } from "./data-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { StructType } from "./struct-type.js";

/** The text of `printSchema`: one line a field, nested types indented. */
export function treeString(schema: StructType): string {
  const lines = ["root"];
  const visit = (type: DataType, prefix: string): void => {
    if (type instanceof StructType) {
      for (const field of type.fields) {
        lines.push(`${prefix}-- ${field.name}: ${field.dataType.typeName()} (nullable = ${field.nullable})`);
        visit(field.dataType, `${prefix}    |`);
      }
    } else if (type instanceof ArrayType) {
      lines.push(`${prefix}-- element: ${type.elementType.typeName()} (containsNull = ${type.containsNull})`);
      visit(type.elementType, `${prefix}    |`);
    } else if (type instanceof MapType) {
      lines.push(`${prefix}-- key: ${type.keyType.typeName()}`);
      visit(type.keyType, `${prefix}    |`);
      lines.push(`${prefix}-- value: ${type.valueType.typeName()} (valueContainsNull = ${type.valueContainsNull})`);
      visit(type.valueType, `${prefix}    |`);
    }
  };
  visit(schema, " |");
  return `${lines.join("\n")}\n`;
}
