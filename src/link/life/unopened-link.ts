import type { AttemptRecord, AuthPhases } from '../../metrics/measure/attempt-record.ts';
import type { Clock } from '../../time/clock.ts';
import { protocolError } from '../failures.ts';
import { connectFault } from '../mqtt/sendable.ts';
import type { Link, LinkFailure, LinkListener, LinkOptions } from '../port.ts';

/** Why an attempt fails before anything is sent: the device is unusable, or MQTT cannot carry its login. Undefined: it can be opened. */
export function whyUnopened(options: LinkOptions): LinkFailure | undefined {
  if (options.unusable !== undefined) return options.unusable;
  const fault = connectFault(options);
  return fault === undefined ? undefined : unsendable(fault);
}

/** The device itself cannot send what it should; neither the service nor this machine is the cause. */
export function unsendable(fault: string): LinkFailure {
  return protocolError(`not sent: ${fault}`);
}

/** An attempt that failed before a socket was made. */
export function unopened(failure: LinkFailure, startedUs: number, endedUs: number, auth?: AuthPhases): AttemptRecord {
  const { outcome, phase, detail } = failure;
  return {
    outcome,
    failedIn: phase,
    detail,
    startedUs,
    endedUs,
    dnsUs: -1,
    tcpUs: -1,
    tlsUs: -1,
    mqttUs: -1,
    auth,
  };
}

/** The link of an attempt that fails before a socket is made. */
export class UnopenedLink implements Link {
  readonly startedUs: number;
  #isOver = false;

  /** The failure is reported once the caller is back in the event loop. */
  constructor(clock: Clock, failure: LinkFailure, listener: LinkListener) {
    this.startedUs = clock.nowUs();
    queueMicrotask(() => {
      if (this.#isOver) return;
      this.#isOver = true;
      listener.onFailed(unopened(failure, this.startedUs, clock.nowUs()));
    });
  }

  end(onClosed?: () => void): void {
    this.#isOver = true;
    onClosed?.();
  }

  reset(): void {
    this.#isOver = true;
  }

  close(): void {
    this.#isOver = true;
  }

  blackhole(): void {
    // There is nothing to be read or sent.
  }

  silence(): void {
    // As above.
  }

  publish(): undefined {
    return undefined;
  }

  subscribe(): undefined {
    return undefined;
  }
}
