import { SparkException } from "../common/index.js";
import { definePortableClass } from "../exec/closure/index.js";
import { RddBase } from "./rdd-base.js";
import { SparkContext } from "./spark-context.js";

const refuse = (): never => {
  throw new SparkException(
    "RDD transformations and actions can only be invoked by the driver, not inside of other transformations; for example, rdd1.map(x => rdd2.values().count() * x) is invalid because the values transformation and count action cannot be performed inside of the rdd1.map transformation (SPARK-28702). Collect the other RDD and broadcast it, or join the two.",
    { condition: "_LEGACY_ERROR_TEMP_3011" },
  );
};

/** RDDs and contexts live on the driver: a function that closes over one is refused where it is passed. */
definePortableClass<RddBase<unknown>>({
  name: "RDD",
  matches: (value): value is RddBase<unknown> => value instanceof RddBase,
  take: refuse,
  make: refuse,
});
definePortableClass<SparkContext>({
  name: "SparkContext",
  matches: (value): value is SparkContext => value instanceof SparkContext,
  take: refuse,
  make: refuse,
});
