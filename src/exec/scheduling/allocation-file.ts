import { readFileSync } from "node:fs";
import { IllegalArgumentException } from "../../common/index.js";
import type { PoolOptions, SchedulingMode } from "../core/scheduler-types.js";

/**
 * The pools that a file in the format of Spark's fairscheduler.xml describes. As in Spark, a wrong mode, weight or minimum
 * share falls back to FIFO, 1 and 0 with a warning.
 */
export function readAllocationFile(path: string): PoolOptions[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new IllegalArgumentException(
      `The file '${path}' of "spark.scheduler.allocation.file" cannot be read: ${(cause as Error).message}`,
      { condition: "INVALID_CONF_VALUE", parameters: { confName: "spark.scheduler.allocation.file" }, cause },
    );
  }
  const pools = text
    .replace(/<!--[\s\S]*?-->/g, "")
    .matchAll(/<pool\s+name\s*=\s*(["'])(.*?)\1\s*(?:\/>|>([\s\S]*?)<\/pool>)/g);
  return [...pools].map(([, , name, body = ""]) => ({
    name,
    mode: modeOf(element(body, "schedulingMode"), name),
    weight: wholeNumber(body, "weight", 1, name),
    minShare: wholeNumber(body, "minShare", 0, name),
  }));
}

const element = (body: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(body)?.[1].trim();

function modeOf(text: string | undefined, pool: string): SchedulingMode {
  const mode = text?.toUpperCase();
  if (mode === "FAIR" || mode === "FIFO") return mode;
  if (mode !== undefined) process.emitWarning(`pool ${pool}: unsupported schedulingMode '${text}', FIFO is used`);
  return "FIFO";
}

function wholeNumber(body: string, tag: string, fallback: number, pool: string): number {
  const text = element(body, tag);
  if (text === undefined) return fallback;
  if (/^[+-]?\d+$/.test(text) && !(tag === "weight" && Number(text) === 0)) return Number(text);
  process.emitWarning(`pool ${pool}: ${tag} '${text}' is not valid, ${fallback} is used`);
  return fallback;
}
