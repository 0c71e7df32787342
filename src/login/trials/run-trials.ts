import type { Trial } from '../../results/login/login-report.ts';
import { escapeControls } from '../../text/safe-text.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import { runTrial, type TrialParts } from './run-trial.ts';
import type { TrialPlan, TrialResult } from './trial-plan.ts';

/** The most connections of one look at a login, the login itself included. */
export const MOST_CONNECTIONS = 12;
/** Connections that a trial may take: those of the HTTPS login and of MQTT. */
const MOST_OF_A_TRIAL = 2;

/** How trials are spread over time. */
export interface TrialPace {
  /** Between two CONNECTs of the device: services allow so many a minute. */
  readonly spacingMs: number;
  /** Connections that the login itself has taken. */
  readonly spent: number;
  /** When the login began, in microseconds of the surroundings' clock. */
  readonly startedUs: number;
  /** Told of each trial before it, and how long it waits. */
  onTrial(words: string, waitMs: number): void;
}

/** What was tried. */
export interface TrialsEnd {
  readonly trials: readonly Trial[];
  readonly results: readonly TrialResult[];
  /** Why not everything was tried. */
  readonly untried: string | undefined;
}

/** Makes trials one after another, until one gets in or there are enough connections. */
export async function runTrials(
  plans: readonly TrialPlan[],
  subject: LoginSubject,
  parts: TrialParts,
  pace: TrialPace,
): Promise<TrialsEnd> {
  const { surroundings } = parts;
  const trials: Trial[] = [];
  const results: TrialResult[] = [];
  let connections = pace.spent;
  let lastConnectUs = pace.startedUs;
  const untried = (why: string): TrialsEnd => ({ trials, results, untried: why });
  for (const plan of plans) {
    if (connections + MOST_OF_A_TRIAL > MOST_CONNECTIONS) return untried(`more than ${MOST_CONNECTIONS} connections`);
    const waitMs = isConnectOfDevice(plan)
      ? Math.max(0, pace.spacingMs - (surroundings.nowUs() - lastConnectUs) / 1_000)
      : 0;
    pace.onTrial(plan.words, waitMs);
    if (waitMs > 0) await surroundings.wait(waitMs);
    if (surroundings.isStopped) return untried('it was stopped');
    const beganUs = surroundings.nowUs();
    if (isConnectOfDevice(plan)) lastConnectUs = beganUs;
    const made = await runTrial(plan, subject, parts);
    connections += made.connections;
    results.push(made.result);
    trials.push(reported(plan, made, { atUs: beganUs - pace.startedUs, tookUs: surroundings.nowUs() - beganUs }));
    if (made.result.gotIn || made.result.isTelling === true) break;
  }
  return { trials, results, untried: undefined };
}

/** Limits of services count the CONNECTs of a device. */
function isConnectOfDevice({ how }: TrialPlan): boolean {
  return how === 'login' || how === 'address';
}

function reported(
  { trial, words }: TrialPlan,
  { result, connections }: Awaited<ReturnType<typeof runTrial>>,
  times: Pick<Trial, 'atUs' | 'tookUs'>,
): Trial {
  return { trial, words, ...times, gotIn: result.gotIn, seen: escapeControls(result.seen), connections };
}
