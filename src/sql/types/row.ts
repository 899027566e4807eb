/** One row of a result: values by position, by `get(name)`, and as properties (unless a method has that name). */
export class Row implements Iterable<unknown> {
  readonly [field: string]: unknown;
  readonly #names: readonly string[];
  readonly #values: readonly unknown[];

  constructor(names: readonly string[], values: readonly unknown[]) {
    this.#names = names;
    this.#values = values;
    for (let i = 0; i < names.length; i++) {
      if (names[i] in Row.prototype || Object.hasOwn(this, names[i])) continue;
      Object.defineProperty(this, names[i], { value: values[i], enumerable: true, configurable: true });
    }
  }
  /** A row of a plain object's entries, in their order. */
  static of(fields: Readonly<Record<string, unknown>>): Row {
    return new Row(Object.keys(fields), Object.values(fields));
  }
  get fieldNames(): readonly string[] {
    return this.#names;
  }
  get length(): number {
    return this.#values.length;
  }
  /** Value at a position or of a column; undefined when there is none. */
  get(field: number | string): unknown {
    return this.#values[typeof field === "number" ? field : this.#names.indexOf(field)];
  }
  getAs<T>(field: number | string): T {
    return this.get(field) as T;
  }
  isNullAt(position: number): boolean {
    return this.#values[position] === null;
  }
  toArray(): unknown[] {
    return [...this.#values];
  }
  /** A plain object of the fields; of duplicate names the last value stays, as with Python's `asDict`. */
  asDict(recursive = false): Record<string, unknown> {
    const convert = (value: unknown): unknown => {
      if (!recursive) return value;
      if (value instanceof Row) return value.asDict(true);
      return Array.isArray(value) ? value.map(convert) : value;
    };
    return Object.fromEntries(this.#names.map((name, i) => [name, convert(this.#values[i])]));
  }
  toJSON(): Record<string, unknown> {
    return this.asDict();
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#values[Symbol.iterator]();
  }
  toString(): string {
    return `Row(${this.#names.map((name, i) => `${name}=${String(this.#values[i])}`).join(", ")})`;
  }
}
