import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AuthAddress } from '../../link/auth/auth-client.ts';
import { type AttemptEnd, askForToken, attemptLogin, mqttWay } from '../attempt/attempt.ts';
import { Deadline } from '../attempt/deadline.ts';
import type { LoginFailure, SeenFailure } from '../attempt/failure.ts';
import { openWay, type Way } from '../attempt/opening.ts';
import { StepLog } from '../attempt/step-log.ts';
import type { LoginSurroundings } from '../attempt/surroundings.ts';
import { askAuthService } from '../attempt/token-look.ts';
import { type LoginFields, USUAL_MANNER } from '../mqtt/connect-fields.ts';
import { connectStep, unanswered } from '../mqtt/connect-step.ts';
import { Conversation } from '../mqtt/conversation.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { TrialPlan, TrialResult } from './trial-plan.ts';

/** What trials work with. */
export interface TrialParts {
  readonly surroundings: LoginSurroundings;
  /** Of one trial. */
  readonly withinUs: number;
}

/** A trial that has been made. */
export interface MadeTrial {
  readonly result: TrialResult;
  readonly connections: number;
}

/** TLS whose certificates are not verified: nothing secret goes over it. */
const UNVERIFIED = { verify: false, minVersion: 'TLSv1.2', sessionResumption: false } as const;
/** How long to listen to a service that has been told nothing. */
const LISTEN_MS = 500;

/** Makes one trial. Settles within its time. */
export async function runTrial(plan: TrialPlan, subject: LoginSubject, parts: TrialParts): Promise<MadeTrial> {
  const log = new StepLog(parts.surroundings, parts.surroundings.nowUs());
  const seen = await outcomeOf(plan, subject, { ...parts, log });
  return { result: { trial: plan.trial, ...seen }, connections: log.connections };
}

type Seen = Omit<TrialResult, 'trial'>;
type Parts = TrialParts & { readonly log: StepLog };

async function outcomeOf(plan: TrialPlan, subject: LoginSubject, parts: Parts): Promise<Seen> {
  switch (plan.how) {
    case 'login':
      return ofAttempt(await attemptLogin(plan.subject, plan.manner, parts, { works: false }));
    case 'address':
      return ofAttempt(await attemptLogin(subject, USUAL_MANNER, parts, { works: false, address: plan.address }));
    case 'token':
      return await tokenTrial(plan.subject, parts);
    case 'plain-hello':
      return await helloTrial({ ...subject, transport: 'tcp' }, parts);
    case 'hello':
      return await helloTrial(subject, parts);
    case 'handshake':
      return await handshakeTrial(subject, parts);
    case 'clock':
      return await clockTrial(subject, parts);
    case 'web-clock':
      return await webClockTrial(subject, parts);
    default:
      return unreachable(plan);
  }
}

function ofAttempt({ seen, clockAheadMs }: AttemptEnd): Seen {
  if (seen === undefined) return { gotIn: true, failure: undefined, seen: 'CONNACK 0: accepted' };
  return { gotIn: false, failure: seen.failure, seen: seen.words, clockAheadMs };
}

async function tokenTrial(subject: LoginSubject, parts: Parts): Promise<Seen> {
  const asked = await askForToken(subject, openingOf(parts));
  if ('seen' in asked) return ofAttempt(asked);
  return { gotIn: true, failure: undefined, seen: 'code 200: a token' };
}

/** Any CONNACK shows that MQTT is spoken there. */
async function helloTrial(subject: LoginSubject, parts: Parts): Promise<Seen> {
  const opened = await openWay(mqttWay(subject), openingOf(parts));
  if ('failure' in opened) return notIn(opened);
  const nobody: LoginFields = { clientId: `fleetstorm${randomBytes(4).toString('hex')}`, shown: [] };
  const login = { subject, fields: nobody, manner: USUAL_MANNER };
  const answered = await connectStep(opened.socket, login, openingOf(parts));
  if (!('failure' in answered)) {
    answered.end(true);
    return { gotIn: true, failure: undefined, seen: 'CONNACK 0: accepted' };
  }
  const { failure, words } = answered;
  return { gotIn: failure.step === 'connect' && failure.kind === 'refused', failure, seen: words };
}

