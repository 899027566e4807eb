import { SparkException } from "../../common/index.js";
import { definePortableClass } from "../../exec/closure/index.js";
import { DataFrame } from "./dataframe.js";
import { SparkSession } from "./spark-session.js";

/** Sessions and DataFrames belong to the driver: a function that uses one is refused, with Spark's error. */
function driverOnly<T>(name: string, matches: (value: unknown) => value is T): void {
  const refuse = (): never => {
    throw new SparkException(
      `It appears that you are attempting to reference a ${name} from a broadcast variable, action, or transformation. It can only be used on the driver, not in code that runs on workers: collect what the function needs, or join. For more information, see SPARK-5063.`,
      { condition: "CONTEXT_ONLY_VALID_ON_DRIVER" },
    );
  };
  definePortableClass<T>({ name, matches, take: refuse, make: refuse });
}

driverOnly("SparkSession", (value): value is SparkSession => value instanceof SparkSession);
driverOnly("DataFrame", (value): value is DataFrame => value instanceof DataFrame);
