import { isIPv4, isIPv6 } from 'node:net';
import { isLoopbackAddress } from './loopback.ts';

/** Where one worker's connections come from. Plain data: it crosses threads. */
export interface SourcePlan {
  /** IP addresses of this machine, used in turn. */
  readonly addresses: readonly string[];
  /** Local ports of this worker: `firstPort`, `firstPort + step`, ... up to `lastPort`. */
  readonly firstPort: number;
  readonly lastPort: number;
  readonly step: number;
}

/** Address and port that a connection starts from. */
export interface LocalEnd {
  /** Index of the source in its plan. */
  readonly source: number;
  /** Where the connection goes, as its pool numbers that. */
  readonly destination: number;
  readonly address: string;
  readonly port: number;
}

/** How the ports of a worker's sources are used. */
export interface PortUse {
  readonly used: number;
  readonly left: number;
  /** Ports left, for connections to the same place, at the used source that has the fewest left; undefined if none has been used. */
  readonly leastLeft: number | undefined;
}

/** Places whose connections have ports of their own; those to further places, which a service may name at will, share theirs. */
const MOST_DESTINATIONS = 64;

/**
 * Assigns the local end of each connection: sources in turn, each source's ports in a ring, so that a port rests as long as possible
 * before it is reused. A port serves one connection to each address and port of a service: libuv sets SO_REUSEADDR before bind(2), so Linux
 * refuses only a second connection between the same two ends. The port is passed to bind(2) because Node cannot set IP_BIND_ADDRESS_NO_PORT: the kernel's own search for a free
 * port of a bound address costs up to a millisecond once thousands of them are taken or in TIME_WAIT.
 */
export class SourcePool {
  readonly #plan: SourcePlan;
  readonly #destinations: Destination[] = [];
  /** The most recent one, which is nearly always the only one. */
  #last: Destination | undefined;
  /** By source: whether any connection has used it. */
  readonly #isUsed: boolean[];
  readonly #newlyUsed: number[] = [];
  readonly #beginAt: () => number;

  /**
   * `beginAt`: where in the ring of its ports a source begins, from 0 (the first) to below 1; asked for each source. Runs side by side on one
   * machine must not all begin at the first: the second would find as many ports taken in a row as the first has sessions.
   */
  constructor(plan: SourcePlan, beginAt: () => number = () => 0) {
    this.#plan = plan;
    this.#beginAt = beginAt;
    this.#isUsed = plan.addresses.map(() => false);
  }

  /**
   * A local end for a connection to this target, to be returned with `release`. `system`: no source can reach this address, so the system
   * should choose. `exhausted`: all ports are in use.
   */
  take(targetAddress: string, targetPort: number): LocalEnd | 'system' | 'exhausted' {
    const last = this.#last;
    if (last !== undefined && last.address === targetAddress && last.port === targetPort) return last.take(targetPort);
    this.#last = this.#destination(targetAddress, targetPort);
    return this.#last.take(targetPort);
  }

  /** Marks the source as used. */
  connected({ source }: LocalEnd): void {
    if (this.#isUsed[source] !== false) return;
    this.#isUsed[source] = true;
    this.#newlyUsed.push(source);
  }

  /** Indices of sources used for the first time since the last call. */
  takeNewlyUsed(): number[] {
    return this.#newlyUsed.splice(0);
  }

  release({ source, destination, port }: LocalEnd): void {
    this.#destinations[destination]?.release(source, port);
  }

  get use(): PortUse {
    const sources = this.#destinations.flatMap((destination) => destination.sources);
    const left = sources.map((source) => source.left);
    const leftOfUsed = sources.flatMap((source) => (this.#isUsed[source.index] === true ? [source.left] : []));
    return {
      used: sources.reduce((sum, source) => sum + source.used, 0),
      left: left.reduce((sum, count) => sum + count, 0),
      leastLeft: leftOfUsed.length === 0 ? undefined : Math.min(...leftOfUsed),
    };
  }

  #destination(address: string, port: number): Destination {
    const known = this.#destinations.find((one) => one.address === address && one.port === port);
    if (known !== undefined) return known;
    const isFull = this.#destinations.length >= MOST_DESTINATIONS;
    const shared = isFull ? this.#destinations.find((one) => isReachedAlike(one.address, address)) : undefined;
    if (shared !== undefined) return shared;
    const destination = new Destination(address, port, this.#destinations.length, this.#plan, this.#beginAt);
    this.#destinations.push(destination);
    return destination;
  }
}

/** The sources that reach one address of a service, and their ports as far as connections to it are concerned. */
class Destination {
  readonly address: string;
  readonly port: number;
  readonly sources: readonly Source[];
  readonly #bySource = new Map<number, Source>();
  #next = 0;

  constructor(address: string, port: number, index: number, plan: SourcePlan, beginAt: () => number) {
    this.address = address;
    this.port = port;
    this.sources = plan.addresses.flatMap((source, place) =>
      canReach(source, address) ? [new Source(source, place, index, plan, beginAt())] : [],
    );
    for (const source of this.sources) this.#bySource.set(source.index, source);
  }

  take(targetPort: number): LocalEnd | 'system' | 'exhausted' {
    const { sources } = this;
    for (let tried = 0; tried < sources.length; tried++) {
      const source = sources[this.#next % sources.length];
      this.#next = (this.#next + 1) % sources.length;
      const end = source?.take(targetPort);
      if (end !== undefined) return end;
    }
    return sources.length === 0 ? 'system' : 'exhausted';
  }

  release(source: number, port: number): void {
    this.#bySource.get(source)?.release(port);
  }
}

/** The ports of one source for connections to one destination. */
class Source {
  readonly address: string;
  readonly index: number;
  used = 0;
  readonly #destination: number;
  readonly #firstPort: number;
  readonly #step: number;
  /** 1 where a port is in use. */
  readonly #taken: Uint8Array;
  #next: number;

  constructor(
    address: string,
    index: number,
    destination: number,
    { firstPort, lastPort, step }: SourcePlan,
    begin: number,
  ) {
    this.address = address;
    this.index = index;
    this.#destination = destination;
    this.#firstPort = firstPort;
    this.#step = step;
    this.#taken = new Uint8Array(Math.max(0, Math.floor((lastPort - firstPort) / step) + 1));
    this.#next = Math.floor(begin * this.#taken.length);
  }

  get left(): number {
    return this.#taken.length - this.used;
  }

  /** The port that has rested longest; never the target's own, from which a connection would reach itself. */
  take(targetPort: number): LocalEnd | undefined {
    const count = this.#taken.length;
    for (let tried = 0; tried < count && this.used < count; tried++) {
      const slot = this.#next;
      this.#next = slot + 1 === count ? 0 : slot + 1;
      const port = this.#firstPort + slot * this.#step;
      if (this.#taken[slot] === 1 || port === targetPort) continue;
      this.#taken[slot] = 1;
      this.used++;
      return { source: this.index, destination: this.#destination, address: this.address, port };
    }
    return undefined;
  }

  release(port: number): void {
    const slot = (port - this.#firstPort) / this.#step;
    if (this.#taken[slot] !== 1) return;
    this.#taken[slot] = 0;
    this.used--;
  }
}

/** Whether the same sources reach both. */
function isReachedAlike(one: string, other: string): boolean {
  return isLoopbackAddress(one) === isLoopbackAddress(other) && isIPv4(one) === isIPv4(other);
}

/** Loopback addresses reach only each other. */
export function canReach(source: string, target: string): boolean {
  return isLoopbackAddress(source) === isLoopbackAddress(target) && (isIPv4(source) ? isIPv4(target) : isIPv6(target));
}
