import { describe, expect, it } from "vitest";
import { Vectors } from "../../../src/linalg/index.js";
import {
  booleanParam,
  declareParams,
  defineStage,
  doubleArrayArrayParam,
  doubleParam,
  findStage,
  gtEq,
  hasInputCol,
  hasOutputCol,
  hasSeed,
  intParam,
  javaStringHash,
  longParam,
  MLWritable,
  type ParamAccess,
  ParamMap,
  type ParamOptions,
  stageDescriptor,
  vectorParam,
} from "../../../src/ml/base/index.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  ...hasSeed,
  maxIter: intParam("Passes.", { default: 10, valid: gtEq(0) }),
  tol: doubleParam("Tolerance.", { valid: gtEq(0) }),
  big: longParam("A long."),
  flag: booleanParam("A flag.", { default: true }),
  grid: doubleArrayArrayParam("A grid."),
  centre: vectorParam("A vector."),
});
interface Sample extends ParamAccess<typeof params, Sample> {}
class Sample extends MLWritable {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }
  setTol(value: number): this {
    return this.set("flag", false).set("tol", value);
  }
}
defineStage(Sample, { javaClass: "org.example.Sample", params });

describe("params", () => {
  it("gives setters, getters, Param fields and options from the declaration", () => {
    const stage = new Sample({ maxIter: 20, inputCol: undefined }).setInputCol("x").setGrid([[1, 2], []]);
    expect([stage.getMaxIter(), stage.getInputCol(), stage.getFlag(), stage.getGrid()]).toEqual([
      20,
      "x",
      true,
      [[1, 2], []],
    ]);
    expect(String(stage.maxIter)).toBe(`${stage.uid}__maxIter`);
    expect(stage.params.map((p) => p.name)).toEqual([...stage.params.map((p) => p.name)].sort());
  });
  it("has a uid of prefix and twelve hex digits and Spark's derived defaults", () => {
    const stage = new Sample();
    expect(stage.uid).toMatch(/^Sample_[0-9a-f]{12}$/);
    expect(stage.getOutputCol()).toBe(`${stage.uid}__output`);
    expect(stage.getSeed()).toBe(javaStringHash("org.example.Sample"));
    expect(javaStringHash("org.apache.spark.ml.tuning.CrossValidator")).toBe(-1191137437);
  });
  it("lets a class override a setter", () => {
    expect(new Sample().setTol(1).getFlag()).toBe(false);
  });
  it("knows what is set, defined and defaulted", () => {
    const stage = new Sample({ tol: 1 });
    expect([stage.isSet("tol"), stage.hasDefault("tol"), stage.isDefined("tol")]).toEqual([true, false, true]);
    expect([stage.isSet(stage.maxIter), stage.hasDefault(stage.maxIter)]).toEqual([false, true]);
    expect(stage.clear("tol").get("tol")).toBeUndefined();
    expect(() => stage.getTol()).toThrow("Failed to find a default value for tol");
    expect(() => stage.getParam("nope")).toThrow("Param nope does not exist");
    expect(() => stage.set(new Sample().maxIter, 1)).toThrow("does not belong to");
  });
  it("rejects values when they are set, with Spark's texts", () => {
    const stage = new Sample();
    expect(() => stage.setMaxIter(-1)).toThrow(`${stage.uid} parameter maxIter given invalid value -1.`);
    expect(() => stage.set("tol", -0.5)).toThrow(`${stage.uid} parameter tol given invalid value -0.5.`);
    expect(() => new ParamMap().put(stage.tol, -2)).toThrow("given invalid value -2.0.");
    expect(() => stage.set("maxIter", "ten")).toThrow(
      'Invalid param value given for param "maxIter". Could not convert ten to int',
    );
    expect(() => stage.set("flag", "yes")).toThrow(/"flag". Boolean Param requires value of type bool/);
    expect(() => stage.set("maxIter", 1.5)).toThrow(TypeError);
  });
  it("converts what the type allows", () => {
    const stage = new Sample({ big: 2n ** 60n }).set("centre", [1, 2]).set("grid", [Float64Array.of(1)]);
    expect(stage.getBig()).toBe(2n ** 60n);
    expect(stage.setBig(5n).getBig()).toBe(5);
    expect(stage.getCentre().equals(Vectors.dense([1, 2]))).toBe(true);
    expect(() => stage.setBig(2n ** 63n)).toThrow(TypeError);
  });
  it("copies with overrides and leaves the original alone", () => {
    const stage = new Sample({ maxIter: 1 });
    const other = new Sample();
    const copy = stage.copy(new ParamMap().put(stage.maxIter, 2).put(other.maxIter, 9));
    expect([stage.getMaxIter(), copy.getMaxIter(), copy.uid]).toEqual([1, 2, stage.uid]);
    expect(stage.copy({ tol: 3 }).getTol()).toBe(3);
    copy.set("tol", 1);
    expect(stage.isSet("tol")).toBe(false);
  });
  it("copies values and defaults to a stage that has the params", () => {
    const from = new Sample({ tol: 2 });
    const to = from.copyValues(new Sample());
    expect([to.getTol(), to.getOutputCol()]).toEqual([2, `${from.uid}__output`]);
  });
  it("explains and extracts", () => {
    const stage = new Sample({ tol: 2 });
    expect(stage.explainParam("maxIter")).toBe("maxIter: Passes. (default: 10)");
    expect(stage.explainParam(stage.tol)).toBe("tol: Tolerance. (current: 2.0)");
    expect(stage.explainParam("big")).toBe("big: A long. (undefined)");
    expect(stage.explainParams().split("\n")).toHaveLength(9);
    expect(stage.extractParamMap({ tol: 4 }).get(stage.tol)).toBe(4);
    expect(stage.extractParamMap().contains(stage.big)).toBe(false);
  });
  it("is found by its names", () => {
    expect(findStage("Sample")).toBe(findStage("org.example.Sample"));
    expect(stageDescriptor(class extends Sample {}).javaClass).toBe("org.example.Sample");
    class Unknown extends MLWritable {}
    expect(() => new Unknown()).toThrow("defineStage(Unknown");
  });
});
