import { env as ownEnv } from 'node:process';
import { tuningIn } from '../host/machine/tuning.ts';
import { systemSurroundings } from '../login/attempt/surroundings.ts';
import { examineLogin } from '../login/examine-login.ts';
import { type FoundDevice, findDevice } from '../login/subject/find-device.ts';
import { forbiddenFor, openSubject } from '../login/subject/open-subject.ts';
import { usualSpacingUs } from '../login/trials/spacing.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { LoginReport } from '../results/login/login-report.ts';
import { version } from '../run/version.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { RunRefusal, type TargetOptions } from './refusals.ts';

/** Options of a look at a login. */
export interface DiagnoseOptions extends TargetOptions {
  /** Name of the device; the first of its fleet by default. */
  readonly device?: string | undefined;
  /** Name of its fleet, where several have devices of that name. */
  readonly fleet?: string | undefined;
  /** One attempt, and nothing tried after a failure. */
  readonly once?: boolean | undefined;
  /** Between two logins of the device, in milliseconds; by default 13 s, and none on this machine: services allow a device so many. */
  readonly spacingMs?: number | undefined;
  /** How long a login may take, up to CONNACK, in milliseconds; that of the fleet by default. */
  readonly timeoutMs?: number | undefined;
  /** Ends the trying: the report says what is known by then. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each trial before it, and how long it waits. */
  readonly onTrial?: ((words: string, waitMs: number) => void) | undefined;
}

/**
 * Looks at one login of one device of a scenario, step by step, and says why it fails, as `fleetstorm login FILE` does. The login is a real
 * one; at most 12 connections are made. Rejects with a `RunRefusal` before the first packet if there is no such device or if its service is
 * remote and was not allowed; with another error if the embedded emulator does not start or a certificate cannot be read.
 */
export async function diagnoseLogin({ scenario }: LoadedScenario, options: DiagnoseOptions = {}): Promise<LoginReport> {
  const { env = ownEnv, allowRemote = [], onTrial, signal = new AbortController().signal } = options;
  const tuning = tuningIn(env);
  if (!tuning.ok) throw new RunRefusal([tuning.fault], EXIT_CODES.usage);
  const found = await wantedDevice(scenario, options);
  refuseForbidden(scenario, found, allowRemote);
  const { subject: opened, close } = await openSubject(scenario, found, {
    allowedHosts: allowRemote,
    environment: env,
    tuning: tuning.tuning,
    isScenario: true,
  });
  const { timeoutMs } = options;
  const connectTimeoutUs = timeoutMs === undefined ? opened.connection.connectTimeoutUs : timeoutMs * 1_000;
  const subject = { ...opened, connection: { ...opened.connection, connectTimeoutUs } };
  return await examineLogin(subject, {
    surroundings: systemSurroundings(signal),
    tries: options.once !== true,
    spacingMs: options.spacingMs ?? usualSpacingUs(subject) / 1_000,
    version,
    onTrial: onTrial ?? (() => undefined),
  }).finally(close);
}

async function wantedDevice(scenario: Scenario, { fleet, device }: DiagnoseOptions): Promise<FoundDevice> {
  const found = await findDevice(scenario, { fleet, device });
  if (typeof found === 'string') throw new RunRefusal([found], EXIT_CODES.usage);
  return found;
}

function refuseForbidden(scenario: Scenario, found: FoundDevice, allowed: readonly string[]): void {
  const hosts = forbiddenFor(scenario, found, allowed);
  if (hosts.length === 0) return;
  const reason = `${hosts.join(', ')} is not this machine; if you may log in there, name it in allowRemote`;
  throw new RunRefusal([reason], EXIT_CODES.preflightRefused);
}