/** TLS is there when the handshake succeeds; a service that wants the client's certificate may say so right after it. */
async function handshakeTrial(subject: LoginSubject, parts: Parts): Promise<Seen> {
  const { transport, tls } = subject;
  const settings = transport === 'tls' && tls !== undefined ? { ...tls, verify: false } : UNVERIFIED;
  const opened = await openWay({ ...mqttWay(subject), tls: settings }, openingOf(parts));
  if ('failure' in opened) {
    const isAlert = opened.failure.step === 'tls' && opened.failure.kind === 'alert';
    // Only what speaks TLS sends an alert.
    return { gotIn: isAlert && transport === 'tcp', failure: opened.failure, seen: opened.words };
  }
  const told = await listened(opened.socket, subject);
  if (told === undefined) return { gotIn: true, failure: undefined, seen: 'the handshake succeeds' };
  // Before any CONNECT it is the handshake that the service does not like.
  return { gotIn: transport === 'tcp', failure: told.failure, seen: told.words, isTelling: true };
}

/** What the service says though it has been told nothing; undefined if nothing. */
async function listened(socket: Socket, { endpoint }: LoginSubject): Promise<SeenFailure | undefined> {
  const talk = new Conversation(socket, USUAL_MANNER.version);
  const heard = await talk.listen(LISTEN_MS);
  talk.end(false);
  if (heard.kind === 'silence') return undefined;
  const { failure, words } = unanswered(heard, endpoint.host);
  const isClosed = failure.step === 'connect' && failure.kind === 'closed';
  return { failure, words: isClosed ? 'the service closes the connection as soon as the handshake is over' : words };
}

async function clockTrial({ authAddress, identity }: LoginSubject, parts: Parts): Promise<Seen> {
  if (authAddress === undefined) throw new Error('no auth service to ask for its time');
  const certificate = identity.certificateFault === undefined ? identity.certificate : undefined;
  return await timeAt(authAddress, certificate, parts);
}

/** Asks the ports of the host, until one tells its time. They share the time of a trial. */
async function webClockTrial({ endpoint: { host } }: LoginSubject, parts: Parts): Promise<Seen> {
  const ports = parts.surroundings.timePorts;
  const each = { ...parts, withinUs: parts.withinUs / Math.max(1, ports.length) };
  const seen: string[] = [];
  for (const { port, isSecure } of ports) {
    const told = await timeAt({ host, port, isSecure, path: '/' }, undefined, each);
    if (told.clockAheadMs !== undefined) return { ...told, seen: `port ${port}: ${told.seen}` };
    seen.push(`port ${port}: ${told.seen}`);
  }
  return { gotIn: false, failure: undefined, seen: seen.join('; ') };
}

/** What time an HTTP service has, over TLS that is not verified. */
async function timeAt(address: AuthAddress, certificate: Way['certificate'], parts: Parts): Promise<Seen> {
  const tls = address.isSecure ? UNVERIFIED : undefined;
  const opened = await openWay({ side: 'auth', endpoint: address, tls, certificate }, openingOf(parts));
  if ('failure' in opened) return notIn(opened);
  const look = await askAuthService(opened.socket, address, { method: 'HEAD' }, parts.withinUs / 1_000);
  if (!('reply' in look) || look.date === undefined) {
    return { gotIn: false, failure: undefined, seen: 'reply' in look ? 'it does not tell its time' : look.words };
  }
  const seen = `its time is ${look.date.toISOString().slice(0, 19)}Z`;
  return { gotIn: false, failure: undefined, seen, clockAheadMs: look.date.getTime() - parts.surroundings.nowMs() };
}

function notIn({ failure, words }: { readonly failure: LoginFailure; readonly words: string }): Seen {
  return { gotIn: false, failure, seen: words };
}

function openingOf(parts: Parts) {
  return {
    log: parts.log,
    surroundings: parts.surroundings,
    deadline: new Deadline(parts.surroundings, parts.withinUs),
  };
}

function unreachable(plan: never): never {
  throw new TypeError(`unknown trial ${JSON.stringify(plan)}`);
}
