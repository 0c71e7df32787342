import { type Cause, LOGIN_SCHEMA_VERSION, type LoginReport } from '../results/login/login-report.ts';
import { escapeControls } from '../text/safe-text.ts';
import { type AttemptEnd, attemptLogin } from './attempt/attempt.ts';
import { StepLog } from './attempt/step-log.ts';
import type { LoginSurroundings } from './attempt/surroundings.ts';
import { causesOf } from './causes/causes-of.ts';
import { USUAL_MANNER } from './mqtt/connect-fields.ts';
import type { LoginSubject } from './subject/login-subject.ts';
import { traitsOf } from './traits.ts';
import { chooseTrials } from './trials/choose-trials.ts';
import { runTrials, type TrialsEnd } from './trials/run-trials.ts';
import { TRIAL_US } from './trials/variations.ts';

/** How a login is looked at. */
export interface ExamineOptions {
  readonly surroundings: LoginSurroundings;
  /** Whether something is tried after a failure, to tell causes apart. */
  readonly tries: boolean;
  /** Between two CONNECTs of the device. */
  readonly spacingMs: number;
  readonly version: string;
  /** Told of each trial before it, and how long it waits. */
  onTrial(words: string, waitMs: number): void;
}

/** One login of one device, step by step; why it failed, if it did, and what was tried to find out. */
export async function examineLogin(subject: LoginSubject, options: ExamineOptions): Promise<LoginReport> {
  const { surroundings } = options;
  const startedAt = new Date(surroundings.nowMs()).toISOString();
  const startedUs = surroundings.nowUs();
  const log = new StepLog(surroundings, startedUs);
  const parts = { log, surroundings, withinUs: subject.connection.connectTimeoutUs };
  const end = await attemptLogin(subject, USUAL_MANNER, parts, { works: true });
  const tried = await triedAfter(end, subject, options, { startedUs, spent: log.connections });
  const { seen } = end;
  const connections = tried.trials.reduce((sum, trial) => sum + trial.connections, log.connections);
  return {
    schemaVersion: LOGIN_SCHEMA_VERSION,
    tool: { name: 'fleetstorm', version: options.version },
    device: deviceOf(subject),
    target: subject.target,
    mode: subject.auth.mode,
    transport: subject.transport,
    startedAt,
    isIn: seen === undefined,
    verdict: verdictOf(subject, seen?.words),
    steps: log.steps,
    trials: [...tried.trials],
    ...(tried.untried === undefined ? {} : { untried: tried.untried }),
    causes: seen === undefined ? [] : whyOf(end, subject, tried),
    connections,
    warnings: [...subject.warnings],
  };
}

async function triedAfter(
  { seen, addresses }: AttemptEnd,
  subject: LoginSubject,
  { surroundings, tries, spacingMs, onTrial }: ExamineOptions,
  began: { readonly startedUs: number; readonly spent: number },
): Promise<TrialsEnd> {
  const none: TrialsEnd = { trials: [], results: [], untried: undefined };
  if (seen === undefined) return none;
  if (!tries) return { ...none, untried: '--once' };
  const plans = chooseTrials(subject, seen.failure, addresses);
  const withinUs = Math.min(TRIAL_US, subject.connection.connectTimeoutUs);
  return await runTrials(plans, subject, { surroundings, withinUs }, { ...began, spacingMs, onTrial });
}

function whyOf({ seen, clockAheadMs }: AttemptEnd, subject: LoginSubject, { results }: TrialsEnd): Cause[] {
  if (seen === undefined) return [];
  const told = results.find((result) => result.clockAheadMs !== undefined)?.clockAheadMs;
  return causesOf({
    about: traitsOf(subject),
    failure: seen.failure,
    trials: results,
    clockAheadMs: clockAheadMs ?? told,
  });
}

function deviceOf({ fleet, identity: { productKey, deviceName } }: LoginSubject): LoginReport['device'] {
  return {
    ...(fleet === undefined ? {} : { fleet }),
    ...(productKey === '' ? {} : { productKey }),
    deviceName,
  };
}

function verdictOf({ identity: { deviceName } }: LoginSubject, failure: string | undefined): string {
  return escapeControls(failure === undefined ? `${deviceName} gets in` : `${deviceName} does not get in: ${failure}`);
}
