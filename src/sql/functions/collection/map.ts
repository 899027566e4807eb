import { SparkRuntimeException } from "../../../common/index.js";
import {
  castTo,
  commonOf,
  defineFunction,
  isNullable,
  type ScalarFunction,
  takes,
  valueKey,
  wrongNumberOfArguments,
} from "../../expressions/index.js";
import { ArrayType, MapType } from "../../types/index.js";

export const map = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["map"],
  doc: "A map of keys and values in turn.",
  signature(args, call) {
    if (args.length % 2 !== 0) throw wrongNumberOfArguments(call, "2n (n > 0)");
    const [keys, values] = [0, 1].map((odd) => args.filter((_, i) => i % 2 === odd));
    const [key, value] = [commonOf(keys, call), commonOf(values, call)];
    const cast = args.map((arg, i) => castTo(arg, i % 2 === 0 ? key : value));
    return { args: cast, type: new MapType(key, value, values.some(isNullable)) };
  },
  nullable: "never",
  eval:
    () =>
    (...items: unknown[]) => {
      const entries: [unknown, unknown][] = [];
      const seen = new Set<unknown>();
      for (let i = 0; i < items.length; i += 2) {
        if (items[i] === null) {
          throw new SparkRuntimeException("Cannot use null as map key.", {
            condition: "NULL_MAP_KEY",
            sqlState: "2200E",
          });
        }
        // Both zeros are one key.
        const key = valueKey(items[i] === 0 ? 0 : items[i]);
        if (seen.has(key)) throw duplicated(items[i]);
        seen.add(key);
        entries.push([items[i], items[i + 1]]);
      }
      return entries;
    },
});

const duplicated = (key: unknown): SparkRuntimeException =>
  new SparkRuntimeException(
    `Duplicate map key ${String(key)} was found, please check the input data. If you want to remove the duplicated keys, you can set "spark.sql.mapKeyDedupPolicy" to "LAST_WIN" so that the key inserted at last takes precedence.`,
    {
      condition: "DUPLICATED_MAP_KEY",
      sqlState: "23505",
      parameters: { key: String(key), mapKeyDedupPolicy: '"spark.sql.mapKeyDedupPolicy"' },
    },
  );

export const mapKeys = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["map_keys"],
  doc: "The keys of a map.",
  signature: takes(["map"], ([type]) => new ArrayType((type as MapType).keyType, false)),
  eval: () => (entries: readonly (readonly [unknown, unknown])[]) => entries.map(([key]) => key),
});

export const mapValues = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["map_values"],
  doc: "The values of a map.",
  signature: takes(
    ["map"],
    ([type]) => new ArrayType((type as MapType).valueType, (type as MapType).valueContainsNull),
  ),
  eval: () => (entries: readonly (readonly [unknown, unknown])[]) => entries.map(([, value]) => value),
});
