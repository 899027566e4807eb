interface Appointment {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

const before = (a: Appointment, b: Appointment): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

/** Virtual time: runs actions in the order of their times, those of one time in the order they were made. */
export class Clock {
  now = 0;
  private order = 0;
  private readonly heap: Appointment[] = [];

  after(delay: number, action: () => void): void {
    const { heap } = this;
    heap.push({ time: this.now + delay, order: this.order++, action });
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at], heap[parent])) break;
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  /** Runs the next action; false when there is none. */
  step(): boolean {
    const { heap } = this;
    const next = heap[0];
    if (!next) return false;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const right = left + 1;
        let least = at;
        if (left < heap.length && before(heap[left], heap[least])) least = left;
        if (right < heap.length && before(heap[right], heap[least])) least = right;
        if (least === at) break;
        [heap[at], heap[least]] = [heap[least], heap[at]];
        at = least;
      }
    }
    this.now = next.time;
    next.action();
    return true;
  }
}
