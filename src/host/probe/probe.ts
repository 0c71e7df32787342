import { addressOf } from '../../link/failures.ts';
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

/** Which place it is and what happened there: `target.mqtt 127.0.0.1:1883: tcp-refused (ECONNREFUSED)`. */
export function unansweredAt({ setting, endpoint, outcome, detail }: ProbeFault): string {
  return `${setting} ${addressOf(endpoint)}: ${outcome} (${detail})`;
}

/** Time allowed for each step: connecting, including name resolution and TLS, and waiting for an answer. */
const STEP_MS = 4_000;
/** Time allowed for a second look at a port that did not answer as expected. */
const SECOND_LOOK_MS = 1_500;

/**
 * Checks that a target is reachable before a run: name, TCP, TLS as the scenario configures it, and one CONNECT that belongs to no device
 * (`sayHello`). For the auth service it checks only name, TCP and TLS, because a request would be a login. None of this is counted in the
 * run. The embedded emulator needs no probe. Settles within ten seconds; rejects if a certificate file cannot be read.
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
  // Most TLS ports silently close a connection that does not begin with a handshake.
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

/** Outcomes of a connection that got no answer. */
const WORDLESS: ReadonlySet<string> = new Set(['closed-before-connack', 'tcp-reset', 'connack-timeout']);
/** A service may close on an unknown client; that it does shows that it is there. */
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

/** The service rejected the handshake: with TLS 1.3 the alert comes only afterwards. */
function isAlert({ outcome, detail }: LinkFailure): boolean {
  return outcome === 'tls-failed' && /ALERT/.test(detail);
}

/** Nothing that speaks TLS has answered: most services silently close a connection that begins with something they do not understand. */
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
