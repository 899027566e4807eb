import { AnalysisException } from "../../common/index.js";
import type { AggregateFunction, FunctionDescriptor, ScalarFunction } from "./descriptor.js";

const functions = new Map<string, FunctionDescriptor>();

/** Registers a function under all its names and returns it. */
export function defineFunction<T extends ScalarFunction | AggregateFunction>(descriptor: T): T {
  for (const name of descriptor.names) functions.set(name.toLowerCase(), descriptor);
  return descriptor;
}

/** The function of this name (without case), or undefined. */
export const findFunction = (name: string): FunctionDescriptor | undefined => functions.get(name.toLowerCase());

/** The function of this name; throws UNRESOLVED_ROUTINE when there is none. */
export function functionOf(name: string): FunctionDescriptor {
  const found = findFunction(name);
  if (found) return found;
  throw new AnalysisException(
    `Cannot resolve routine \`${name}\` on search path [\`system\`.\`builtin\`, \`system\`.\`session\`, \`spark_catalog\`.\`default\`].`,
    {
      condition: "UNRESOLVED_ROUTINE",
      sqlState: "42883",
      parameters: {
        routineName: `\`${name}\``,
        searchPath: "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]",
      },
    },
  );
}

export const isAggregate = (name: string): boolean => findFunction(name)?.kind === "aggregate";

/** All functions, each once. */
export const allFunctions = (): readonly FunctionDescriptor[] => [...new Set(functions.values())];
