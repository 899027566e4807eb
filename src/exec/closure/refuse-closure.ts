import { IllegalArgumentException } from "../../common/index.js";

/** The error of a variable that cannot travel to a worker; it names the variable and says why. */
export function refuseClosure(path: string, why: string, cause?: unknown): IllegalArgumentException {
  return new IllegalArgumentException(
    `The function cannot be shipped to a worker: ${path} ${why}. Pass plain data, typed arrays, Maps, Sets, Dates, vectors or other functions, or create it inside the function.`,
    {
      condition: "UNSERIALIZABLE_CLOSURE",
      parameters: { variable: path },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
