// How often each word occurs: `kindling run examples/wordcount.ts [file]`.
import { fileURLToPath } from "node:url";
import { SparkContext } from "kindling";

const [file = fileURLToPath(new URL("../LICENSE", import.meta.url))] = process.argv.slice(2);
const sc = SparkContext.getOrCreate();

const counts = sc
  .textFile(file)
  .flatMap((line) => line.toLowerCase().match(/\p{L}+/gu) ?? [])
  .map((word): [string, number] => [word, 1])
  .reduceByKey((a, b) => a + b);

console.log(`${await counts.count()} different words; the ten most frequent:`);
for (const [word, count] of await counts.takeOrdered(10, ([word, count]) => [-count, word])) {
  console.log(`${String(count).padStart(8)}  ${word}`);
}
await sc.stop();
