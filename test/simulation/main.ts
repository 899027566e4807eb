import { simulateBlocks } from "./block-world.js";
import { simulate } from "./simulate.js";

/** `npm run simulate -- --seed 123` replays one schedule with a trace; `--count 5000 [--from 0]` runs many. */
const option = (name: string): number | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};
const seed = option("seed");
if (seed !== undefined) {
  const trace = (line: string): void => console.log(line);
  console.log(simulate(seed, undefined, trace), simulateBlocks(seed, undefined, trace));
} else {
  const from = option("from") ?? 0;
  const count = option("count") ?? 20_000;
  const start = performance.now();
  const total = { succeeded: 0, failed: 0, launches: 0, events: 0 };
  for (let at = from; at < from + count; at++) {
    try {
      const outcome = simulate(at);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += outcome[key];
      simulateBlocks(at);
    } catch (error) {
      console.error(`seed ${at}: ${(error as Error).stack}`);
      console.error(`replay: npm run simulate -- --seed ${at}`);
      process.exitCode = 1;
    }
  }
  console.log(`${count} schedules in ${((performance.now() - start) / 1000).toFixed(1)} s`, total);
}
