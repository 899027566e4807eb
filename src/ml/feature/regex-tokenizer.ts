import { type BytesColumn, decodeUtf8 } from "../../columnar/index.js";
import { JavaRegex } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { StringType, type StructType } from "../../sql/types/index.js";
import {
  booleanParam,
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  firstNull,
  gtEq,
  hasInputCol,
  hasOutputCol,
  intParam,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  require,
  scalaTypeName,
  stringParam,
  Transformer,
} from "../base/index.js";
import { StringLists } from "./string-lists.js";
import { tokensField } from "./tokenizer.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  gaps: booleanParam("Whether the pattern matches the gaps between tokens rather than the tokens.", { default: true }),
  minTokenLength: intParam("Shortest token to keep, in UTF-16 units (>= 0).", { default: 1, valid: gtEq(0) }),
  pattern: stringParam("Regular expression in Java's syntax.", { default: "\\s+" }),
  toLowercase: booleanParam("Whether to lower-case the text first.", { default: true }),
});

/** Splits text by a regular expression, or takes its matches as tokens. */
export interface RegexTokenizer extends ParamAccess<typeof params, RegexTokenizer> {}
export class RegexTokenizer extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const input = this.getInputCol();
    const type = fieldOf(schema, input).dataType;
    require(type instanceof StringType, () => `Input type must be string type but got ${scalaTypeName(type)}.`);
    const outputs = [tokensField(schema, this.getOutputCol())];
    // A wrong pattern is an error here, on the driver.
    const { pattern } = new JavaRegex(this.getPattern());
    const payload: RegexPayload = {
      pattern,
      gaps: this.getGaps(),
      lowercase: this.getToLowercase(),
      minLength: this.getMinTokenLength(),
    };
    return { name: tokenizeByRegex.name, payload, inputs: [input], outputs };
  }

  override toString(): string {
    return `RegexTokenizer: uid=${this.uid}, minTokenLength=${this.getMinTokenLength()}, gaps=${this.getGaps()}, pattern=${this.getPattern()}, toLowercase=${this.getToLowercase()}`;
  }
}

interface RegexPayload {
  readonly pattern: string;
  readonly gaps: boolean;
  readonly lowercase: boolean;
  readonly minLength: number;
}

const tokenizeByRegex = defineBatchFunction<RegexPayload>({
  name: "ml.regexTokenizer",
  open({ pattern, gaps, lowercase, minLength }) {
    const regex = new JavaRegex(pattern);
    return (columns) => {
      const column = columns[0] as BytesColumn;
      if (firstNull(column) >= 0) throw nullRow("RegexTokenizer", "string", "array<string>");
      const { bytes, offsets, length } = column;
      const lists = new StringLists(length, offsets[length] - offsets[0]);
      for (let i = 0; i < length; i++) {
        const raw = decodeUtf8(bytes, offsets[i], offsets[i + 1]);
        const text = lowercase ? raw.toLowerCase() : raw;
        const tokens = gaps ? regex.split(text) : regex.findTexts(text);
        for (const token of tokens) if (token.length >= minLength) lists.pushText(token);
        lists.endRow();
      }
      return { columns: [lists.finish()] };
    };
  },
});

defineStage(RegexTokenizer, {
  javaClass: "org.apache.spark.ml.feature.RegexTokenizer",
  params,
  testCases: [
    {
      params: { inputCol: "s", outputCol: "out", pattern: "\\W" },
      schema: "s string",
      rows: [["Hi, I heard"], [""], [" a  b "], ["ÀÉ ß"]],
    },
  ],
});
