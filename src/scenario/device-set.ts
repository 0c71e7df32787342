const EMPTY = 0;
const FIRST_CAPACITY = 1 << 12;

/**
 * A set of devices that remembers a 53-bit hash of each instead of its name: 16 to 32 bytes a device (an open-addressing table of
 * doubles, at most half full), whatever the length of the names. Two different devices of a million share a hash with a probability of
 * 1 in 18,000, so whoever finds a device in the set compares the names before calling it a duplicate.
 */
export class DeviceSet {
  #slots = new Float64Array(FIRST_CAPACITY);
  #size = 0;

  /** Adds a device; false when it, or one of the same hash, is there already. */
  add(productKey: string, deviceName: string): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    if (!insert(this.#slots, hashOf(productKey, deviceName))) return false;
    this.#size++;
    return true;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const hash of this.#slots) if (hash !== EMPTY) insert(larger, hash);
    this.#slots = larger;
  }
}

function insert(slots: Float64Array, hash: number): boolean {
  const mask = slots.length - 1;
  let slot = hash & mask;
  for (let held = slots[slot]; held !== EMPTY; held = slots[slot]) {
    if (held === hash) return false;
    slot = (slot + 1) & mask;
  }
  slots[slot] = hash;
  return true;
}

/** 53 bits of two multiplicative hashes over productKey, a separator no field may hold, and deviceName. Never `EMPTY`. */
function hashOf(productKey: string, deviceName: string): number {
  const key = `${productKey}\n${deviceName}`;
  let high = 0x811c9dc5;
  let low = 0x9e3779b9;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    high ^= high >>> 15;
    low = Math.imul(low + unit, 0x85ebca6b);
    low ^= low >>> 13;
  }
  const hash = (high >>> 0) * 0x20_0000 + (low >>> 11);
  return hash === EMPTY ? 1 : hash;
}
