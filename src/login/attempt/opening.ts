import { isIP, type Socket } from 'node:net';
import { addressOf } from '../../link/failures.ts';
import type { Endpoint } from '../../link/port.ts';
import type { ClientCertificate } from '../../link/socket/client-certificate.ts';
import { errorCode } from '../../link/socket/error-code.ts';
import { strayAddress } from '../../link/socket/loopback.ts';
import { headerOf, type ProxyOptions } from '../../link/socket/proxy-header.ts';
import { secureContextOf, type TlsSettings } from '../../link/socket/tls.ts';
import { lookAtTls } from '../tls/tls-look.ts';
import { problemWords, tlsFailureWords } from '../tls/tls-words.ts';
import type { Deadline } from './deadline.ts';
import type { SeenFailure, Side } from './failure.ts';
import type { StepLog } from './step-log.ts';
import type { LoginSurroundings } from './surroundings.ts';
import { connectTcp } from './tcp.ts';

/** What is opened. */
export interface Way {
  readonly side: Side;
  readonly endpoint: Endpoint;
  /** Undefined: plain TCP. */
  readonly tls: TlsSettings | undefined;
  /** The device's own certificate, if it has one. */
  readonly certificate: ClientCertificate | undefined;
  /** An address of the host to use instead of the first one. */
  readonly address?: string | undefined;
  readonly proxy?: ProxyOptions | undefined;
}

/** What an opening works with. */
export interface OpeningParts {
  readonly log: StepLog;
  readonly surroundings: LoginSurroundings;
  readonly deadline: Deadline;
}

/** An open connection, or why there is none. `addresses`: all of the name. */
export type Opened =
  | { readonly socket: Socket; readonly addresses: readonly string[] }
  | (SeenFailure & { readonly addresses: readonly string[] });

/** Resolves, connects, secures: each step noted with its time and what was seen. */
export async function openWay(way: Way, parts: OpeningParts): Promise<Opened> {
  const addresses = await resolveStep(way, parts);
  if ('failure' in addresses) return { ...addresses, addresses: [] };
  const [first = way.endpoint.host] = addresses;
  const connected = await tcpStep(way, way.address ?? first, parts);
  if ('failure' in connected) return { ...connected, addresses };
  if (way.proxy !== undefined) connected.write(headerOf(way.proxy, connected));
  if (way.tls === undefined) return { socket: connected, addresses };
  const secured = await tlsStep(way, way.tls, connected, parts);
  return 'failure' in secured ? { ...secured, addresses } : { socket: secured, addresses };
}

async function resolveStep(
  { side, endpoint: { host } }: Way,
  { log, surroundings, deadline }: OpeningParts,
): Promise<readonly string[] | SeenFailure> {
  const step = log.begin(side === 'auth' ? 'auth-name' : 'name');
  if (isIP(host) !== 0) {
    step.end('ok', `${host} is an address, nothing to resolve`);
    return [host];
  }
  const found = await deadline.within(surroundings.addressesOf(host).catch((error: Error) => error));
  if (found === undefined || found instanceof Error) {
    const code = found === undefined ? 'no answer in time' : (errorCode(found) ?? found.message);
    const kind = found === undefined || code === 'EAI_AGAIN' ? 'no-answer' : 'unknown';
    const words = kind === 'unknown' ? `there is no address of ${host} (${code})` : `no answer about ${host} (${code})`;
    step.end('failed', words);
    return { failure: { step: 'name', side, kind }, words };
  }
  const stray = found.map((address) => strayAddress(host, address)).find((error) => error !== null);
  if (stray !== undefined) {
    step.end('failed', stray.message);
    return { failure: { step: 'name', side, kind: 'stray' }, words: stray.message };
  }
  const facts = found.map((address) => ({ name: isIP(address) === 6 ? 'IPv6' : 'IPv4', value: address }));
  step.end('ok', `${host} has ${found.length === 1 ? '1 address' : `${found.length} addresses`}`, facts);
  return found;
}

async function tcpStep(
  { side, endpoint: { host, port } }: Way,
  address: string,
  { log, deadline }: OpeningParts,
): Promise<Socket | SeenFailure> {
  const step = log.begin(side === 'auth' ? 'auth-tcp' : 'tcp');
  log.connections++;
  const look = await connectTcp(address, port, deadline.leftMs);
  const where = addressOf({ host: address, port });
  if ('socket' in look) {
    step.end('ok', `connected to ${where}`);
    return look.socket;
  }
  const words = tcpWords(look.kind, look.detail, where);
  step.end('failed', words);
  const isOnly = host === address;
  return { failure: { step: 'tcp', side, kind: look.kind }, words: isOnly ? words : `${words}, an address of ${host}` };
}

function tcpWords(kind: string, detail: string, where: string): string {
  switch (kind) {
    case 'refused':
      return `${where} refuses connections (${detail})`;
    case 'timeout':
      return `no answer from ${where}`;
    case 'unreachable':
      return `${where} cannot be reached from here (${detail})`;
    default:
      return `no connection to ${where} (${detail})`;
  }
}

async function tlsStep(
  { side, endpoint, certificate }: Way,
  settings: TlsSettings,
  base: Socket,
  { log, surroundings, deadline }: OpeningParts,
): Promise<Socket | SeenFailure> {
  const step = log.begin(side === 'auth' ? 'auth-tls' : 'tls');
  // The name to expect is that of the MQTT service; the auth service is another host.
  const { serverName, alpn } = side === 'mqtt' ? settings : {};
  const layer = { context: secureContextOf(settings, certificate ?? settings.client), serverName, alpn };
  const nowMs = surroundings.nowMs();
  const options = { layer, host: endpoint.host, ca: settings.ca, nowMs };
  const look = await lookAtTls(base, options, deadline.leftMs);
  const where = addressOf(endpoint);
  if (!('socket' in look)) {
    const words = tlsFailureWords(look, where);
    step.end('failed', words);
    return { failure: { step: 'tls', side, ...look }, words };
  }
  const { socket, facts, problems, certificates } = look;
  const version = facts.find(({ name }) => name === 'version')?.value ?? 'TLS';
  const [first] = problems;
  if (first === undefined) {
    step.end('ok', `${version}, the certificate is good`, facts);
    return socket;
  }
  const words = problemWords(first);
  if (!settings.verify) {
    step.end('noted', `${version}, not verified as the settings say: ${words}`, facts);
    return socket;
  }
  socket.destroy();
  step.end('failed', words, facts);
  return { failure: { step: 'certificate', side, problems, certificates, nowMs }, words };
}
