// PageRank, ten passes over links that stay in memory: `kindling run examples/pagerank.ts [file of "from to" lines]`.
import { SparkContext } from "kindling";

const PASSES = 10;
const DAMPING = 0.85;
const small = ["1 2", "1 3", "1 4", "2 1", "3 1", "4 1"];

const [file] = process.argv.slice(2);
const sc = SparkContext.getOrCreate();

const lines = file === undefined ? sc.parallelize(small) : sc.textFile(file);
const links = lines
  .map((line): [string, string] => {
    const [from, to] = line.trim().split(/\s+/);
    return [from, to];
  })
  .distinct()
  .groupByKey()
  .cache();

let ranks = links.mapValues(() => 1);
for (let pass = 0; pass < PASSES; pass++) {
  ranks = links
    .join(ranks)
    .values()
    .flatMap(([targets, rank]) => {
      const to = [...targets];
      return to.map((target): [string, number] => [target, rank / to.length]);
    })
    .reduceByKey((a, b) => a + b)
    .mapValues((sum) => 1 - DAMPING + DAMPING * sum);
}

const best = await ranks.sortBy(([, rank]) => -rank).take(10);
for (const [page, rank] of best) console.log(`${page} has rank ${rank.toFixed(6)}`);
await sc.stop();
