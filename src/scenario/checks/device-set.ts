const EMPTY = 0;
const FIRST_CAPACITY = 1 << 12;

/** What `add` returns for a device that was not in the set. */
export const NOBODY = -1;

/**
 * A set of devices that remembers a 53-bit hash of each instead of its name: 18 to 36 bytes per device (an open-addressing table of doubles
 * and owners, at most half full), however long the names are. Among a million devices the chance that any two share a hash is 1 in 18,000,
 * so compare the names before calling a device a duplicate.
 */
export class DeviceSet {
  #hashes = new Float64Array(FIRST_CAPACITY);
  #owners = new Uint16Array(FIRST_CAPACITY);
  #size = 0;

  /** Adds a device of an owner (0 to 65,535). Returns the owner of an earlier device with the same hash, else `NOBODY`. */
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

/** 53 bits of two multiplicative hashes over productKey, a separator that neither may contain, and deviceName. Never `EMPTY`. */
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
