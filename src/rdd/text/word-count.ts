import type { Closure } from "../../exec/closure/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { AggregatorSpec } from "../aggregator.js";
import type { NodeSpec } from "../compute/node-spec.js";
import type { FileSplit } from "../files/file-split.js";
import { openLines } from "../files/line-reader.js";
import { KeyedMap } from "../keyed-map.js";
import { ByteWords } from "./byte-words.js";

/** A word count over lines of a text file: each word weighs `weight`. */
export interface WordCount {
  readonly split: FileSplit;
  /** The ASCII character between words. */
  readonly separator: number;
  readonly weight: number;
}

const NAME = String.raw`[A-Za-z_$][\w$]*`;
/** `line => line.split(" ")` */
const SPLIT = new RegExp(
  String.raw`^\(\(?(?<name>${NAME})\)?=>\k<name>\.split\((?<quote>["'\`])(?<text>\\t|[ !#%&()*+,\-./0-9:;<=>?@A-Z[\]^_a-z{|}~])\k<quote>\)\)$`,
);
/** `word => [word, 1]` */
const PAIR = new RegExp(String.raw`^\(\(?(?<name>${NAME})\)?=>\[\k<name>,(?<weight>0|[1-9]\d{0,5})\]\)$`);
/** `(a, b) => a + b` */
const SUM = new RegExp(String.raw`^\(\((?<left>${NAME}),(?<right>${NAME})\)=>\k<left>\+\k<right>\)$`);
/** White space that separates no names and lies in no string. */
const SPACE = /("[^"]*"|'[^']*'|`[^`]*`)|(?<![\w$\s])\s+|\s+(?![\w$\s])/g;

/** Parts of a captured function that is written in one way; undefined when it is another one. */
function match(form: RegExp, closure: unknown): Readonly<Record<string, string>> | undefined {
  const { nodes, root } = closure as Closure;
  const node = nodes[root];
  if (node.kind !== "function" || node.variables.length > 0 || node.properties.length > 0) return undefined;
  const text = node.expression;
  return text.length > 200 ? undefined : form.exec(text.replace(SPACE, (_, quoted?: string) => quoted ?? ""))?.groups;
}

/** The only parent of a partition that is computed in this task by that operator. */
function parentBy(operator: string, { inputs }: NodeSpec): NodeSpec | undefined {
  const [input] = inputs;
  if (inputs.length !== 1 || !("narrow" in input) || input.narrow.length !== 1) return undefined;
  const [parent] = input.narrow;
  return parent.operator === operator && !parent.cache ? parent : undefined;
}

/**
 * Recognizes `textFile(...).flatMap(line => line.split(" ")).map(word => [word, 1]).reduceByKey((a, b) => a + b)`, whatever its
 * separator and its names: it can be computed on bytes, as nothing in it depends on anything but the text.
 */
export function wordCountOf(pairs: NodeSpec, aggregator: AggregatorSpec): WordCount | undefined {
  if (pairs.operator !== "rdd.map" || pairs.cache || aggregator.name !== "rdd.reduce") return undefined;
  const words = parentBy("rdd.flatMap", pairs);
  const same = words && parentBy("rdd.same", words);
  const lines = same && parentBy("rdd.textFile", same);
  if (!lines || !match(SUM, (aggregator.params as { readonly fn: unknown }).fn)) return undefined;
  const split = match(SPLIT, words.params);
  const pair = match(PAIR, pairs.params);
  if (!split || !pair) return undefined;
  const separator = split.text === "\\t" ? 9 : split.text.charCodeAt(0);
  return { split: lines.split as FileSplit, separator, weight: Number(pair.weight) };
}

const CHECK_LINES = 1024;

/** Gives every word and its sum, in the order in which words came first; more than once where memory does not hold them all. */
export function countWords(
  { split, separator, weight }: WordCount,
  task: TaskContext,
  add: (word: string, sum: number) => void,
): void {
  const words = new ByteWords();
  let held = 0;
  const flush = (): void => {
    // Bytes that are no UTF-8 read alike where they differ.
    const sums = new KeyedMap<number>();
    for (let word = 0; word < words.size; word++) {
      const text = words.textOf(word);
      const index = sums.indexOf(text);
      if (index < 0) sums.insert(text, words.countOf(word) * weight);
      else sums.values[index] += words.countOf(word) * weight;
    }
    for (let i = 0; i < sums.size; i++) add(sums.keys[i] as string, sums.values[i]);
    words.clear();
    task.memory.release(held);
    held = 0;
  };
  const look = (): void => {
    task.checkCancelled();
    // Words are texts of their own, with their sums, when they are handed on.
    const wanted = words.bytes * 2 - held;
    if (wanted <= 0) return;
    if (task.memory.acquire(wanted)) held += wanted;
    else flush();
  };
  const lines = openLines(split);
  try {
    let left = CHECK_LINES;
    for (let length = lines.nextBytes(); length >= 0; length = lines.nextBytes()) {
      words.countAll(lines.bytes, lines.from, lines.from + length, separator);
      if (--left > 0) continue;
      left = CHECK_LINES;
      look();
    }
    flush();
  } finally {
    lines.close();
    task.memory.release(held);
  }
}
