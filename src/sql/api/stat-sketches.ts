import { valueAt, type Column as Values } from "../../columnar/index.js";
import {
  BloomFilter,
  CountMinSketch,
  type CountedItems,
  type CountMinSketchShape,
  FrequentItems,
  type SketchItem,
} from "../../common/index.js";
import { definePartitionFunction } from "../../exec/index.js";

/** Frequent values of a partition's columns. */
export const countFrequentItems = definePartitionFunction<{ readonly size: number }, CountedItems[]>({
  name: "sql.frequentItems",
  async run({ size }, batches, context) {
    let counters: FrequentItems[] = [];
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      if (counters.length === 0) counters = columns.map(() => new FrequentItems(size));
      columns.forEach((column, c) => {
        for (let i = 0; i < numRows; i++) counters[c].add(valueAt(column, i));
      });
    }
    return counters.map((counter) => counter.items());
  },
});

/** Items of the one column of a partition, nulls left out. */
async function eachItem(
  batches: AsyncIterable<{ readonly columns: readonly Values[]; readonly numRows: number }>,
  checkCancelled: () => void,
  visit: (item: SketchItem) => void,
): Promise<void> {
  for await (const { columns, numRows } of batches) {
    checkCancelled();
    for (let i = 0; i < numRows; i++) {
      const item = valueAt(columns[0], i) as SketchItem | null;
      if (item !== null) visit(item);
    }
  }
}

export interface BloomFilterShape {
  readonly expectedNumItems: number;
  readonly fpp?: number;
  readonly numBits?: number;
}

/** Bytes of the Bloom filter of a partition. */
export const fillBloomFilter = definePartitionFunction<BloomFilterShape, Uint8Array>({
  name: "sql.bloomFilter",
  async run({ expectedNumItems, ...options }, batches, context) {
    const filter = BloomFilter.create(expectedNumItems, options);
    await eachItem(batches, context.checkCancelled, (item) => filter.put(item));
    return filter.toByteArray();
  },
});

/** Bytes of the Count-Min sketch of a partition. */
export const fillCountMinSketch = definePartitionFunction<CountMinSketchShape, Uint8Array>({
  name: "sql.countMinSketch",
  async run(shape, batches, context) {
    const sketch = CountMinSketch.create(shape);
    await eachItem(batches, context.checkCancelled, (item) => sketch.add(item));
    return sketch.toByteArray();
  },
});
