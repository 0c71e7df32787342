import { signedContent } from '../../device/auth/signing.ts';
import { tokenRequest } from '../../device/auth/token-request.ts';
import { ClientCertificateError } from '../../link/socket/client-certificate.ts';
import { secureContextOf } from '../../link/socket/tls.ts';
import { bareClientId, type LoginManner, loginFields, type TokenPair, timestampOf } from '../mqtt/connect-fields.ts';
import { connectStep } from '../mqtt/connect-step.ts';
import { sessionSteps } from '../mqtt/session-steps.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { AttemptParts } from './attempt-parts.ts';
import { authStep } from './auth-step.ts';
import { Deadline } from './deadline.ts';
import type { SeenFailure, Side } from './failure.ts';
import { type Opened, type OpeningParts, openWay } from './opening.ts';

/** How a login ended. */
export interface AttemptEnd {
  /** Undefined: the device got in. */
  readonly seen: SeenFailure | undefined;
  /** All addresses of the host that was connected to last. */
  readonly addresses: readonly string[];
  /** The time of the auth service, if it told it, less that of this machine. */
  readonly clockAheadMs?: number | undefined;
}

/** One login, step by step, as the device would do it; afterwards it subscribes, publishes and pings once if `works`. */
export async function attemptLogin(
  subject: LoginSubject,
  manner: LoginManner,
  parts: AttemptParts,
  { works, address }: { readonly works: boolean; readonly address?: string | undefined },
): Promise<AttemptEnd> {
  const deadline = new Deadline(parts.surroundings, parts.withinUs);
  const opening = { ...parts, deadline };
  const own = ownCertificateFailure(subject, opening);
  if (own !== undefined) return { seen: own, addresses: [] };
  let token: TokenPair | undefined;
  let target = subject;
  if (subject.auth.mode === 'https-token') {
    const asked = await askForToken(subject, opening);
    if ('seen' in asked) return asked;
    token = asked.token;
    target = asked.endpoint === undefined ? subject : { ...subject, endpoint: asked.endpoint };
  }
  const fields = loginFields(target, manner, parts.surroundings.nowMs(), token);
  const opened = await openWay(mqttWay(target, address), opening);
  if ('failure' in opened) return { seen: opened, addresses: opened.addresses };
  const { socket, addresses } = opened;
  const connected = await connectStep(socket, { subject: target, fields, manner }, opening);
  if ('failure' in connected) return { seen: connected, addresses };
  const seen = works ? await sessionSteps(connected, target, parts) : undefined;
  connected.end(true);
  return { seen, addresses };
}

/** The token of a device, and where it is to connect with it; or how that failed. */
export async function askForToken(
  subject: LoginSubject,
  parts: OpeningParts,
): Promise<{ readonly token: TokenPair; readonly endpoint: LoginSubject['endpoint'] | undefined } | AttemptEnd> {
  const { authAddress, auth, identity } = subject;
  if (authAddress === undefined || auth.mode !== 'https-token') throw new Error('no HTTPS login to look at');
  const { tls, certificate } = {
    tls: authAddress.isSecure ? subject.tls : undefined,
    certificate: identity.certificate,
  };
  const opened: Opened = await openWay({ side: 'auth', endpoint: authAddress, tls, certificate }, parts);
  if ('failure' in opened) return { seen: opened, addresses: opened.addresses };
  const nowMs = parts.surroundings.nowMs();
  const clientId = bareClientId(subject);
  const timestamp = timestampOf(auth.timestamp, nowMs);
  const request = {
    body: tokenRequest(auth, identity, nowMs, clientId),
    signed: signedContent(clientId, identity.deviceName, identity.productKey, timestamp),
    signmethod: auth.signmethod,
  };
  const answered = await authStep(opened.socket, subject, authAddress, request, parts);
  return 'failure' in answered
    ? { seen: answered, addresses: opened.addresses, clockAheadMs: answered.clockAheadMs }
    : answered;
}

/** The MQTT connection of a device. */
export function mqttWay({ endpoint, transport, tls, identity, proxy }: LoginSubject, address?: string) {
  const secured = transport === 'tls' ? tls : undefined;
  return { side: 'mqtt' as Side, endpoint, tls: secured, certificate: identity.certificate, proxy, address };
}

/** A device whose certificate is of no use sends nothing. */
function ownCertificateFailure(
  { identity, tls, transport, auth }: LoginSubject,
  { log }: OpeningParts,
): SeenFailure | undefined {
  if (tls === undefined || (transport !== 'tls' && auth.mode !== 'https-token')) return undefined;
  const side = auth.mode === 'https-token' ? 'auth' : 'mqtt';
  const fault = identity.certificateFault ?? certificateFault(tls, identity.certificate);
  if (fault === undefined) return undefined;
  const words = `nothing is sent: the certificate of the device: ${fault}`;
  log.begin(side === 'auth' ? 'auth-tls' : 'tls').end('failed', words);
  return { failure: { step: 'own-certificate', side }, words };
}

function certificateFault(
  tls: NonNullable<LoginSubject['tls']>,
  certificate: LoginSubject['identity']['certificate'],
): string | undefined {
  try {
    secureContextOf(tls, certificate ?? tls.client);
    return undefined;
  } catch (error) {
    if (error instanceof ClientCertificateError) return error.message;
    throw error;
  }
}
