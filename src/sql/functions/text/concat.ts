import { castTo, commonType, dataDiffTypes, defineFunction, implicitCast, typeOf } from "../../expressions/index.js";
import { ArrayType, BinaryType, stringType } from "../../types/index.js";

export const concat = defineFunction({
  kind: "scalar",
  names: ["concat", "||"],
  doc: "Texts, byte strings or arrays one after the other; null when one is null.",
  signature(args, call) {
    const types = args.map(typeOf);
    if (types.some((type) => type instanceof ArrayType)) {
      if (!types.every((type) => type instanceof ArrayType)) throw dataDiffTypes(call);
      const type = commonType(types);
      if (!type) throw dataDiffTypes(call);
      return { args: args.map((arg) => castTo(arg, type)), type };
    }
    if (types.length > 0 && types.every((type) => type instanceof BinaryType)) return { args, type: types[0] };
    return { args: args.map((arg, i) => implicitCast(arg, stringType, call, i)), type: stringType };
  },
  eval(call) {
    if (call.type instanceof ArrayType) return (...lists: unknown[][]) => lists.flat();
    if (call.type instanceof BinaryType) return (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
    return (...parts: string[]) => parts.join("");
  },
});
