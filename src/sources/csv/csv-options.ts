import { IllegalArgumentException, SparkException } from "../../common/index.js";
import type { SourceOptions } from "../../sql/source/index.js";
import { booleanOption, integerOption, lineSeparator, type ParseMode, parseMode } from "../shared/option-values.js";
import { checkEncoding } from "../shared/text-input.js";
import { type Newline, NONE, type QuoteHandling, type QuoteSyntax } from "./quoted-value.js";

/** The options of a CSV read or write, parsed. */
export interface CsvOptions {
  readonly separator: Uint8Array;
  readonly separatorText: string;
  readonly quote: number;
  readonly escape: number;
  readonly escapeEscape: number;
  readonly comment: number;
  readonly header: boolean;
  readonly inferSchema: boolean;
  readonly preferDate: boolean;
  readonly enforceSchema: boolean;
  readonly ignoreLeading: boolean | undefined;
  readonly ignoreTrailing: boolean | undefined;
  readonly nullValue: string;
  readonly emptyValue: string | undefined;
  readonly nanValue: string;
  readonly positiveInf: string;
  readonly negativeInf: string;
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly timestampNTZFormat: string | undefined;
  readonly maxColumns: number;
  readonly maxCharsPerColumn: number;
  readonly mode: ParseMode;
  readonly columnNameOfCorruptRecord: string;
  readonly multiLine: boolean;
  readonly samplingRatio: number;
  readonly encoding: string;
  readonly lineSep: string | undefined;
  readonly quoteHandling: QuoteHandling;
  readonly quoteAll: boolean;
  readonly escapeQuotes: boolean;
  readonly locale: string;
  readonly columnPruning: boolean;
}

/** Parses options whose names are in lower case; a value that is not allowed is an error. */
export function csvOptions(options: SourceOptions): CsvOptions {
  const text = (name: string, fallback: string): string => options[name] ?? fallback;
  const flag = (name: string, fallback: boolean): boolean => booleanOption(options, name) ?? fallback;
  const separatorText = unescape(options.sep ?? options.delimiter ?? ",");
  const quote = characterOption("quote", text("quote", '"'));
  const escape = characterOption("escape", text("escape", "\\"));
  const encoding = options.encoding ?? options.charset ?? "UTF-8";
  checkEncoding(encoding);
  const charToEscape = options.chartoescapequoteescaping;
  return {
    separator: new TextEncoder().encode(separatorText),
    separatorText,
    quote,
    escape,
    escapeEscape: charToEscape
      ? characterOption("charToEscapeQuoteEscaping", charToEscape)
      : escape === quote
        ? NONE
        : escape,
    comment: characterOption("comment", text("comment", "")),
    header: flag("header", false),
    inferSchema: flag("inferschema", false),
    preferDate: flag("preferdate", true),
    enforceSchema: flag("enforceschema", true),
    ignoreLeading: booleanOption(options, "ignoreleadingwhitespace"),
    ignoreTrailing: booleanOption(options, "ignoretrailingwhitespace"),
    nullValue: text("nullvalue", ""),
    emptyValue: options.emptyvalue,
    nanValue: text("nanvalue", "NaN"),
    positiveInf: text("positiveinf", "Inf"),
    negativeInf: text("negativeinf", "-Inf"),
    dateFormat: options.dateformat,
    timestampFormat: options.timestampformat,
    timestampNTZFormat: options.timestampntzformat,
    maxColumns: integerOption(options, "maxcolumns", 20_480),
    maxCharsPerColumn: integerOption(options, "maxcharspercolumn", -1),
    mode: parseMode(options.mode),
    columnNameOfCorruptRecord: text(
      "columnnameofcorruptrecord",
      text("spark.sql.columnnameofcorruptrecord", "_corrupt_record"),
    ),
    multiLine: flag("multiline", false),
    samplingRatio: Number(text("samplingratio", "1")),
    encoding,
    lineSep: lineSeparator(options.linesep),
    quoteHandling: text("unescapedquotehandling", "STOP_AT_DELIMITER").toUpperCase() as QuoteHandling,
    quoteAll: flag("quoteall", false),
    escapeQuotes: flag("escapequotes", true),
    locale: text("locale", "en-US"),
    columnPruning: flag("spark.sql.csv.parser.columnpruning.enabled", true),
  };
}

export const quoteSyntax = (options: CsvOptions, newline: Newline): QuoteSyntax => ({
  quote: options.quote,
  escape: options.escape,
  escapeEscape: options.escapeEscape,
  separator: options.separator,
  handling: options.quoteHandling,
  trimTrailing: options.ignoreTrailing ?? false,
  newline,
});

const NAMED: Readonly<Record<string, string>> = { "\\t": "\t", "\\n": "\n", "\\r": "\r", "\\b": "\b", "\\f": "\f", '\\"': '"', "\\'": "'", "\\\\": "\\" }; // prettier-ignore

function unescape(separator: string): string {
  if (separator === "") {
    throw new IllegalArgumentException("Delimiter cannot be empty string.", {
      condition: "INVALID_DELIMITER_VALUE.EMPTY_STRING",
      sqlState: "42602",
    });
  }
  if (separator === "\\") {
    throw new IllegalArgumentException("Single backslash is prohibited; write it as \\\\.", {
      condition: "INVALID_DELIMITER_VALUE.SINGLE_BACKSLASH",
      sqlState: "42602",
    });
  }
  return separator.replace(/\\u([0-9a-fA-F]{4})|\\./g, (all, code: string | undefined) => {
    if (code) return String.fromCharCode(parseInt(code, 16));
    const named = NAMED[all];
    if (named !== undefined) return named;
    throw new IllegalArgumentException(`Unsupported special character for delimiter: ${all}.`, {
      condition: "INVALID_DELIMITER_VALUE.UNSUPPORTED_SPECIAL_CHARACTER",
      sqlState: "42602",
      parameters: { str: all },
    });
  });
}

function characterOption(name: string, value: string): number {
  if (value === "" || value === "\0") return NONE;
  if (value.length === 1 && value.charCodeAt(0) < 128) return value.charCodeAt(0);
  throw new SparkException(`${name} cannot be more than one character; it is "${value}".`, {
    condition: "_LEGACY_ERROR_TEMP_2145",
    parameters: { paramName: name },
  });
}
