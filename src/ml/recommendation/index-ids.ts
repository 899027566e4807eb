/** A table over all ids from the least to the greatest is used up to this many times the number of ratings. */
const DENSE_SPAN = 4;
const SMALL_SPAN = 1 << 20;

/**
 * Numbers the distinct ids of `parts` in ascending order: `ids` gets the distinct ids, `index` the number of every id in the
 * order of the parts. Returns how many distinct ids there are.
 */
export function indexIds(parts: readonly Int32Array[], index: Int32Array, ids: Int32Array): number {
  let least = Infinity;
  let greatest = -Infinity;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const id = part[i];
      if (id < least) least = id;
      if (id > greatest) greatest = id;
    }
  }
  const span = greatest - least + 1;
  if (!(span > 0)) return 0;
  return span <= Math.max(SMALL_SPAN, DENSE_SPAN * index.length)
    ? indexByTable(parts, index, ids, least, span)
    : indexByHash(parts, index, ids);
}

function indexByTable(
  parts: readonly Int32Array[],
  index: Int32Array,
  ids: Int32Array,
  least: number,
  span: number,
): number {
  const numbers = new Int32Array(span);
  for (const part of parts) for (let i = 0; i < part.length; i++) numbers[part[i] - least] = 1;
  let distinct = 0;
  for (let at = 0; at < span; at++) {
    if (numbers[at] === 0) continue;
    ids[distinct] = at + least;
    numbers[at] = distinct++;
  }
  let next = 0;
  for (const part of parts) for (let i = 0; i < part.length; i++) index[next++] = numbers[part[i] - least];
  return distinct;
}

function indexByHash(parts: readonly Int32Array[], index: Int32Array, ids: Int32Array): number {
  const bits = Math.ceil(Math.log2(2 * index.length + 1));
  const mask = 2 ** bits - 1;
  const slots = new Int32Array(2 ** bits).fill(-1);
  const slotOf = (id: number, numbered: Int32Array): number => {
    let slot = Math.imul(id, 0x9e3779b1) >>> (32 - bits);
    while (slots[slot] >= 0 && numbered[slots[slot]] !== id) slot = (slot + 1) & mask;
    return slot;
  };
  let distinct = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const slot = slotOf(part[i], ids);
      if (slots[slot] >= 0) continue;
      slots[slot] = distinct;
      ids[distinct++] = part[i];
    }
  }
  // The slots number the ids as they came; sorting the ids gives every number its rank.
  const arrived = ids.slice(0, distinct);
  const sorted = ids.subarray(0, distinct).sort();
  const ranks = new Int32Array(distinct);
  for (let rank = 0; rank < distinct; rank++) ranks[slots[slotOf(sorted[rank], arrived)]] = rank;
  let next = 0;
  for (const part of parts)
    for (let i = 0; i < part.length; i++) index[next++] = ranks[slots[slotOf(part[i], arrived)]];
  return distinct;
}
