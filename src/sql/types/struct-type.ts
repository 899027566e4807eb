import { IllegalArgumentException } from "../../common/index.js";
import { DataType, type TypeJson } from "./data-type.js";

export type FieldMetadata = Readonly<Record<string, unknown>>;

/** One column of a schema or one field of a struct. */
export class StructField {
  constructor(
    readonly name: string,
    readonly dataType: DataType,
    readonly nullable: boolean = true,
    readonly metadata: FieldMetadata = {},
  ) {}

  jsonValue(): Readonly<Record<string, unknown>> {
    return {
      name: this.name,
      type: this.dataType.jsonValue(),
      nullable: this.nullable,
      metadata: this.metadata,
    };
  }
  toJSON(): unknown {
    return this.jsonValue();
  }
  /** The field in DDL, e.g. `a INT NOT NULL`. */
  toDDL(): string {
    const comment = this.metadata.comment;
    const suffix = typeof comment === "string" ? ` COMMENT '${comment.replace(/['\\]/g, "\\$&")}'` : "";
    return `${quoteIfNeeded(this.name)} ${this.dataType.sql()}${this.nullable ? "" : " NOT NULL"}${suffix}`;
  }
  toString(): string {
    return `StructField(${this.name},${this.dataType.toString()},${this.nullable})`;
  }
}

/** A struct, and the schema of a DataFrame. */
export class StructType extends DataType {
  readonly fields: readonly StructField[];
  private positions: ReadonlyMap<string, number> | undefined;

  constructor(fields: Iterable<StructField> = []) {
    super();
    this.fields = [...fields];
  }

  /** A new schema with one more column. */
  add(field: StructField): StructType;
  add(name: string, dataType: DataType, nullable?: boolean, metadata?: FieldMetadata): StructType;
  add(first: StructField | string, dataType?: DataType, nullable = true, metadata: FieldMetadata = {}): StructType {
    const field = typeof first === "string" ? new StructField(first, dataType!, nullable, metadata) : first;
    return new StructType([...this.fields, field]);
  }
  get fieldNames(): readonly string[] {
    return this.fields.map((field) => field.name);
  }
  get names(): readonly string[] {
    return this.fieldNames;
  }
  get length(): number {
    return this.fields.length;
  }
  [Symbol.iterator](): Iterator<StructField> {
    return this.fields[Symbol.iterator]();
  }
  /** Position of the first field of exactly this name, -1 when there is none. */
  indexOf(name: string): number {
    if (!this.positions) {
      const positions = new Map<string, number>();
      this.fields.forEach((field, i) => positions.has(field.name) || positions.set(field.name, i));
      this.positions = positions;
    }
    return this.positions.get(name) ?? -1;
  }
  has(name: string): boolean {
    return this.indexOf(name) >= 0;
  }
  /** The field of exactly this name, or undefined. */
  find(name: string): StructField | undefined {
    return this.fields[this.indexOf(name)];
  }
  /** The field of this name; throws Spark's error when it does not exist. */
  field(name: string): StructField {
    const found = this.find(name);
    if (found) return found;
    const fields = this.fieldNames.join(", ");
    throw new IllegalArgumentException(`${name} does not exist. Available: ${fields}`, {
      condition: "FIELD_NOT_FOUND",
      sqlState: "42704",
      parameters: { fieldName: name, fields },
    });
  }

  override typeName(): string {
    return "struct";
  }
  override simpleString(): string {
    return `struct<${this.fields.map((f) => `${f.name}:${f.dataType.simpleString()}`).join(",")}>`;
  }
  override sql(): string {
    const inner = this.fields.map(
      (f) => `${quoteIfNeeded(f.name)}: ${f.dataType.sql()}${f.nullable ? "" : " NOT NULL"}`,
    );
    return `STRUCT<${inner.join(", ")}>`;
  }
  override jsonValue(): TypeJson {
    return { type: "struct", fields: this.fields.map((field) => field.jsonValue()) };
  }
  /** The schema as `a INT,b STRING NOT NULL`. */
  toDDL(): string {
    return this.fields.map((field) => field.toDDL()).join(",");
  }
  override toString(): string {
    return `StructType(${this.fields.map(String).join(",")})`;
  }
}

/** An identifier as SQL needs it: in backquotes unless it is a plain word. */
export const quoteIfNeeded = (name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll("`", "``")}\``;
