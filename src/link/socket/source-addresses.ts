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
  readonly address: string;
  readonly port: number;
}

/** How the ports of a worker's sources are used. */
export interface PortUse {
  readonly used: number;
  readonly left: number;
  /** Ports left at the used source that has the fewest left; undefined if none has been used. */
  readonly leastLeft: number | undefined;
}

/**
 * Assigns the local end of each connection: sources in turn, each source's ports in a ring, so that a port rests as long as possible
 * before it is reused. The port is passed to bind(2) because Node cannot set IP_BIND_ADDRESS_NO_PORT: the kernel's own search for a free
 * port of a bound address costs up to a millisecond once thousands of them are taken or in TIME_WAIT.
 */
export class SourcePool {
  readonly #sources: readonly Source[];
  /** The sources that reach the most recent target, which is nearly always the only one. */
  #reaching: { readonly target: string; readonly sources: readonly Source[] } = { target: '', sources: [] };
  #next = 0;
  readonly #newlyUsed: number[] = [];

  constructor(plan: SourcePlan) {
    this.#sources = plan.addresses.map((address, index) => new Source(address, index, plan));
  }

  /**
   * A local end for a connection to this target, to be returned with `release`. `system`: no source can reach this address, so the system
   * should choose. `exhausted`: all ports are in use.
   */
  take(targetAddress: string, targetPort: number): LocalEnd | 'system' | 'exhausted' {
    const sources = this.#sourcesReaching(targetAddress);
    for (let tried = 0; tried < sources.length; tried++) {
      const source = sources[this.#next % sources.length];
      this.#next = (this.#next + 1) % sources.length;
      const end = source?.take(targetPort);
      if (end !== undefined) return end;
    }
    return sources.length === 0 ? 'system' : 'exhausted';
  }

  /** Marks the source as used. */
  connected({ source }: LocalEnd): void {
    const found = this.#sources[source];
    if (found === undefined || found.isUsed) return;
    found.isUsed = true;
    this.#newlyUsed.push(source);
  }

  /** Indices of sources used for the first time since the last call. */
  takeNewlyUsed(): number[] {
    return this.#newlyUsed.splice(0);
  }

  release({ source, port }: LocalEnd): void {
    this.#sources[source]?.release(port);
  }

  get use(): PortUse {
    const left = this.#sources.map((source) => source.left);
    const leftOfUsed = this.#sources.flatMap((source) => (source.isUsed ? [source.left] : []));
    return {
      used: this.#sources.reduce((sum, source) => sum + source.used, 0),
      left: left.reduce((sum, count) => sum + count, 0),
      leastLeft: leftOfUsed.length === 0 ? undefined : Math.min(...leftOfUsed),
    };
  }

  #sourcesReaching(target: string): readonly Source[] {
    if (this.#reaching.target !== target) {
      this.#reaching = { target, sources: this.#sources.filter(({ address }) => canReach(address, target)) };
    }
    return this.#reaching.sources;
  }
}

/** The ports of one address. */
class Source {
  readonly address: string;
  used = 0;
  /** Whether any connection has used it. */
  isUsed = false;
  readonly #index: number;
  readonly #firstPort: number;
  readonly #step: number;
  /** 1 where a port is in use. */
  readonly #taken: Uint8Array;
  #next = 0;

  constructor(address: string, index: number, { firstPort, lastPort, step }: SourcePlan) {
    this.address = address;
    this.#index = index;
    this.#firstPort = firstPort;
    this.#step = step;
    this.#taken = new Uint8Array(Math.max(0, Math.floor((lastPort - firstPort) / step) + 1));
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
      return { source: this.#index, address: this.address, port };
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

/** Loopback addresses reach only each other. */
export function canReach(source: string, target: string): boolean {
  return isLoopbackAddress(source) === isLoopbackAddress(target) && (isIPv4(source) ? isIPv4(target) : isIPv6(target));
}
