import { HashPartitioner, SparkConf, SparkContext } from "kindling";

/** A shuffle of 10M cached (int, double) pairs, without and with combining, and the same in Spark's Scala shell: `bench/rdd/shuffle.scala`. */
const ROWS = Number(process.argv[2] ?? 10_000_000);
const REPEATS = 5;

const sc = new SparkContext(new SparkConf().setMaster("local[2]"));
const pairs = sc
  .range(0, ROWS, 1, 4)
  .map((i): [number, number] => [(i * 48271) % 1_000_003, i * 0.5])
  .cache();
await pairs.count();

const workloads: Readonly<Record<string, () => Promise<number>>> = {
  partitionBy: () => pairs.partitionBy(new HashPartitioner(4)).count(),
  reduceByKey: () => pairs.reduceByKey((a, b) => a + b, 4).count(),
  groupByKey: () => pairs.groupByKey(4).count(),
};

for (const [name, run] of Object.entries(workloads)) {
  const times: number[] = [];
  let answer = 0;
  for (let i = 0; i < REPEATS; i++) {
    const begin = performance.now();
    answer = await run();
    times.push(performance.now() - begin);
  }
  const [first, ...warm] = times;
  const median = warm.sort((a, b) => a - b)[warm.length >> 1];
  console.log(JSON.stringify({ name, rows: ROWS, answer, first: Math.round(first), warm: Math.round(median) }));
}
await sc.stop();
