import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SparkConf, SparkContext } from "kindling";

/** Word count of 200 MB of text (Zipf-distributed words), and the same in Spark's Scala shell: `bench/rdd/word-count.scala`. */
const BYTES = Number(process.argv[2] ?? 200_000_000);
const WORDS = 50_000;
const path = join(tmpdir(), `kindling-words-${BYTES}.txt`);

/** Lines of ten words, drawn by inverse rank from a fixed seed. */
function writeWords(): void {
  const sums = new Float64Array(WORDS);
  for (let i = 0, total = 0; i < WORDS; i++) sums[i] = total += 1 / (i + 1);
  let seed = 1;
  const draw = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const wanted = (seed / 2 ** 32) * sums[WORDS - 1];
    let low = 0;
    for (let high = WORDS - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const word = (i: number): string => (i % 3 === 0 ? `word-${(i * 7919) % 100_000}` : `w${i}`);
  const file = openSync(path, "w");
  for (let written = 0; written < BYTES;) {
    const lines = Array.from({ length: 2000 }, () => `${Array.from({ length: 10 }, () => word(draw())).join(" ")}\n`);
    written += writeSync(file, lines.join(""));
  }
  closeSync(file);
}

if (!existsSync(path)) writeWords();
const sc = new SparkContext(new SparkConf().setMaster("local[2]"));
const times: number[] = [];
let answer = 0;
for (let i = 0; i < 4; i++) {
  const begin = performance.now();
  answer = await sc
    .textFile(path)
    .flatMap((line) => line.split(" "))
    .map((word): [string, number] => [word, 1])
    .reduceByKey((a, b) => a + b)
    .count();
  times.push(performance.now() - begin);
}
const [first, ...warm] = times;
const median = warm.sort((a, b) => a - b)[warm.length >> 1];
console.log(JSON.stringify({ name: "wordCount", path, answer, first: Math.round(first), warm: Math.round(median) }));
await sc.stop();
