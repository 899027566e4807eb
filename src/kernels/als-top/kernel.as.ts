// The best columns of a product of factor matrices.

/**
 * The `num` best columns for each of `rows` users: scores are single-precision dot products, best first, of equal scores the
 * higher column first (columns ascend by id). Both sides are `stride` floats a row, a multiple of four, zero-padded.
 * `columns` and `scores` have room for rows * num; `num` must not exceed `count`.
 */
export function als_top(
  users: usize,
  rows: i32,
  items: usize,
  count: i32,
  stride: i32,
  num: i32,
  columns: usize,
  scores: usize,
): void {
  const step = <usize>stride << 2;
  for (let r = 0; r < rows; r++) {
    const user = users + <usize>r * step;
    const heap = scores + ((<usize>r * <usize>num) << 2);
    const ids = columns + ((<usize>r * <usize>num) << 2);
    let size = 0;
    let item = items;
    for (let c = 0; c < count; c++, item += step) {
      let s = f32x4.splat(0);
      for (let f: usize = 0; f < step; f += 16) s = f32x4.add(s, f32x4.mul(v128.load(user + f), v128.load(item + f)));
      const score =
        f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
      if (size < num) {
        siftUp(heap, ids, size++, score, c);
      } else if (score >= load<f32>(heap)) {
        siftDown(heap, ids, num, score, c);
      }
    }
    for (let left = num - 1; left > 0; left--) {
      const score = load<f32>(heap);
      const id = load<i32>(ids);
      siftDown(heap, ids, left, load<f32>(heap + (<usize>left << 2)), load<i32>(ids + (<usize>left << 2)));
      store<f32>(heap + (<usize>left << 2), score);
      store<i32>(ids + (<usize>left << 2), id);
    }
  }
}

/** Worse: lower score, or the same score and the lower column. The worst stands at the root. */
// @ts-ignore: decorator
@inline
function worse(a: f32, i: i32, b: f32, j: i32): bool {
  return a < b || (a == b && i < j);
}

function siftUp(heap: usize, ids: usize, at: i32, score: f32, id: i32): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const s = load<f32>(heap + (<usize>parent << 2));
    const i = load<i32>(ids + (<usize>parent << 2));
    if (!worse(score, id, s, i)) break;
    store<f32>(heap + (<usize>at << 2), s);
    store<i32>(ids + (<usize>at << 2), i);
    at = parent;
  }
  store<f32>(heap + (<usize>at << 2), score);
  store<i32>(ids + (<usize>at << 2), id);
}

/** Puts a new entry in the place of the root of a heap of `size`. */
function siftDown(heap: usize, ids: usize, size: i32, score: f32, id: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let s = load<f32>(heap + (<usize>child << 2));
    let i = load<i32>(ids + (<usize>child << 2));
    if (child + 1 < size) {
      const t = load<f32>(heap + (<usize>(child + 1) << 2));
      const j = load<i32>(ids + (<usize>(child + 1) << 2));
      if (worse(t, j, s, i)) {
        child++;
        s = t;
        i = j;
      }
    }
    if (!worse(s, i, score, id)) break;
    store<f32>(heap + (<usize>at << 2), s);
    store<i32>(ids + (<usize>at << 2), i);
    at = child;
  }
  store<f32>(heap + (<usize>at << 2), score);
  store<i32>(ids + (<usize>at << 2), id);
}
