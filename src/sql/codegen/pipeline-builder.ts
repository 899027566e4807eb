import { isFixed, widthOf, type Layout } from "../../columnar/index.js";
import { Emitter, mathImports, wasmTypeOf } from "./emitter.js";
import type { FunctionBuilder } from "./function-builder.js";
import { ModuleBuilder } from "./module-builder.js";
import { addStringRuntime } from "./string-runtime.js";
import type { Value } from "./value.js";

/** An input column: its position in the batch, its layout, whether it may hold nulls. */
export interface PipelineInput {
  readonly ordinal: number;
  readonly layout: Layout;
  readonly nullable: boolean;
}
/** Emits one expression; the values of input columns are looked up by ordinal. */
export type EmitValue = (
  emitter: Emitter,
  column: (ordinal: number) => Value,
  text: (literal: string) => Value,
) => Value;

export interface PipelineRequest {
  readonly inputs: readonly PipelineInput[];
  readonly filter: { readonly emit: EmitValue; readonly ordinals: readonly number[] } | undefined;
  readonly project: readonly { readonly emit: EmitValue; readonly ordinals: readonly number[] }[];
}

/**
 * A pipeline's argument in memory, i32 words:
 *
 *   inputs    3 words each     validity (0 = no nulls), values or offsets, bytes
 *   outputs   3 words each     validity, values or offsets, bytes (validity and bool values are zero at the start)
 *   selection 1 word           where the numbers of kept rows go
 *   texts     1 word           literal texts
 */
export const WORDS_PER_COLUMN = 3;
export const pipelineWords = (inputs: number, outputs: number): number => WORDS_PER_COLUMN * (inputs + outputs) + 2;

export interface BuiltPipeline {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Layout of each output, and whether it has a validity bitmap. */
  readonly outputs: readonly { readonly layout: Layout; readonly nullable: boolean }[];
  /** UTF-8 of all literal texts. */
  readonly texts: Uint8Array;
  readonly longestText: number;
  readonly mathNames: readonly string[];
}

/**
 * One function over a batch: for each row the filter, then the projections, written at the next place of the outputs.
 * Returns the number of rows kept, or -1 where a value has no result and the row-by-row evaluation must raise the error.
 */
export function buildPipeline(request: PipelineRequest): BuiltPipeline {
  const module = new ModuleBuilder();
  const fn = module.function("pipeline", { params: ["i32", "i32"], result: "i32" });
  const body = new PipelineBody(module, fn, request);
  body.emit();
  return {
    bytes: module.bytes(),
    text: module.text(),
    outputs: body.outputs,
    texts: body.textBytes(),
    longestText: body.longestText,
    mathNames: [...body.mathNames],
  };
}

const ARGUMENT = 0;
const NUM_ROWS = 1;

class PipelineBody {
  readonly outputs: { layout: Layout; nullable: boolean }[] = [];
  readonly mathNames = new Set<string>();
  longestText = 0;
  private readonly texts: Uint8Array[] = [];
  private textLength = 0;
  private readonly emitter: Emitter;
  private readonly row: number;
  private readonly kept: number;
  private readonly textBase: number;
  private readonly bases = new Map<number, { validity: number; values: number; bytes: number }>();
  private readonly loaded = new Map<number, Value>();

  constructor(
    module: ModuleBuilder,
    private readonly fn: FunctionBuilder,
    private readonly request: PipelineRequest,
  ) {
    this.emitter = new Emitter(
      fn,
      (name) => {
        this.mathNames.add(name);
        module.import(name, { params: Array.from({ length: mathImports[name] }, () => "f64" as const), result: "f64" });
      },
      (name) => addStringRuntime(module, name),
    );
    this.row = fn.local("i32");
    this.kept = fn.local("i32");
    this.textBase = fn.local("i32");
  }

