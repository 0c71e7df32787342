import type { Socket } from 'node:net';
import { addressOf } from '../../link/failures.ts';
import { reasonWords } from '../../link/mqtt/reason-codes.ts';
import { connectFault } from '../../link/mqtt/sendable.ts';
import { errorCode } from '../../link/socket/error-code.ts';
import { isTlsError } from '../../link/socket/tls.ts';
import type { Fact } from '../../results/login/login-step.ts';
import { CONNACK_NAMES } from '../../results/outcome.ts';
import type { ConnectFailure, LoginFailure, SeenFailure } from '../attempt/failure.ts';
import type { OpeningParts } from '../attempt/opening.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import { tlsFailureOf } from '../tls/tls-look.ts';
import { tlsFailureWords } from '../tls/tls-words.ts';
import { connackMeaning } from './connack-meaning.ts';
import { type LoginFields, type LoginManner, type MqttVersion, VERSION_NAMES } from './connect-fields.ts';
import { Conversation, type Heard } from './conversation.ts';
import { strangerWords } from './stranger-words.ts';

/** What is sent. */
export interface SentLogin {
  readonly subject: LoginSubject;
  readonly fields: LoginFields;
  readonly manner: LoginManner;
}

/** Sends CONNECT and waits for CONNACK. A conversation if the device is in. */
export async function connectStep(
  socket: Socket,
  login: SentLogin,
  { log, deadline }: Pick<OpeningParts, 'log' | 'deadline'>,
): Promise<Conversation | SeenFailure> {
  const { subject, fields, manner } = login;
  const step = log.begin('connect');
  const facts = connectFacts(login);
  const fault = connectFault({ ...fields, connection: subject.connection });
  if (fault !== undefined) {
    socket.destroy();
    step.end('failed', `not sent: ${fault}`, facts);
    return { failure: connectFailure('unsendable'), words: `MQTT cannot carry this login: ${fault}` };
  }
  const talk = new Conversation(socket, manner.version);
  talk.send(connectPacket(login));
  const heard = await talk.hear('connack', deadline.leftMs);
  const code = codeOf(heard, manner.version);
  if (code === 0) {
    step.end('ok', 'CONNACK 0: accepted', facts);
    return talk;
  }
  talk.end(false);
  const where = addressOf(subject.endpoint);
  const seen = code === undefined ? unanswered(heard, where) : refused(code);
  step.end('failed', seen.words, code === undefined ? facts : [...facts, meaningFact(code, subject.auth.mode)]);
  return seen;
}

function connectPacket({ subject: { connection }, fields, manner: { version } }: SentLogin) {
  const { clientId, username, password } = fields;
  return {
    cmd: 'connect',
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion: version,
    clean: connection.clean,
    keepalive: connection.keepaliveSec,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  } as const;
}

function connectFacts({ subject: { connection }, fields, manner }: SentLogin): Fact[] {
  return [
    { name: 'protocol', value: `${VERSION_NAMES[manner.version]} (level ${manner.version})` },
    ...fields.shown,
    { name: 'keepalive', value: connection.keepaliveSec === 0 ? '0 s, off' : `${connection.keepaliveSec} s` },
    { name: 'clean session', value: connection.clean ? 'yes' : 'no' },
  ];
}

function meaningFact(code: number, mode: LoginSubject['auth']['mode']): Fact {
  return { name: 'means here', value: connackMeaning(mode, code) };
}

/** A service that speaks only MQTT 5 may answer an older CONNECT with a code of its own. */
function codeOf(heard: Heard, version: MqttVersion): number | undefined {
  if (heard.kind !== 'packet' || heard.packet.cmd !== 'connack') return undefined;
  return version === 5 ? (heard.packet.reasonCode ?? 0) : (heard.packet.returnCode ?? 0);
}

function refused(code: number): SeenFailure {
  return { failure: { ...connectFailure('refused'), code }, words: `CONNACK ${code}: ${codeName(code)}` };
}

/** The name of a CONNACK code of whatever version. */
export function codeName(code: number): string {
  return (
    CONNACK_NAMES[code] ?? reasonWords(code)?.replace(/^reason code \d+, /, '') ?? 'a code that MQTT does not know'
  );
}

/** What came, or did not come, in place of CONNACK. */
export function unanswered(heard: Heard, where: string): SeenFailure {
  switch (heard.kind) {
    case 'silence':
      return { failure: connectFailure('timeout'), words: `${where} does not answer CONNECT` };
    case 'stranger':
      return {
        failure: { ...connectFailure('stranger'), firstByte: heard.bytes[0] ?? -1 },
        words: `${where} answers CONNECT with ${strangerWords(heard.bytes, heard.words)}`,
      };
    case 'closed':
      return closedSeen(heard.error, where);
    default:
      return {
        failure: connectFailure('closed'),
        words: `${where} answers CONNECT with ${heard.packet.cmd.toUpperCase()}`,
      };
  }
}

/** Under TLS 1.3 a service refuses a client's certificate only after the handshake. */
function closedSeen(error: Error | undefined, where: string): SeenFailure {
  if (error !== undefined && isTlsError(error)) {
    const look = tlsFailureOf(error);
    const failure: LoginFailure = { step: 'tls', side: 'mqtt', ...look };
    return { failure, words: tlsFailureWords(look, where) };
  }
  const how =
    error === undefined ? 'closes the connection' : `resets the connection (${errorCode(error) ?? error.message})`;
  return { failure: connectFailure('closed'), words: `${where} ${how} without an answer to CONNECT` };
}

function connectFailure(kind: ConnectFailure['kind']): ConnectFailure {
  return { step: 'connect', side: 'mqtt', kind, code: 0, firstByte: -1 };
}
