import { EmulatorError } from '../emulator/contract/emulator-error.ts';
import { isFileError } from '../files/system-error.ts';
import { tuningIn } from '../host/machine/tuning.ts';
import { systemSurroundings } from '../login/attempt/surroundings.ts';
import { examineLogin } from '../login/examine-login.ts';
import type { LoginSubject } from '../login/subject/login-subject.ts';
import { forbiddenFor, openSubject } from '../login/subject/open-subject.ts';
import { usualSpacingUs } from '../login/trials/spacing.ts';
import { renderLogin } from '../report/login/login-text.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { LoginReport } from '../results/login/login-report.ts';
import { version } from '../run/version.ts';
import { formatUs, parseDurationUs, US_PER_MS } from '../time/units.ts';
import type { Io } from './io/io.ts';
import { styleOf } from './io/terminal-style.ts';
import { type WantedLogin, wantedLogin } from './login/wanted-login.ts';
import type { CommandCode } from './options/command-code.ts';
import { DEVICE_SECRET_VARIABLE } from './options/device-secret.ts';
import { type LoginArgs, loginFaults, loginOptions } from './options/login-options.ts';

/** What the command ends with if the device does not get in. */
const NOT_IN = 1;

/** `fleetstorm login`: one login of one device, step by step, and why it fails. */
export function loginCommand(io: Io, exit: (code: number) => void): CommandCode<LoginArgs> {
  return {
    builder: (yargs) =>
      loginOptions(yargs)
        .example('$0 login storm.yaml --device meters-000017', 'Why does this device of the scenario not get in?')
        .example('$0 login storm.yaml --once', 'Its first device, one attempt, nothing tried')
        .example(
          `${DEVICE_SECRET_VARIABLE}=secret $0 login --product-key pk --device d1 --mqtt mqtt://127.0.0.1`,
          'A device without a scenario',
        )
        .epilog(
          'Exit code: 0 if the device gets in, 1 if not. The login is a real one: another copy of the device that is online is kicked. At most 12 connections are made.',
        ),
    handler: async (args) => exit(await runLogin(io, args)),
  };
}

/** Looks at one login and prints what was seen. Resolves to the exit code. */
export async function runLogin(io: Io, args: LoginArgs): Promise<number> {
  const tuning = tuningIn(io.env);
  const faults = [...loginFaults(args), ...(tuning.ok ? [] : [tuning.fault])];
  if (faults.length > 0) return refused(io, faults, EXIT_CODES.usage);
  const wanted = await wantedLogin(io, args);
  if (wanted === undefined) return EXIT_CODES.usage;
  const [host, ...others] = forbiddenFor(wanted.scenario, wanted.found, args['allow-remote']);
  if (host !== undefined) {
    const words = `${[host, ...others].join(', ')} is not this machine, so nothing was sent. If you may log in there, name it: --allow-remote '${host}'`;
    return refused(io, [words], EXIT_CODES.preflightRefused);
  }
  return await lookedAt(io, args, wanted);
}

/** Opens the service, looks, and closes it; Ctrl-C ends the trying, and what is known so far is printed. */
async function lookedAt(io: Io, args: LoginArgs, { scenario, found }: WantedLogin): Promise<number> {
  const stop = new AbortController();
  const offSignal = io.onSignal(() => {
    if (stop.signal.aborted) io.exitNow(EXIT_CODES.interrupted);
    stop.abort();
  });
  const tuning = tuningIn(io.env);
  const surroundings = {
    allowedHosts: args['allow-remote'],
    environment: io.env,
    tuning: tuning.ok ? tuning.tuning : undefined,
    isScenario: args.file !== undefined,
    clientId: args['client-id'],
  };
  try {
    const { subject, close } = await openSubject(scenario, found, surroundings);
    const report = await examined(io, args, withTimeout(subject, args.timeout), stop.signal).finally(close);
    print(io, args, report);
    return report.isIn ? EXIT_CODES.passed : NOT_IN;
  } catch (error) {
    if (!(error instanceof EmulatorError || isFileError(error))) throw error;
    return refused(io, [error.message], EXIT_CODES.usage);
  } finally {
    offSignal();
  }
}

function examined(io: Io, args: LoginArgs, subject: LoginSubject, stop: AbortSignal): Promise<LoginReport> {
  return examineLogin(subject, {
    surroundings: systemSurroundings(stop),
    tries: args.once !== true,
    spacingMs: spacingUs(args, subject) / US_PER_MS,
    version,
    onTrial: (words, waitMs) => {
      if (args.json === true) return;
      const wait = waitMs < 1 ? '' : ` (in ${formatUs(waitMs * US_PER_MS)})`;
      io.stderr.write(`Trying: ${words}${wait}\n`);
    },
  });
}

function spacingUs({ spacing }: LoginArgs, subject: LoginSubject): number {
  return (spacing === undefined ? undefined : parseDurationUs(spacing)) ?? usualSpacingUs(subject);
}

function withTimeout(subject: LoginSubject, timeout: string | undefined): LoginSubject {
  const connectTimeoutUs = timeout === undefined ? undefined : parseDurationUs(timeout);
  return connectTimeoutUs === undefined
    ? subject
    : { ...subject, connection: { ...subject.connection, connectTimeoutUs } };
}

function print(io: Io, { json }: LoginArgs, report: LoginReport): void {
  const text = json === true ? `${JSON.stringify(report, null, 2)}\n` : renderLogin(report, styleOf(io, io.stdout));
  io.stdout.write(text);
}

function refused(io: Pick<Io, 'stderr'>, words: readonly string[], code: number): number {
  io.stderr.write(words.map((line) => `login: ${line}\n`).join(''));
  return code;
}
