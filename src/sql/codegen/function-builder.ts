import { f32Bytes, f64Bytes, signed, unsigned } from "./encoding.js";
import { memoryOpcodes, plainOpcodes, typeCodes } from "./opcodes.js";
import type { WasmType } from "./value.js";

/** Type of a function: its parameters and at most one result. */
export interface FunctionType {
  readonly params: readonly WasmType[];
  readonly result: WasmType | undefined;
}

/** One function's body, as bytes and as text at once. Calls name functions; the module builder knows their numbers. */
export class FunctionBuilder {
  /** A string stands for the number of the function of that name. */
  private code: (number | string)[] = [];
  private lines: string[] = [];
  private readonly locals: WasmType[] = [];
  private depth = 1;

  constructor(
    readonly name: string,
    readonly type: FunctionType,
  ) {}

  /** Number of a new local. */
  local(type: WasmType): number {
    return this.type.params.length + this.locals.push(type) - 1;
  }

  private emit(text: string, ...bytes: readonly (number | string)[]): void {
    for (const byte of bytes) this.code.push(byte);
    this.lines.push(`${"  ".repeat(this.depth)}${text}`);
  }

  /** An instruction without immediates, e.g. `f64.add`. */
  op(instruction: string): void {
    const opcode = plainOpcodes[instruction];
    if (opcode === undefined) throw new Error(`no instruction ${instruction}`);
    this.emit(instruction, opcode);
  }
  get(local: number): void {
    this.emit(`local.get ${local}`, 0x20, ...unsigned(local));
  }
  set(local: number): void {
    this.emit(`local.set ${local}`, 0x21, ...unsigned(local));
  }
  tee(local: number): void {
    this.emit(`local.tee ${local}`, 0x22, ...unsigned(local));
  }
  i32(value: number): void {
    this.emit(`i32.const ${value}`, 0x41, ...signed(BigInt(value | 0)));
  }
  i64(value: bigint): void {
    this.emit(`i64.const ${value}`, 0x42, ...signed(BigInt.asIntN(64, value)));
  }
  f32(value: number): void {
    this.emit(`f32.const ${value}`, 0x43, ...f32Bytes(value));
  }
  f64(value: number): void {
    this.emit(`f64.const ${Object.is(value, -0) ? "-0" : value}`, 0x44, ...f64Bytes(value));
  }
  /** A load or store at the address on the stack plus `offset`. */
  memory(instruction: string, offset = 0): void {
    const [opcode, align] = memoryOpcodes[instruction];
    this.emit(`${instruction} offset=${offset}`, opcode, align, ...unsigned(offset));
  }
  /** `memory.copy`: destination, source and length are on the stack. */
  copy(): void {
    this.emit("memory.copy", 0xfc, 10, 0, 0);
  }
  call(name: string): void {
    this.emit(`call $${name}`, 0x10, name);
  }
  br(depth: number): void {
    this.emit(`br ${depth}`, 0x0c, ...unsigned(depth));
  }
  brIf(depth: number): void {
    this.emit(`br_if ${depth}`, 0x0d, ...unsigned(depth));
  }

  private nested(text: string, opcode: number, result: WasmType | undefined, body: () => void): void {
    this.emit(result ? `${text} (result ${result})` : text, opcode, result ? typeCodes[result] : 0x40);
    this.depth++;
    body();
    this.depth--;
  }
  private end(): void {
    this.emit("end", 0x0b);
  }
  block(body: () => void): void {
    this.nested("block", 0x02, undefined, body);
    this.end();
  }
  loop(body: () => void): void {
    this.nested("loop", 0x03, undefined, body);
    this.end();
  }
  /** Branches on the i32 on the stack. */
  if(then: () => void, otherwise?: () => void, result?: WasmType): void {
    this.nested("if", 0x04, result, then);
    if (otherwise) {
      this.emit("else", 0x05);
      this.depth++;
      otherwise();
      this.depth--;
    }
    this.end();
  }

  /** What `body` emits, kept apart to be placed by `place`. */
  capture(body: () => void): Snippet {
    const { code, lines } = this;
    this.code = [];
    this.lines = [];
    body();
    const snippet = { code: this.code, lines: this.lines };
    this.code = code;
    this.lines = lines;
    return snippet;
  }
  place(snippet: Snippet): void {
    for (const byte of snippet.code) this.code.push(byte);
    for (const line of snippet.lines) this.lines.push(line);
  }

  /** The entry of the code section; `indexOf` numbers the functions that are called. */
  bytes(indexOf: (name: string) => number): number[] {
    const locals = this.locals.map((type) => [1, typeCodes[type]]);
    const code = this.code.flatMap((item) => (typeof item === "number" ? item : unsigned(indexOf(item))));
    const body = [...unsigned(locals.length), ...locals.flat(), ...code, 0x0b];
    return [...unsigned(body.length), ...body];
  }
  text(): string {
    const params = this.type.params.map((type) => ` (param ${type})`).join("");
    const result = this.type.result ? ` (result ${this.type.result})` : "";
    const locals = this.locals.length ? [`  (local ${this.locals.join(" ")})`] : [];
    return [`(func $${this.name}${params}${result}`, ...locals, ...this.lines, ")"].join("\n");
  }
}

export interface Snippet {
  readonly code: readonly (number | string)[];
  readonly lines: readonly string[];
}
