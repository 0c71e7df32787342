import type { NamedDevice } from '../login/named-device.ts';

/** A level that may be anything, including a single-level wildcard. */
const ANY = undefined;

/**
 * What comes before product key and device name in a device's topics, as the platform documents them: its custom ones
 * (`/${productKey}/${deviceName}/...`), those of the thing model and RRPC (`/sys`), of the shadow, of firmware updates and of extensions.
 */
const FAMILIES: readonly (readonly (string | undefined)[])[] = [
  [],
  ['sys'],
  ['shadow', ANY],
  ['ota', 'device', ANY],
  ['ext', ANY],
  ['ext', 'rrpc', ANY],
];

/** Open to all devices of the product that follows. */
const BROADCAST = 'broadcast';

/**
 * The topics that a device may use. Names that begin with `/` are the platform's, and each belongs to one device or, `/broadcast`, to one
 * product. Others (`news/today`) have no owner and are free, so that clients outside the platform can talk to each other.
 */
export class OwnTopics {
  readonly #device: NamedDevice;
  readonly #customPrefix: string;

  constructor(device: NamedDevice) {
    this.#device = device;
    this.#customPrefix = `/${device.productKey}/${device.deviceName}/`;
  }

  /** Whether everything the name or filter matches is the device's own or has no owner. */
  hold(name: string): boolean {
    if (name.startsWith(this.#customPrefix)) return true;
    const [first, ...levels] = name.split('/');
    // A wildcard there also matches the empty level before the first `/`.
    if (first === '#' || (first === '+' && levels.length > 0)) return false;
    if (first !== '' || levels.length === 0) return true;
    if (levels[0] === BROADCAST) return levels[1] === this.#device.productKey;
    return FAMILIES.some((family) => this.#isOwn(levels, family));
  }

  #isOwn(levels: readonly string[], family: readonly (string | undefined)[]): boolean {
    const { productKey, deviceName } = this.#device;
    const isOfFamily = family.every((level, at) => (level === ANY ? levels[at] !== '#' : levels[at] === level));
    return isOfFamily && levels[family.length] === productKey && levels[family.length + 1] === deviceName;
  }
}
