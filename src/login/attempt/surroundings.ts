import { lookup } from 'node:dns/promises';

/** What a login needs of the machine; replaced in tests. */
export interface LoginSurroundings {
  /** Microseconds of a monotonic clock. */
  nowUs(): number;
  /** Milliseconds of the wall clock. */
  nowMs(): number;
  /** All addresses of a name, in the order in which devices would use them. */
  addressesOf(host: string): Promise<readonly string[]>;
  /** Ports of a host that may tell the time by HTTP, the likeliest first. */
  readonly timePorts: readonly TimePort[];
  /** Settles after this time, or at once when the login is to end early. */
  wait(ms: number): Promise<void>;
  /** Whether nothing more is to be tried. */
  readonly isStopped: boolean;
}

/** A port that HTTP may be spoken at. */
export interface TimePort {
  readonly port: number;
  readonly isSecure: boolean;
}

const WEB_PORTS: readonly TimePort[] = [
  { port: 443, isSecure: true },
  { port: 80, isSecure: false },
];

/** The machine's own; `stop` ends waiting and trying. */
export function systemSurroundings(stop: AbortSignal): LoginSurroundings {
  return {
    nowUs: () => performance.now() * 1_000,
    nowMs: () => Date.now(),
    addressesOf: async (host) => {
      const found = await lookup(host, { all: true, order: 'ipv4first' });
      return found.map(({ address }) => address);
    },
    timePorts: WEB_PORTS,
    wait: (ms) => waitOr(ms, stop),
    get isStopped() {
      return stop.aborted;
    },
  };
}

function waitOr(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
  });
}
