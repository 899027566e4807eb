import { afterEach, describe, expect, it, vi } from "vitest";
import { checkSettings, configEntries, sparkKeyKind, SparkConf } from "../../../src/common/index.js";

const checked = (settings: Record<string, string>): SparkConf => {
  const conf = new SparkConf().setAll(Object.entries(settings));
  checkSettings(conf);
  return conf;
};

describe("SparkConf", () => {
  it("keeps settings as text and has no defaults of its own", () => {
    const conf = new SparkConf()
      .setMaster("local[2]")
      .setAppName("a")
      .set("spark.a", 1)
      .setIfMissing("spark.a", 2)
      .setAll([["spark.b", true]])
      .setExecutorEnv("X", "1")
      .setExecutorEnv([["Y", "2"]])
      .setSparkHome("/h");
    expect(conf.get("spark.a")).toBe("1");
    expect(conf.get("spark.executor.memory")).toBeUndefined();
    expect(conf.get("spark.executor.memory", "x")).toBe("x");
    expect(conf.contains("spark.b")).toBe(true);
    expect(conf.toDebugString().split("\n")).toEqual([
      "spark.a=1",
      "spark.app.name=a",
      "spark.b=true",
      "spark.executorEnv.X=1",
      "spark.executorEnv.Y=2",
      "spark.home=/h",
      "spark.master=local[2]",
    ]);
  });

  it.each([
    ["512", 512 * 2 ** 20],
    ["512m", 512 * 2 ** 20],
    ["512MB", 512 * 2 ** 20],
    ["1g", 2 ** 30],
    ["2048k", 2 ** 21],
    ["1048576b", 2 ** 20],
    ["1t", 2 ** 40],
  ])("reads the size %s in MiB where it has no unit", (text, size) => {
    expect(new SparkConf().set("spark.executor.memory", text).value("executorMemory")).toBe(size);
  });

  it.each([
    ["100", 100],
    ["100ms", 100],
    ["30s", 30_000],
    ["2min", 120_000],
    ["2m", 120_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ])("reads the duration %s", (text, ms) => {
    expect(new SparkConf().set("spark.speculation.interval", text).value("speculationInterval")).toBe(ms);
  });

  it("counts a bare duration in the entry's unit", () => {
    expect(new SparkConf().set("spark.network.timeout", "150").value("networkTimeout")).toBe(150_000);
  });

  it("takes another entry's value where Spark does", () => {
    const conf = new SparkConf().set("spark.locality.wait", "7s");
    expect(conf.value("localityWaitProcess")).toBe(7000);
    expect(conf.set("spark.locality.wait.process", "1s").value("localityWaitProcess")).toBe(1000);
    expect(conf.value("dynamicAllocationInitialExecutors")).toBe(0);
  });

  it("has a default of the entry's own kind for every entry, under a name that Spark knows", () => {
    for (const e of Object.values(configEntries)) {
      expect(sparkKeyKind(e.key), e.key).toBeDefined();
      if (e.default !== undefined) expect(() => e.parse(e.default as string, e.key), e.key).not.toThrow();
    }
  });
});

describe("checkSettings", () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ["spark.executor.memory", "abc", "TYPE_MISMATCH"],
    ["spark.executor.memory", "1.5g", "TYPE_MISMATCH"],
    ["spark.executor.memory", "512 m", "TYPE_MISMATCH"],
    ["spark.speculation", "yes", "TYPE_MISMATCH"],
    ["spark.speculation.interval", "1.5s", "TYPE_MISMATCH"],
    ["spark.speculation.interval", "1x", "TYPE_MISMATCH"],
    ["spark.task.cpus", "0", "REQUIREMENT"],
    ["spark.memory.storageFraction", "1", "REQUIREMENT"],
    ["spark.memory.offHeap.size", "-1", "REQUIREMENT"],
    ["spark.scheduler.mode", "FOO", "OUT_OF_RANGE_OF_OPTIONS"],
    ["spark.sql.shuffle.partitions", "0", "REQUIREMENT"],
    ["spark.sql.session.timeZone", "Nowhere/X", "TIME_ZONE"],
  ])("refuses %s = %s by name", (key, text, condition) => {
    expect(() => checked({ [key]: text })).toThrow(
      expect.objectContaining({
        condition: `INVALID_CONF_VALUE.${condition}`,
        message: expect.stringContaining(`"${key}"`),
        messageParameters: { confName: key, confValue: text },
      }),
    );
  });

  it("refuses settings that contradict each other, as Spark does", () => {
    expect(() => checked({ "spark.executor.memory": "100m" })).toThrow(
      /INVALID_EXECUTOR_MEMORY.CONFIG_MEMORY.*104857600 must be at least 471859200/,
    );
    expect(() => checked({ "spark.executor.memory": "100m", "spark.testing.reservedMemory": "0" })).not.toThrow();
    expect(() => checked({ "spark.network.timeout": "5s" })).toThrow(/spark.network.timeout=5000ms/);
    expect(() => checked({ "spark.master": "local[1]", "spark.task.cpus": "2" })).toThrow(/spark.task.cpus/);
    expect(() =>
      checked({ "spark.dynamicAllocation.minExecutors": "5", "spark.dynamicAllocation.maxExecutors": "2" }),
    ).toThrow(/minExecutors \(5\)/);
  });

  it("warns once about a key that nobody knows, with the nearest one", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    checked({ "spark.exectuor.memory": "1g", "spark.hadoop.any.thing": "1", "spark.yarn.queue": "q", "own.key": "1" });
    checked({ "spark.exectuor.memory": "1g", "spark.ui.port": "4040" });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toContain('Did you mean "spark.executor.memory"?');
  });
});
