import type { Endpoint, LinkFailure } from '../../link/port.ts';
import { secureContextOf } from '../../link/socket/tls.ts';
import { reachAdvice } from '../../metrics/judge/reach-advice.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sayHello } from './hello.ts';
import { openSocket } from './opening.ts';
import { type Place, placesOf } from './places.ts';

/** A place that devices could not log in to. */
export interface ProbeFault {
  readonly setting: Place['setting'];
  readonly endpoint: Endpoint;
  readonly outcome: LinkFailure['outcome'];
  readonly detail: string;
  /** What to change. */
  readonly advice: string;
}

/** For each of: connection with its name and TLS, and answer. */
const STEP_MS = 4_000;
/** For another look at a port that did not answer as it should. */
const SECOND_LOOK_MS = 1_500;

/**
 * Looks whether a target is there before anything is planned against it: name, TCP, TLS as the scenario has it, and one CONNECT that is no
 * device's (`sayHello`); of the auth service name, TCP and TLS alone, as a request would be a login. Nothing of it is in any figure. The
 * embedded emulator is there by itself. Settles within ten seconds; rejects when a certificate's file cannot be read.
 */
export async function probeTarget(
  scenario: Scenario,
  environment: Environment,
  stepMs = STEP_MS,
): Promise<ProbeFault[]> {
  const { target } = scenario;
  if (target.kind === 'emulator') return [];
  const places = await placesOf(scenario, target, environment);
  const found = await Promise.all(places.map((place) => probePlace(place, stepMs)));
  return found.filter((fault) => fault !== undefined);
}

async function probePlace(place: Place, stepMs: number): Promise<ProbeFault | undefined> {
  const { setting, endpoint, tls, mayNeedCertificate } = place;
  const opened = await openSocket(endpoint, place, stepMs);
  const failure = 'failure' in opened ? opened.failure : await answerOf(place, opened.socket, stepMs);
  if (failure === undefined || (mayNeedCertificate && isAlert(failure))) return undefined;
  const { outcome, detail } = failure;
  // Before TLS, most services end a connection that begins with anything else without a word.
  const isOfTlsPort =
    setting === 'target.mqtt' && tls === undefined && WORDLESS.has(outcome) && failure.phase === 'mqtt';
  if (isOfTlsPort && (await speaksTls(place))) {
    return { setting, endpoint, outcome, detail, advice: 'that port speaks TLS: write mqtts://' };
  }
  if (setting === 'target.mqtt' && tls !== undefined && isNoHandshake(failure) && (await speaksMqtt(place))) {
    return { setting, endpoint, outcome, detail, advice: 'that port speaks MQTT without TLS: write mqtt://' };
  }
  if (IS_THERE.has(outcome) && failure.phase === 'mqtt') return undefined;
  return { setting, endpoint, outcome, detail, advice: reachAdvice(outcome, detail) };
}

/** How a connection ends that was not answered in words. */
const WORDLESS: ReadonlySet<string> = new Set(['closed-before-connack', 'tcp-reset', 'connack-timeout']);
/** A service may close on whoever it does not know: that it does says that it is there. */
const IS_THERE: ReadonlySet<string> = new Set(['closed-before-connack', 'tcp-reset']);

async function answerOf(
  { setting, endpoint }: Place,
  socket: Parameters<typeof sayHello>[0],
  withinMs: number,
): Promise<LinkFailure | undefined> {
  if (setting === 'target.mqtt') return await sayHello(socket, endpoint, withinMs);
  socket.destroySoon();
  return undefined;
}

/** The service did not like the handshake: with TLS 1.3 it says so after it. */
function isAlert({ outcome, detail }: LinkFailure): boolean {
  return outcome === 'tls-failed' && /ALERT/.test(detail);
}

/** Nothing that speaks TLS has answered: most services end a connection that begins with what they do not know without a word. */
function isNoHandshake(failure: LinkFailure): boolean {
  return failure.outcome === 'tls-failed' && /^(?:timeout|handshake)/.test(failure.detail) && !isAlert(failure);
}

async function speaksMqtt({ endpoint, proxy }: Place): Promise<boolean> {
  const opened = await openSocket(endpoint, { tls: undefined, proxy }, SECOND_LOOK_MS);
  if ('failure' in opened) return false;
  return (await sayHello(opened.socket, endpoint, SECOND_LOOK_MS)) === undefined;
}

async function speaksTls({ endpoint, proxy }: Place): Promise<boolean> {
  const settings = { verify: false, minVersion: 'TLSv1.2', sessionResumption: false } as const;
  const tls = { context: secureContextOf(settings), verify: false };
  const opened = await openSocket(endpoint, { tls, proxy }, SECOND_LOOK_MS);
  if ('failure' in opened) return isAlert(opened.failure);
  opened.socket.destroySoon();
  return true;
}
