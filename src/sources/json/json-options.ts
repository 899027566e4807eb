import { IllegalArgumentException } from "../../common/index.js";
import type { SourceOption, SourceOptions } from "../../sql/source/index.js";

import { booleanOption, lineSeparator, type ParseMode, parseMode } from "../shared/option-values.js";
import { checkEncoding } from "../shared/text-input.js";
import type { JsonSyntax } from "./json-scanner.js";

/** The options of a JSON read or write, parsed. */
export interface JsonOptions {
  readonly syntax: JsonSyntax;
  readonly mode: ParseMode;
  readonly columnNameOfCorruptRecord: string;
  readonly multiLine: boolean;
  readonly lineSep: string | undefined;
  readonly encoding: string;
  readonly samplingRatio: number;
  readonly primitivesAsString: boolean;
  readonly prefersDecimal: boolean;
  readonly dropFieldIfAllNull: boolean;
  readonly inferTimestamp: boolean;
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly timestampNTZFormat: string | undefined;
  readonly locale: string;
  readonly ignoreNullFields: boolean;
  readonly pretty: boolean;
  readonly asciiOnly: boolean;
  readonly caseSensitive: boolean;
}

/** Session settings behind the options. */
export const SETTINGS = [
  "spark.sql.caseSensitive",
  "spark.sql.columnNameOfCorruptRecord",
  "spark.sql.files.ignoreCorruptFiles",
  "spark.sql.files.ignoreMissingFiles",
] as const;

/** Parses options whose names are in lower case. */
export function jsonOptions(options: SourceOptions): JsonOptions {
  const flag = (name: string, fallback: boolean): boolean => booleanOption(options, name) ?? fallback;
  const encoding = options.encoding ?? options.charset ?? "UTF-8";
  checkEncoding(encoding);
  const multiLine = flag("multiline", false);
  const lineSep = lineSeparator(options.linesep);
  if (!multiLine && lineSep === undefined && !/^utf-?8$/i.test(encoding)) {
    throw new IllegalArgumentException(
      `requirement failed: The lineSep option must be specified for the ${encoding} encoding`,
    );
  }
  return {
    syntax: {
      comments: flag("allowcomments", false),
      unquotedFieldNames: flag("allowunquotedfieldnames", false),
      singleQuotes: flag("allowsinglequotes", true),
      numericLeadingZeros: flag("allownumericleadingzeros", false),
      nonNumericNumbers: flag("allownonnumericnumbers", true),
      backslashEscapingAnyCharacter: flag("allowbackslashescapinganycharacter", false),
      unquotedControlChars: flag("allowunquotedcontrolchars", false),
    },
    mode: parseMode(options.mode),
    columnNameOfCorruptRecord:
      options.columnnameofcorruptrecord ?? options["spark.sql.columnnameofcorruptrecord"] ?? "_corrupt_record",
    multiLine,
    lineSep,
    encoding,
    samplingRatio: Number(options.samplingratio ?? 1),
    primitivesAsString: flag("primitivesasstring", false),
    prefersDecimal: flag("prefersdecimal", false),
    dropFieldIfAllNull: flag("dropfieldifallnull", false),
    inferTimestamp: flag("infertimestamp", false),
    dateFormat: options.dateformat,
    timestampFormat: options.timestampformat,
    timestampNTZFormat: options.timestampntzformat,
    locale: options.locale ?? "en-US",
    ignoreNullFields: flag("ignorenullfields", true),
    pretty: flag("pretty", false),
    asciiOnly: flag("writenonasciicharacterascodepoint", false),
    caseSensitive: flag("spark.sql.casesensitive", false),
  };
}

/** Options of the JSON source with Spark's defaults. */
export const OPTIONS: readonly SourceOption[] = [
  { name: "multiLine", default: "false", doc: "A file is one value, or one array of rows.", scope: "read" },
  {
    name: "mode",
    default: "PERMISSIVE",
    doc: "What to do with malformed records: PERMISSIVE, DROPMALFORMED or FAILFAST.",
    scope: "read",
  },
  {
    name: "columnNameOfCorruptRecord",
    default: "_corrupt_record",
    doc: "Column that takes the text of malformed records.",
    scope: "read",
  },
  { name: "samplingRatio", default: "1.0", doc: "Share of the records that inference reads.", scope: "read" },
  { name: "primitivesAsString", default: "false", doc: "Infer numbers and booleans as strings.", scope: "read" },
  { name: "prefersDecimal", default: "false", doc: "Infer numbers with a point as decimals.", scope: "read" },
  {
    name: "dropFieldIfAllNull",
    default: "false",
    doc: "Leave out columns that hold nulls or empty arrays only.",
    scope: "read",
  },
  { name: "inferTimestamp", default: "false", doc: "Infer strings that are timestamps as such.", scope: "read" },
  { name: "allowComments", default: "false", doc: "Skip comments in Java's style.", scope: "read" },
  { name: "allowUnquotedFieldNames", default: "false", doc: "Field names may lack quotes.", scope: "read" },
  { name: "allowSingleQuotes", default: "true", doc: "Strings may stand in single quotes.", scope: "read" },
  { name: "allowNumericLeadingZeros", default: "false", doc: "Numbers may start with zeros.", scope: "read" },
  { name: "allowNonNumericNumbers", default: "true", doc: "NaN and Infinity are numbers.", scope: "read" },
  {
    name: "allowBackslashEscapingAnyCharacter",
    default: "false",
    doc: "A backslash may stand before any character.",
    scope: "read",
  },
  { name: "allowUnquotedControlChars", default: "false", doc: "Strings may hold control characters.", scope: "read" },
  { name: "dateFormat", default: null, doc: "Pattern of dates.", scope: "both" },
  { name: "timestampFormat", default: null, doc: "Pattern of timestamps.", scope: "both" },
  { name: "timestampNTZFormat", default: null, doc: "Pattern of timestamps without time zone.", scope: "both" },
  { name: "locale", default: "en-US", doc: "Language tag for decimals in strings.", scope: "read" },
  {
    name: "lineSep",
    default: null,
    doc: "Line separator (default: any when reading, a line feed when writing).",
    scope: "both",
  },
  { name: "encoding", default: "UTF-8", doc: "Character set of the file.", scope: "both" },
  { name: "ignoreNullFields", default: "true", doc: "Leave out fields that are null.", scope: "write" },
  { name: "pretty", default: "false", doc: "Write over several lines.", scope: "write" },
  {
    name: "writeNonAsciiCharacterAsCodePoint",
    default: "false",
    doc: "Write characters beyond ASCII as escapes.",
    scope: "write",
  },
  { name: "compression", default: "none", doc: "Codec of the files: none, gzip or deflate.", scope: "write" },
];
