import { RunStop } from '../../run/run-stop.ts';
import { US_PER_MS, US_PER_SEC } from '../../time/units.ts';
import { holdScenario } from './hold-scenario.ts';
import type { HoldParts } from './holds.ts';
import { cpuTime, idleShare } from './idle-machine.ts';
import { playedRun } from './played-run.ts';

/** Logins of a probe: enough for a median. */
const PROBE_LOGINS = 20;
const PROBE_US = US_PER_SEC;
/** A response is back at its base below this factor of it, or this much above it. */
const BACK_FACTOR = 1.5;
const BACK_MARGIN_US = 20 * US_PER_MS;
/** Share of logins that may be accepted less often than at the base. */
const BACK_SHARE = 0.1;

/** A probe needs next to nothing: with less of the machine idle, something else takes it. */
const LEAST_IDLE_SHARE = 0.1;

/** How the service answers a few logins. */
interface Probe {
  readonly medianUs: number;
  readonly acceptedShare: number;
  /** This tool itself was late, or its machine had no time left for a service that it may share with it: the times say nothing. */
  readonly wasLate: boolean;
}

/** Whether a service came to rest, and how long that took. */
export interface RestResult {
  readonly isBack: boolean;
  /** This tool was so late itself in the last look, or its machine so busy, that it says nothing of the service. */
  readonly wasLate: boolean;
  readonly restSec: number;
}

/** How a service comes to rest. */
export interface Resting {
  /** How it answers before anything is asked of it. */
  begin(): Promise<void>;
  /** Waits until it is back, at least and at most so long. */
  back(leastSec: number, leftSec: number): Promise<RestResult>;
}

/** Logins per second that a service is probed with. */
export const PROBE_PER_SEC = PROBE_LOGINS / (PROBE_US / US_PER_SEC);

/**
 * Lets a service come to rest between holds: every session of the last one has ended, so what is left is the service's own. It is at rest
 * when a few logins are answered as they were before the first hold.
 */
export class Rest implements Resting {
  readonly #parts: HoldParts;
  readonly #mostSec: number;
  #base: Probe | undefined;

  /** `mostSec`: what takes longer is no rest any more. */
  constructor(parts: HoldParts, mostSec: number) {
    this.#parts = parts;
    this.#mostSec = mostSec;
  }

  /** How the service answers before anything was asked of it. Its first answers are slower than all others, and not taken. */
  async begin(): Promise<void> {
    await this.#probe();
    this.#base = await this.#probe();
  }

  async back(leastSec: number, leftSec: number): Promise<RestResult> {
    const { stop } = this.#parts;
    const beganMs = performance.now();
    const sec = (): number => (performance.now() - beganMs) / 1_000;
    for (;;) {
      const probe = await this.#probe();
      const [isBack, { wasLate }] = [this.#isBack(probe), probe];
      if (stop.mode !== 'none' || (isBack && sec() >= leastSec)) return { isBack, wasLate, restSec: sec() };
      if (sec() >= Math.min(leftSec, Math.max(this.#mostSec, leastSec))) return { isBack, wasLate, restSec: sec() };
      if (isBack) await this.#pause(leastSec - sec());
    }
  }

  async #pause(sec: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, sec * 1_000));
    });
    await Promise.race([over, this.#parts.stop.asked]);
    clearTimeout(timer);
  }

  #isBack({ medianUs, acceptedShare }: Probe): boolean {
    const base = this.#base;
    if (base === undefined) return true;
    const mostUs = Math.max(base.medianUs * BACK_FACTOR, base.medianUs + BACK_MARGIN_US);
    return acceptedShare >= base.acceptedShare - BACK_SHARE && (base.acceptedShare === 0 || medianUs <= mostUs);
  }

  async #probe(): Promise<Probe> {
    const { scenario, supply } = this.#parts;
    const plan = { ratePerSec: PROBE_PER_SEC, durationUs: PROBE_US, patienceUs: 5 * US_PER_SEC };
    const parts = { ...this.#parts, workers: 1 };
    const began = cpuTime();
    const summary = await playedRun(parts, holdScenario(scenario, plan, supply), {}, new RunStop());
    const { outcomes, latency, attempts } = summary.total;
    const isBusy = idleShare(began, cpuTime()) < LEAST_IDLE_SHARE;
    const loopsUs = summary.workers.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us);
    const accepted = outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
    return {
      medianUs: latency['response']?.['accepted']?.p50Us ?? Number.POSITIVE_INFINITY,
      acceptedShare: attempts.started === 0 ? 0 : accepted / attempts.started,
      wasLate: isBusy || Math.max(summary.generator?.slipP99Us ?? 0, ...loopsUs) > BACK_MARGIN_US,
    };
  }
}
