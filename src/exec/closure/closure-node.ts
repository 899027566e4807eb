import type { KnownValue } from "./known-values.js";

/** A reference to another node of the graph, or a value that structured clone copies as it is. */
export type ClosureValue = { readonly ref: number } | { readonly value: unknown };

/** Where a worker finds what a module exports. */
export interface ModuleReference {
  /** As the user wrote it, or the address of a module. */
  readonly specifier: string;
  /** Address of the module that says so: relative and bare specifiers are resolved from there. */
  readonly parent: string;
  readonly form: "import" | "require";
  /** Name of the export; undefined for the whole namespace (of `require`: what it returns). */
  readonly name: string | undefined;
}

export type ClosureEntry = readonly [key: string, value: ClosureValue];

/** One node of a captured graph; nodes refer to each other by number, so cycles and sharing survive. */
export type ClosureNode =
  | {
      readonly kind: "function";
      readonly name: string;
      readonly expression: string;
      /** File that the text is from, for stack traces, `import()` and relative paths. */
      readonly file: string | undefined;
      readonly variables: readonly ClosureEntry[];
      /** Variables that evaluating the text itself needs: a class's parent, its static fields. */
      readonly eager: readonly string[];
      /** Own properties that the function was given. */
      readonly properties: readonly ClosureEntry[];
    }
  | { readonly kind: "known"; readonly known: KnownValue }
  | { readonly kind: "module"; readonly module: ModuleReference }
  | { readonly kind: "require"; readonly parent: string }
  | { readonly kind: "symbol"; readonly key: string }
  /** A container of nothing but primitives, which structured clone copies as a whole. */
  | { readonly kind: "copy"; readonly value: unknown }
  | { readonly kind: "buffer"; readonly bytes: Uint8Array }
  | { readonly kind: "array"; readonly items: readonly ClosureValue[] }
  | { readonly kind: "object"; readonly entries: readonly ClosureEntry[]; readonly bare: boolean }
  | { readonly kind: "instance"; readonly class: ClosureValue; readonly entries: readonly ClosureEntry[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [ClosureValue, ClosureValue])[] }
  | { readonly kind: "set"; readonly items: readonly ClosureValue[] }
  | { readonly kind: "portable"; readonly name: string; readonly parts: ClosureValue };

/** A function with everything it closes over, as plain data that structured clone copies. */
export interface Closure {
  readonly nodes: readonly ClosureNode[];
  readonly root: number;
}
