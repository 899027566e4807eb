import { ParseException } from "../../common/index.js";
import {
  binaryType,
  booleanType,
  byteType,
  dateType,
  doubleType,
  floatType,
  integerType,
  longType,
  nullType,
  shortType,
  stringType,
  timestampNTZType,
  timestampType,
} from "./atomic-types.js";
import type { DataType } from "./data-type.js";
import { DecimalType } from "./decimal-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { StructField, StructType } from "./struct-type.js";
import { matrixType, vectorType } from "./user-defined-type.js";

/** Types without parameters by every name that DDL and simple strings use. */
const typesByName: Readonly<Record<string, DataType>> = {
  void: nullType,
  boolean: booleanType,
  byte: byteType,
  tinyint: byteType,
  short: shortType,
  smallint: shortType,
  int: integerType,
  integer: integerType,
  long: longType,
  bigint: longType,
  float: floatType,
  real: floatType,
  double: doubleType,
  string: stringType,
  binary: binaryType,
  date: dateType,
  timestamp: timestampType,
  timestamp_ltz: timestampType,
  timestamp_ntz: timestampNTZType,
  vector: vectorType,
  matrix: matrixType,
};

/** Words, quoted names, strings, numbers and punctuation of DDL text. */
const token =
  /\s*(?:([A-Za-z_][A-Za-z_0-9]*)|`((?:[^`]|``)*)`|'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|([<>(),:]))/y;

interface Token {
  readonly kind: "word" | "quoted" | "text" | "number" | "mark" | "end";
  readonly value: string;
}

/** Recursive descent over `name [:] type [NOT NULL] [COMMENT 'text'], ...` and over single types. */
class DdlParser {
  private readonly tokens: Token[] = [];
  private at = 0;

  constructor(private readonly ddl: string) {
    token.lastIndex = 0;
    let end = 0;
    for (let match = token.exec(ddl); match; match = token.exec(ddl)) {
      const [, word, quoted, single, double, number, mark] = match;
      if (word !== undefined) this.tokens.push({ kind: "word", value: word });
      else if (quoted !== undefined) this.tokens.push({ kind: "quoted", value: quoted.replaceAll("``", "`") });
      else if (number !== undefined) this.tokens.push({ kind: "number", value: number });
      else if (mark !== undefined) this.tokens.push({ kind: "mark", value: mark });
      else this.tokens.push({ kind: "text", value: (single?.replaceAll("''", "'") ?? double).replace(/\\(.)/g, "$1") });
      end = token.lastIndex;
    }
    if (ddl.slice(end).trim() !== "") throw this.error(ddl.slice(end).trim()[0]);
  }

  fields(close?: string): StructType {
    const fields: StructField[] = [];
    if (this.peek().kind === "end" || (close && this.peek().value === close)) return new StructType();
    do fields.push(this.field());
    while (this.take(","));
    return new StructType(fields);
  }

  type(): DataType {
    const name = this.next();
    if (name.kind !== "word") throw this.error(name.value);
    const lower = name.value.toLowerCase();
    if (lower === "array") return this.inside("<", ">", () => new ArrayType(this.type()));
    if (lower === "map") {
      return this.inside("<", ">", () => {
        const key = this.type();
        this.expect(",");
        return new MapType(key, this.type());
      });
    }
    if (lower === "struct") return this.inside("<", ">", () => this.fields(">"));
    if (lower === "decimal" || lower === "dec" || lower === "numeric") return this.decimal();
    if (lower === "char" || lower === "varchar") {
      return this.inside("(", ")", () => {
        this.number();
        return typesByName.string;
      });
    }
    const found = Object.hasOwn(typesByName, lower) ? typesByName[lower] : undefined;
    if (!found) {
      throw new ParseException(`Unsupported data type "${name.value.toUpperCase()}".`, {
        condition: "UNSUPPORTED_DATATYPE",
        sqlState: "0A000",
        parameters: { typeName: `"${name.value.toUpperCase()}"` },
      });
    }
    return found;
  }

  end(): void {
    if (this.peek().kind !== "end") throw this.error(this.peek().value);
  }

  private field(): StructField {
    const name = this.next();
    if (name.kind !== "word" && name.kind !== "quoted") throw this.error(name.value);
    this.take(":");
    const type = this.type();
    let nullable = true;
    let metadata = {};
    if (this.takeWord("not")) {
      if (!this.takeWord("null")) throw this.error(this.peek().value);
      nullable = false;
    }
    if (this.takeWord("comment")) metadata = { comment: this.next().value };
    return new StructField(name.value, type, nullable, metadata);
  }

  private decimal(): DataType {
    if (!this.take("(")) return new DecimalType();
    const precision = this.number();
    const scale = this.take(",") ? this.number() : 0;
    this.expect(")");
    return new DecimalType(precision, scale);
  }

  private inside<T>(open: string, close: string, body: () => T): T {
    this.expect(open);
    const result = body();
    this.expect(close);
    return result;
  }
  private number(): number {
    const next = this.next();
    if (next.kind !== "number") throw this.error(next.value);
    return Number(next.value);
  }
  private peek(): Token {
    return this.tokens[this.at] ?? { kind: "end", value: "end of input" };
  }
  private next(): Token {
    const found = this.peek();
    this.at++;
    return found;
  }
  private take(mark: string): boolean {
    const found = this.peek().kind === "mark" && this.peek().value === mark;
    if (found) this.at++;
    return found;
  }
  private takeWord(word: string): boolean {
    const found = this.peek().kind === "word" && this.peek().value.toLowerCase() === word;
    if (found) this.at++;
    return found;
  }
  private expect(mark: string): void {
    if (!this.take(mark)) throw this.error(this.peek().value);
  }
  private error(near: string): ParseException {
    return new ParseException(`Syntax error at or near '${near}' in the schema '${this.ddl}'.`, {
      condition: "PARSE_SYNTAX_ERROR",
      sqlState: "42601",
      parameters: { error: `'${near}'`, hint: "" },
    });
  }
}

/**
 * A struct from `a INT, b STRING NOT NULL COMMENT 'x'` (a colon after the name is allowed). As in PySpark, a lone
 * `struct<...>` gives its fields and any other lone type one column named `value`.
 */
export function parseDDL(ddl: string): StructType {
  const parser = new DdlParser(ddl);
  try {
    const struct = parser.fields();
    parser.end();
    return struct;
  } catch (error) {
    const lone = loneType(ddl);
    if (!lone) throw error;
    return lone instanceof StructType ? lone : new StructType([new StructField("value", lone)]);
  }
}

function loneType(text: string): DataType | undefined {
  try {
    return parseType(text);
  } catch {
    return undefined;
  }
}

/** One type from its SQL or simple name: `bigint`, `array<double>`, `struct<a:int,b:string>`, `decimal(10,2)`, `vector`. */
export function parseType(text: string): DataType {
  const parser = new DdlParser(text);
  const type = parser.type();
  parser.end();
  return type;
}
