import { beforeEach, describe, expect, it } from 'vitest';
import { Session, type SessionContext } from '../../../src/device/session.ts';
import type { SessionState } from '../../../src/device/states.ts';
import type { Link, LinkListener, LinkOptions, PhaseTimes } from '../../../src/link/port.ts';
import { FleetRecorder } from '../../../src/metrics/recorder.ts';
import { TimerWheel } from '../../../src/time/wheel.ts';

const PHASES: PhaseTimes = { dnsUs: -1, tcpUs: 100, tlsUs: -1, mqttUs: 200 };
const SEC = 1_000_000;

/** A session over a link that the test drives, and a clock that the test moves. */
class Bench implements SessionContext {
  nowUs = 0;
  isStopping = false;
  readonly clock = { nowUs: () => this.nowUs };
  readonly wheel = new TimerWheel(0);
  readonly recorder = new FleetRecorder('meters');
  readonly calls: string[] = [];
  readonly moves: string[] = [];
  listener: LinkListener | undefined;
  onClosed: (() => void) | undefined;
  readonly links = {
    open: (options: LinkOptions, listener: LinkListener): Link => {
      this.calls.push(`open ${options.clientId}`);
      this.listener = listener;
      return {
        end: (onClosed) => {
          this.calls.push('end');
          this.onClosed = onClosed;
        },
        reset: () => void this.calls.push('reset'),
      };
    },
  };
  readonly session = new Session(this, 7);

  linkOptions(index: number): LinkOptions {
    return {
      endpoint: { host: '127.0.0.1', port: 1883 },
      clientId: `device-${index}`,
      keepaliveSec: 60,
      clean: true,
      connectTimeoutUs: 10 * SEC,
    };
  }

  retryDelayUs(): number {
    return SEC;
  }

  moved(from: SessionState, to: SessionState): void {
    this.moves.push(`${from}>${to}`);
  }

  at(nowUs: number): void {
    this.nowUs = nowUs;
    this.wheel.advance(nowUs);
  }

  recorded() {
    const { planned, started, retries, outcomes, ended } = this.recorder.take({ online: 0, connecting: 0, waiting: 0 });
    return { planned, started, retries, outcomes, ended };
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('Session', () => {
  it('goes online, is stopped with DISCONNECT, and ends when the socket is gone', () => {
    bench.at(5_000);
    bench.session.attempt(4_000);
    bench.listener?.onAccepted(6_000, PHASES);
    bench.session.stop();
    expect(bench.session.state).toBe('closing');
    bench.onClosed?.();
    expect(bench.calls).toEqual(['open device-7', 'end']);
    expect(bench.moves).toEqual(['planned>connecting', 'connecting>online', 'online>closing', 'closing>ended']);
    expect(bench.recorded()).toEqual({
      planned: 0,
      started: 1,
      retries: 0,
      outcomes: { accepted: 1 },
      ended: { stopped: 1 },
    });
  });

  it('retries after a failure, planned from the failure and not from when it was noticed', () => {
    bench.session.attempt(0);
    bench.at(20_000);
    bench.listener?.onFailed(15_000, { outcome: 'refused-4', phase: 'mqtt', detail: '' }, PHASES);
    expect(bench.session.state).toBe('waiting');
    bench.at(SEC + 14_000);
    expect(bench.calls).toHaveLength(1);
    bench.at(SEC + 15_000);
    expect(bench.calls).toHaveLength(2);
    expect(bench.recorded()).toMatchObject({ planned: 1, started: 2, retries: 1, outcomes: { 'refused-4': 1 } });
  });

  it('reconnects when it is lost', () => {
    bench.session.attempt(0);
    bench.listener?.onAccepted(1_000, PHASES);
    bench.at(2_000);
    bench.listener?.onEnded(2_000, 'closed-by-server', 'FIN');
    bench.at(SEC + 2_000);
    bench.listener?.onAccepted(SEC + 3_000, PHASES);
    expect(bench.session.state).toBe('online');
    expect(bench.recorded()).toMatchObject({ outcomes: { accepted: 2 }, ended: { 'closed-by-server': 1 }, retries: 1 });
  });

  it('lets an attempt under way finish when the run stops, then leaves', () => {
    bench.session.attempt(0);
    bench.isStopping = true;
    bench.session.stop();
    expect(bench.session.state).toBe('connecting');
    bench.listener?.onAccepted(1_000, PHASES);
    expect(bench.calls.at(-1)).toBe('end');
    bench.onClosed?.();
    expect(bench.session.state).toBe('ended');
    expect(bench.recorded()).toMatchObject({ outcomes: { accepted: 1 }, ended: { stopped: 1 } });
  });

  it.each(['failed', 'lost'])('does not retry after the stop: %s', (how) => {
    bench.session.attempt(0);
    if (how === 'lost') bench.listener?.onAccepted(1_000, PHASES);
    bench.isStopping = true;
    if (how === 'lost') bench.listener?.onEnded(2_000, 'reset', 'RST');
    else bench.listener?.onFailed(2_000, { outcome: 'tcp-timeout', phase: 'tcp', detail: '' }, PHASES);
    expect(bench.session.state).toBe('ended');
    expect(bench.wheel.size).toBe(0);
  });

  it('ends at once while it waits', () => {
    bench.session.attempt(0);
    bench.listener?.onFailed(0, { outcome: 'tcp-refused', phase: 'tcp', detail: '' }, PHASES);
    bench.session.stop();
    expect([bench.session.state, bench.wheel.size]).toEqual(['ended', 0]);
  });

  it.each(['planned', 'connecting', 'online', 'waiting', 'closing', 'ended'])('can be cut while %s', (state) => {
    const { session } = bench;
    if (state !== 'planned') session.attempt(0);
    if (state === 'waiting') bench.listener?.onFailed(0, { outcome: 'tcp-reset', phase: 'tcp', detail: '' }, PHASES);
    if (['online', 'closing', 'ended'].includes(state)) bench.listener?.onAccepted(1_000, PHASES);
    if (['closing', 'ended'].includes(state)) session.stop();
    if (state === 'ended') bench.onClosed?.();
    expect(session.state).toBe(state);
    session.cut();
    expect([session.state, bench.wheel.size]).toEqual(['ended', 0]);
    // A link that is cut while it closes may still tell that it is closed.
    bench.onClosed?.();
    expect(session.state).toBe('ended');
  });
});
