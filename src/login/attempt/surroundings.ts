import { lookup } from 'node:dns/promises';

/** What a login needs of the machine; replaced in tests. */
export interface LoginSurroundings {
  /** Microseconds of a monotonic clock. */
  nowUs(): number;
  /** Milliseconds of the wall clock. */
  nowMs(): number;
  /** All addresses of a name, in the order in which devices would use them. */
  addressesOf(host: string): Promise<readonly string[]>;
  /** Settles after this time, or at once when the login is to end early. */
  wait(ms: number): Promise<void>;
  /** Whether nothing more is to be tried. */
  readonly isStopped: boolean;
}

/** The machine's own; `stop` ends waiting and trying. */
export function systemSurroundings(stop: AbortSignal): LoginSurroundings {
  return {
    nowUs: () => performance.now() * 1_000,
    nowMs: () => Date.now(),
    addressesOf: async (host) => {
      const found = await lookup(host, { all: true, order: 'ipv4first' });
      return found.map(({ address }) => address);
    },
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