  emit(): void {
    const { fn, row, kept, request } = this;
    const { inputs, project, filter } = request;
    inputs.forEach((input, k) => this.bases.set(input.ordinal, this.addresses(k)));
    const outputs = project.map((_, k) => this.addresses(inputs.length + k));
    const selection = this.word(WORDS_PER_COLUMN * (inputs.length + project.length));
    fn.get(ARGUMENT);
    fn.memory("i32.load", 4 * (WORDS_PER_COLUMN * (inputs.length + project.length) + 1));
    fn.set(this.textBase);
    fn.block(() =>
      fn.loop(() => {
        fn.get(row);
        fn.get(NUM_ROWS);
        fn.op("i32.ge_s");
        fn.brIf(1);
        fn.block(() => {
          if (filter) this.filter(filter);
          for (const ordinal of new Set(project.flatMap((p) => p.ordinals))) this.load(ordinal);
          project.forEach((p, k) => this.store(this.value(p.emit), outputs[k]));
          this.addressOf(selection, kept, 4);
          fn.get(row);
          fn.memory("i32.store");
          this.increment(kept);
        });
        this.increment(row);
        fn.br(0);
      }),
    );
    fn.get(kept);
  }

  textBytes(): Uint8Array {
    const all = new Uint8Array(this.textLength);
    let at = 0;
    for (const text of this.texts) {
      all.set(text, at);
      at += text.length;
    }
    return all;
  }

  private value(emit: EmitValue): Value {
    return emit(
      this.emitter,
      (ordinal) => this.loaded.get(ordinal)!,
      (text) => this.literalText(text),
    );
  }
  private word(index: number): number {
    const local = this.fn.local("i32");
    this.fn.get(ARGUMENT);
    this.fn.memory("i32.load", 4 * index);
    this.fn.set(local);
    return local;
  }
  private addresses(column: number): { validity: number; values: number; bytes: number } {
    const first = WORDS_PER_COLUMN * column;
    return { validity: this.word(first), values: this.word(first + 1), bytes: this.word(first + 2) };
  }
  private increment(local: number): void {
    this.fn.get(local);
    this.fn.i32(1);
    this.fn.op("i32.add");
    this.fn.set(local);
  }
  /** Leaves `base + index * width`. */
  private addressOf(base: number, index: number, width: number): void {
    this.fn.get(base);
    this.fn.get(index);
    if (width > 1) {
      this.fn.i32(width);
      this.fn.op("i32.mul");
    }
    this.fn.op("i32.add");
  }

  private filter(filter: NonNullable<PipelineRequest["filter"]>): void {
    for (const ordinal of new Set(filter.ordinals)) this.load(ordinal);
    const condition = this.value(filter.emit);
    this.fn.get(condition.local);
    this.emitter.pushValid(condition);
    this.fn.op("i32.and");
    this.fn.op("i32.eqz");
    this.fn.brIf(0);
  }

  /** Leaves the bit of a bitmap at `index`. */
  private bit(bitmap: number, index: number): void {
    const { fn } = this;
    fn.get(bitmap);
    fn.get(index);
    fn.i32(3);
    fn.op("i32.shr_u");
    fn.op("i32.add");
    fn.memory("i32.load8_u");
    fn.get(index);
    fn.i32(7);
    fn.op("i32.and");
    fn.op("i32.shr_u");
    fn.i32(1);
    fn.op("i32.and");
  }

