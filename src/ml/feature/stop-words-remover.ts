import { type BytesColumn, decodeUtf8, isNull, type ListColumn } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { ArrayType, StringType, stringType, StructField, type StructType } from "../../sql/types/index.js";
import {
  booleanParam,
  catalogString,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  firstNull,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  inputOutputColumns,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  require,
  stringArrayParam,
  stringParam,
  Transformer,
  validWhen,
} from "../base/index.js";
import { BytesDictionary } from "./bytes-dictionary.js";
import { stopWords } from "./stop-words/index.js";
import { StringLists } from "./string-lists.js";
import { lowerAscii } from "./tokenizer.js";

/** A Java locale as a language tag: `pt_BR` is `pt-BR`, `zh_CN_#Hans` is `zh-Hans-CN`. */
function languageTag(locale: string): string {
  const [language, region, rest = ""] = locale.split("_");
  const script = /^#([A-Za-z]{4})$/.exec(rest || (region ?? ""))?.[1];
  return [language || "und", script, region?.startsWith("#") ? undefined : region].filter(Boolean).join("-");
}

function isLocale(locale: string): boolean {
  if (locale === "") return true;
  try {
    return Intl.Collator.supportedLocalesOf(languageTag(locale)).length > 0;
  } catch {
    return false;
  }
}

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  caseSensitive: booleanParam("Whether words are compared with their case.", { default: false }),
  locale: stringParam("Locale whose rules lower-case the words, in Java's spelling, e.g. en_US.", {
    default: "en",
    valid: validWhen("an available locale", isLocale),
  }),
  stopWords: stringArrayParam("Words to remove.", { default: () => stopWords.english }),
});

/** Removes stop words from lists of words. */
export interface StopWordsRemover extends ParamAccess<typeof params, StopWordsRemover> {}
export class StopWordsRemover extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  /** Spark's stop words of a language: danish, dutch, english, finnish, french, german, hungarian, italian, norwegian, ... */
  static loadDefaultStopWords(language: string): string[] {
    if (Object.hasOwn(stopWords, language)) return [...stopWords[language]];
    const known = Object.keys(stopWords).join(", ");
    throw new IllegalArgumentException(
      `requirement failed: ${language} is not in the supported language list: ${known}.`,
    );
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkSingleVsMultiColumnParams(this, ["outputCol"], ["outputCols"]);
    const { inputs, outputs } = inputOutputColumns(this);
    require(inputs.length === outputs.length, () =>
      `StopWordsRemover ${String(this)} has mismatched Params for multi-column transform. ` +
      `Params (${this.uid}__inputCols, ${this.uid}__outputCols) should have equal lengths, ` +
      `but they have different lengths: (${inputs.length}, ${outputs.length}).`);
    const fields = inputs.map((input, i) => {
      const type = fieldOf(schema, input).dataType;
      require(!schema.has(outputs[i]), () => `Output Column ${outputs[i]} already exists.`);
      require(type instanceof ArrayType && type.elementType instanceof StringType, () =>
        `Input type must be array<string> but got ${catalogString(type)}.`);
      return new StructField(outputs[i], new ArrayType(stringType, true));
    });
    const payload: RemoverPayload = {
      words: this.getStopWords(),
      caseSensitive: this.getCaseSensitive(),
      locale: languageTag(this.getLocale()),
    };
    return { name: removeWords.name, payload, inputs: [...inputs], outputs: fields };
  }

  override toString(): string {
    return `StopWordsRemover: uid=${this.uid}, numStopWords=${this.getStopWords().length}, locale=${this.getLocale()}, caseSensitive=${this.getCaseSensitive()}`;
  }
}

interface RemoverPayload {
  readonly words: readonly string[];
  readonly caseSensitive: boolean;
  /** A language tag. */
  readonly locale: string;
}

/** Languages whose lower case of ASCII letters differs. */
const SPECIAL_LETTERS = /^(tr|az|lt)\b/;

const removeWords = defineBatchFunction<RemoverPayload>({
  name: "ml.stopWordsRemover",
  open({ words, caseSensitive, locale }) {
    const lowered = caseSensitive ? words : words.map((word) => word.toLocaleLowerCase(locale));
    const dictionary = BytesDictionary.of(lowered);
    const plain = !SPECIAL_LETTERS.test(locale);
    let scratch = new Uint8Array(256);
    const isStopWord = (bytes: Uint8Array, start: number, end: number): boolean => {
      if (caseSensitive) return dictionary.find(bytes, start, end) >= 0;
      if (end - start > scratch.length) scratch = new Uint8Array(2 * (end - start));
      if (plain && lowerAscii(bytes, start, end, scratch)) return dictionary.find(scratch, 0, end - start) >= 0;
      return dictionary.findText(decodeUtf8(bytes, start, end).toLocaleLowerCase(locale)) >= 0;
    };
    return (columns) => ({ columns: columns.map((column) => removeFrom(column as ListColumn, isStopWord)) });
  },
});

function removeFrom(
  column: ListColumn,
  isStopWord: (bytes: Uint8Array, start: number, end: number) => boolean,
): ListColumn {
  if (firstNull(column) >= 0) throw nullRow("StopWordsRemover", "array<string>", "array<string>");
  const child = column.child as BytesColumn;
  const lists = new StringLists(column.length, 1024);
  for (let i = 0; i < column.length; i++) {
    for (let k = column.offsets[i]; k < column.offsets[i + 1]; k++) {
      const [start, end] = [child.offsets[k], child.offsets[k + 1]];
      if (isNull(child, k)) lists.pushNull();
      else if (!isStopWord(child.bytes, start, end)) lists.pushBytes(child.bytes, start, end);
    }
    lists.endRow();
  }
  return lists.finish();
}

defineStage(StopWordsRemover, {
  javaClass: "org.apache.spark.ml.feature.StopWordsRemover",
  params,
  testCases: [
    {
      params: { inputCol: "w", outputCol: "out" },
      schema: "w array<string>",
      rows: [[["I", "saw", "the", "red", "balloon"]], [[]], [["The", null]]],
    },
  ],
});
