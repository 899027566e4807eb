import { expect, it } from "vitest";
import { SparkConf } from "../../../src/common/index.js";
import { SparkSession } from "../../../src/index.js";
import { RuntimeConfig } from "../../../src/sql/api/runtime-config.js";

const runtime = (): RuntimeConfig => new RuntimeConfig(new SparkConf());

it("gives SQL defaults as Spark writes them, and nothing of the core that was not set", () => {
  expect(runtime().get("spark.sql.shuffle.partitions")).toBe("200");
  expect(runtime().get("spark.sql.autoBroadcastJoinThreshold")).toBe("10MB");
  expect(runtime().get("spark.memory.fraction", "x")).toBe("x");
  expect(() => runtime().get("spark.memory.fraction")).toThrow(/SQL_CONF_NOT_FOUND/);
});

it("refuses to change what the engine was started with", () => {
  expect(() => runtime().set("spark.executor.memory", "1g")).toThrow(/CANNOT_MODIFY_CONFIG/);
  expect(() => runtime().unset("spark.executor.memory")).toThrow(/CANNOT_MODIFY_CONFIG/);
  expect(() => runtime().set("spark.sql.warehouse.dir", "x")).toThrow(/CANNOT_MODIFY_STATIC_CONFIG/);
  expect(runtime().isModifiable("spark.executor.memory")).toBe(false);
  expect(runtime().isModifiable("spark.sql.warehouse.dir")).toBe(false);
  expect(runtime().isModifiable("spark.sql.shuffle.partitions")).toBe(true);
});

it("changes SQL settings, properties of jobs and keys of the user's, and checks the values", () => {
  const conf = runtime();
  conf.set("spark.sql.shuffle.partitions", 7);
  conf.set("spark.scheduler.pool", "x");
  conf.set("own.key", "y");
  expect(conf.getAll()).toEqual({ "spark.sql.shuffle.partitions": "7", "spark.scheduler.pool": "x", "own.key": "y" });
  expect(() => conf.set("spark.sql.shuffle.partitions", "x")).toThrow(/INVALID_CONF_VALUE.TYPE_MISMATCH.*'int'/);
});

it("takes a SparkConf, and fails at the start for a wrong value", async () => {
  const conf = new SparkConf(false).setMaster("local[1]").set("spark.sql.shuffle.partitions", "3");
  const spark = SparkSession.builder.config(conf).create();
  try {
    expect(spark.conf.get("spark.sql.shuffle.partitions")).toBe("3");
    expect(spark.conf.get("spark.master")).toBe("local[1]");
  } finally {
    await spark.stop();
  }
  expect(() => SparkSession.builder.config("spark.executor.memory", "lots").create()).toThrow(
    /"spark.executor.memory" is invalid/,
  );
});