  /** Loads the column's value of this row into locals. */
  private load(ordinal: number): void {
    if (this.loaded.has(ordinal)) return;
    const { fn, row } = this;
    const input = this.request.inputs.find((candidate) => candidate.ordinal === ordinal)!;
    const { layout } = input;
    const base = this.bases.get(ordinal)!;
    let valid: number | null = null;
    if (input.nullable) {
      valid = fn.local("i32");
      fn.get(base.validity);
      fn.if(
        () => this.bit(base.validity, row),
        () => fn.i32(1),
        "i32",
      );
      fn.set(valid);
    }
    if (layout === "utf8") {
      const local = fn.local("i32");
      const length = fn.local("i32");
      this.addressOf(base.values, row, 4);
      fn.memory("i32.load");
      fn.tee(length);
      fn.get(base.bytes);
      fn.op("i32.add");
      fn.set(local);
      this.addressOf(base.values, row, 4);
      fn.memory("i32.load", 4);
      fn.get(length);
      fn.op("i32.sub");
      fn.set(length);
      this.loaded.set(ordinal, { layout, local, length, valid });
      return;
    }
    const type = wasmTypeOf(layout)!;
    const local = fn.local(type);
    if (layout === "bool") this.bit(base.values, row);
    else {
      this.addressOf(base.values, row, isFixed(layout) ? widthOf[layout] : 1);
      fn.memory(layout === "i8" ? "i32.load8_s" : layout === "i16" ? "i32.load16_s" : `${type}.load`);
    }
    fn.set(local);
    this.loaded.set(ordinal, { layout, local, valid });
  }

  private literalText(text: string): Value {
    const bytes = new TextEncoder().encode(text);
    const offset = this.textLength;
    this.texts.push(bytes);
    this.textLength += bytes.length;
    this.longestText = Math.max(this.longestText, bytes.length);
    const { fn } = this;
    const local = fn.local("i32");
    const length = fn.local("i32");
    fn.get(this.textBase);
    fn.i32(offset);
    fn.op("i32.add");
    fn.set(local);
    fn.i32(bytes.length);
    fn.set(length);
    return { layout: "utf8", local, length, valid: null };
  }

  /** Sets the bit of a zeroed bitmap at `kept` where the i32 on the stack is 1. */
  private setBit(bitmap: number): void {
    const { fn, kept } = this;
    fn.if(() => {
      const address = fn.local("i32");
      fn.get(bitmap);
      fn.get(kept);
      fn.i32(3);
      fn.op("i32.shr_u");
      fn.op("i32.add");
      fn.tee(address);
      fn.get(address);
      fn.memory("i32.load8_u");
      fn.i32(1);
      fn.get(kept);
      fn.i32(7);
      fn.op("i32.and");
      fn.op("i32.shl");
      fn.op("i32.or");
      fn.memory("i32.store8");
    });
  }

  private store(value: Value, base: { validity: number; values: number; bytes: number }): void {
    const { fn, kept } = this;
    const { layout } = value;
    this.outputs.push({ layout, nullable: value.valid !== null });
    if (value.valid !== null) {
      fn.get(value.valid);
      this.setBit(base.validity);
    }
    if (layout === "utf8") return this.storeText(value, base);
    if (layout === "bool") {
      fn.get(value.local);
      this.emitter.pushValid(value);
      fn.op("i32.and");
      return this.setBit(base.values);
    }
    this.addressOf(base.values, kept, isFixed(layout) ? widthOf[layout] : 1);
    fn.get(value.local);
    fn.memory(layout === "i8" ? "i32.store8" : layout === "i16" ? "i32.store16" : `${wasmTypeOf(layout)!}.store`);
  }

  /** Copies the text behind the ones before it and writes where it ends. */
  private storeText(value: Value, base: { values: number; bytes: number }): void {
    const { fn, kept } = this;
    const end = fn.local("i32");
    this.addressOf(base.values, kept, 4);
    fn.memory("i32.load");
    fn.set(end);
    this.emitter.pushValid(value);
    fn.if(() => {
      fn.get(base.bytes);
      fn.get(end);
      fn.op("i32.add");
      fn.get(value.local);
      fn.get(value.length!);
      fn.copy();
      fn.get(end);
      fn.get(value.length!);
      fn.op("i32.add");
      fn.set(end);
    });
    this.addressOf(base.values, kept, 4);
    fn.get(end);
    fn.memory("i32.store", 4);
  }
}
