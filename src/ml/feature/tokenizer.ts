import { type BytesColumn, decodeUtf8 } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { ArrayType, StringType, stringType, StructField, type StructType } from "../../sql/types/index.js";
import {
  catalogString,
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  firstNull,
  hasInputCol,
  hasOutputCol,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  require,
  Transformer,
} from "../base/index.js";
import { StringLists } from "./string-lists.js";

const params = declareParams({ ...hasInputCol, ...hasOutputCol });

/** Lower-cases text and splits it at white space. */
export interface Tokenizer extends ParamAccess<typeof params, Tokenizer> {}
export class Tokenizer extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const input = this.getInputCol();
    const type = fieldOf(schema, input).dataType;
    require(type instanceof StringType, () => `Input type must be string type but got ${catalogString(type)}.`);
    return { name: tokenize.name, payload: null, inputs: [input], outputs: [tokensField(schema, this.getOutputCol())] };
  }
}

/** The column of tokens that a tokenizer adds. */
export function tokensField(schema: StructType, output: string): StructField {
  if (schema.has(output)) throw new IllegalArgumentException(`Output column ${output} already exists.`);
  return new StructField(output, new ArrayType(stringType, true));
}

const tokenize = defineBatchFunction<null>({
  name: "ml.tokenizer",
  open: () => (columns) => {
    const column = columns[0] as BytesColumn;
    if (firstNull(column) >= 0) throw nullRow("Tokenizer", "string", "array<string>");
    const { bytes, offsets, length } = column;
    const lists = new StringLists(length, offsets[length] - offsets[0]);
    let lower = new Uint8Array(256);
    for (let i = 0; i < length; i++) {
      const [start, end] = [offsets[i], offsets[i + 1]];
      if (end - start > lower.length) lower = new Uint8Array(2 * (end - start));
      if (lowerAscii(bytes, start, end, lower)) splitBytes(lower, end - start, lists);
      else splitText(decodeUtf8(bytes, start, end).toLowerCase(), lists);
      lists.endRow();
    }
    return { columns: [lists.finish()] };
  },
});

/** Copies `bytes[start, end)` with letters lowered; false when there are other than ASCII characters. */
export function lowerAscii(bytes: Uint8Array, start: number, end: number, to: Uint8Array): boolean {
  for (let k = start, at = 0; k < end; k++, at++) {
    const c = bytes[k];
    if (c > 127) return false;
    to[at] = c >= 65 && c <= 90 ? c + 32 : c;
  }
  return true;
}

/** Java's `\s`: tab, line feed, vertical tab, form feed, carriage return, space. */
const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

/** Java's `split("\\s")`: text without a separator stays whole, even when empty; trailing empty pieces are dropped. */
function splitBytes(text: Uint8Array, length: number, lists: StringLists): void {
  let start = 0;
  let separators = 0;
  for (let k = 0; k < length; k++) {
    if (!isSpace(text[k])) continue;
    lists.pushBytes(text, start, k);
    start = k + 1;
    separators++;
  }
  lists.pushBytes(text, start, length);
  if (separators > 0) lists.dropTrailingEmpty();
}

function splitText(text: string, lists: StringLists): void {
  const pieces = text.split(/[\t-\r ]/);
  for (const piece of pieces) lists.pushText(piece);
  if (pieces.length > 1) lists.dropTrailingEmpty();
}

defineStage(Tokenizer, {
  javaClass: "org.apache.spark.ml.feature.Tokenizer",
  params,
  testCases: [
    {
      params: { inputCol: "s", outputCol: "out" },
      schema: "s string",
      rows: [["Hi I heard"], [""], [" a  b "], ["ÀÉ ß"]],
    },
  ],
});
