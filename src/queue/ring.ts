/** Slots kept when a ring runs empty; a larger ring gives its memory back. */
const SLOTS_KEPT = 16;

/** A growing first-in first-out ring. O(1) at both ends; memory is given back when it runs empty. */
export class Ring<T> {
  #slots: (T | undefined)[] = [];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item;
    this.#length++;
  }

  /** Puts an item before all others, for what was taken and could not be done. */
  unshift(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#slots.length - 1);
    this.#slots[this.#head] = item;
    this.#length++;
  }

  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  *items(): IterableIterator<T> {
    for (let index = 0; index < this.#length; index++) {
      const item = this.#slots[(this.#head + index) & (this.#slots.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    if (this.#length === 0 && this.#slots.length > SLOTS_KEPT) this.clear();
    return item;
  }

  clear(): void {
    this.#slots = [];
    this.#head = 0;
    this.#length = 0;
  }

  #grow(): void {
    const slots: (T | undefined)[] = new Array(Math.max(8, this.#slots.length * 2));
    for (let index = 0; index < this.#length; index++) {
      slots[index] = this.#slots[(this.#head + index) & (this.#slots.length - 1)];
    }
    this.#slots = slots;
    this.#head = 0;
  }
}
