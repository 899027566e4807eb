import { name, section, unsigned, vector } from "./encoding.js";
import { FunctionBuilder, type FunctionType } from "./function-builder.js";
import { typeCodes } from "./opcodes.js";

interface Import {
  readonly name: string;
  readonly type: FunctionType;
}

/** Builds a WebAssembly module over one imported shared memory, `env.memory`. */
export class ModuleBuilder {
  private readonly imports: Import[] = [];
  private readonly functions: FunctionBuilder[] = [];

  /** Declares an imported function `env.<name>`. */
  import(functionName: string, type: FunctionType): void {
    if (!this.has(functionName)) this.imports.push({ name: functionName, type });
  }

  /** A function that is exported under its name. */
  function(functionName: string, type: FunctionType): FunctionBuilder {
    const builder = new FunctionBuilder(functionName, type);
    this.functions.push(builder);
    return builder;
  }

  has(functionName: string): boolean {
    return this.names.includes(functionName);
  }

  /** Functions by their number. */
  private get names(): string[] {
    return [...this.imports, ...this.functions].map((fn) => fn.name);
  }
  private indexOf(functionName: string): number {
    const index = this.names.indexOf(functionName);
    if (index < 0) throw new Error(`no function ${functionName} in the module`);
    return index;
  }

  /** The binary form; the memory import asks for at most `maximumPages`. */
  bytes(maximumPages = 65_536): Uint8Array {
    const types: string[] = [];
    const typeIndex = ({ params, result }: FunctionType): number => {
      const key = `${params.join(",")}:${result ?? ""}`;
      if (!types.includes(key)) types.push(key);
      return types.indexOf(key);
    };
    const functionTypes = this.functions.map((fn) => unsigned(typeIndex(fn.type)));
    const imported = this.imports.map((i) => [...name("env"), ...name(i.name), 0x00, ...unsigned(typeIndex(i.type))]);
    const memory = [...name("env"), ...name("memory"), 0x02, 0x03, ...unsigned(1), ...unsigned(maximumPages)];
    const exported = this.functions.map((fn, i) => [...name(fn.name), 0x00, ...unsigned(this.imports.length + i)]);
    const typeEntries = types.map((key) => {
      const [params, result] = key.split(":");
      const codes = (list: string): number[][] =>
        list === "" ? [] : list.split(",").map((type) => [typeCodes[type as keyof typeof typeCodes]]);
      return [0x60, ...vector(codes(params)), ...vector(codes(result))];
    });
    return new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vector(typeEntries)),
      ...section(2, vector([...imported, memory])),
      ...section(3, vector(functionTypes)),
      ...section(7, vector(exported)),
      ...section(10, vector(this.functions.map((fn) => fn.bytes((called) => this.indexOf(called))))),
    ]);
  }

  /** The text form, for `explain("codegen")`. */
  text(): string {
    const imports = this.imports.map(({ name: imported, type }) => {
      const params = type.params.map((param) => ` (param ${param})`).join("");
      return `(import "env" "${imported}" (func $${imported}${params}${type.result ? ` (result ${type.result})` : ""}))`;
    });
    return [
      "(module",
      '(import "env" "memory" (memory shared))',
      ...imports,
      ...this.functions.map((f) => f.text()),
      ")",
    ].join("\n");
  }
}
