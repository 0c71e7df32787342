const EMPTY = 0;
const FIRST_CAPACITY = 1 << 12;

/** What `add` gives for a device that was not in the set. */
export const NOBODY = -1;

/**
 * A set of devices that remembers a 53-bit hash of each instead of its name: 18 to 36 bytes a device (an open-addressing table of
 * doubles and owners, at most half full), whatever the length of the names. Two different devices of a million share a hash with a
 * probability of 1 in 18,000, so whoever finds a device in the set compares the names before calling it a duplicate.
 */
export class DeviceSet {
  #hashes = new Float64Array(FIRST_CAPACITY);
  #owners = new Uint16Array(FIRST_CAPACITY);
  #size = 0;

  /** Adds a device of an owner (0 to 65,535); the owner of the one, or of one of the same hash, that is there already, else `NOBODY`. */
  add(productKey: string, deviceName: string, owner = 0): number {
    if (this.#size * 2 >= this.#hashes.length) this.#grow();
    const found = this.#insert(hashOf(productKey, deviceName), owner);
    if (found === NOBODY) this.#size++;
    return found;
  }

  #grow(): void {
    const [hashes, owners] = [this.#hashes, this.#owners];
    this.#hashes = new Float64Array(hashes.length * 2);
    this.#owners = new Uint16Array(owners.length * 2);
    for (const [slot, hash] of hashes.entries()) if (hash !== EMPTY) this.#insert(hash, owners[slot] ?? 0);
  }

  #insert(hash: number, owner: number): number {
    const mask = this.#hashes.length - 1;
    let slot = hash & mask;
    for (let held = this.#hashes[slot]; held !== EMPTY; held = this.#hashes[slot]) {
      if (held === hash) return this.#owners[slot] ?? 0;
      slot = (slot + 1) & mask;
    }
    this.#hashes[slot] = hash;
    this.#owners[slot] = owner;
    return NOBODY;
  }
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
