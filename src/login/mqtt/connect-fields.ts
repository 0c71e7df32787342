import { createHash } from 'node:crypto';
import { credentialMaker } from '../../device/auth/credentials.ts';
import { directConnectFields, type SecureMode, signedContent } from '../../device/auth/signing.ts';
import type { Fact } from '../../results/login/login-step.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import { shownTemplate } from './shown-template.ts';

/** Versions of MQTT by the level that CONNECT names. */
export type MqttVersion = 3 | 4 | 5;
export const VERSION_NAMES: Readonly<Record<MqttVersion, string>> = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' };

/** In what a login differs from that of the scenario's devices. */
export interface LoginManner {
  readonly version: MqttVersion;
  /** Undefined: the one that belongs to the transport. */
  readonly securemode?: SecureMode | undefined;
}

export const USUAL_MANNER: LoginManner = { version: 4 };

/** The fields of a CONNECT, and what may be shown of them. Holds a password, so it is never printed. */
export interface LoginFields {
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly shown: readonly Fact[];
}

/** A token that takes the place of a signature. */
export interface TokenPair {
  readonly iotId: string;
  readonly iotToken: string;
}

/** What the device writes into CONNECT now. */
export function loginFields(subject: LoginSubject, manner: LoginManner, nowMs: number, token?: TokenPair): LoginFields {
  const { auth } = subject;
  if (auth.mode === 'direct') return directFields(subject, auth, manner, nowMs);
  if (auth.mode === 'https-token') return tokenFields(subject, token);
  return passwordFields(subject, auth, nowMs);
}

/** The client id of the device, without an extension. */
export function bareClientId({ clientId, identity }: LoginSubject): string {
  return clientId ?? identity.deviceName;
}

/** The timestamp that the device signs now; undefined: none. */
export function timestampOf(setting: string, nowMs: number): string | undefined {
  if (setting === 'none') return undefined;
  return setting === 'now' ? String(nowMs) : setting;
}

/** A secret as one may compare it: its length and the beginning of its digest. */
export function digestOf(secret: string): string {
  const digest = createHash('sha256').update(secret).digest('hex').slice(0, 8);
  return `${Buffer.byteLength(secret)} bytes, SHA-256 ${digest}...`;
}

function directFields(
  subject: LoginSubject,
  { signmethod, timestamp: setting }: Extract<LoginSubject['auth'], { mode: 'direct' }>,
  manner: LoginManner,
  nowMs: number,
): LoginFields {
  const { productKey, deviceName } = subject.identity;
  const clientId = bareClientId(subject);
  const timestamp = timestampOf(setting, nowMs);
  const securemode = manner.securemode ?? (subject.transport === 'tls' ? 2 : 3);
  const fields = directConnectFields({ ...subject.identity, clientId, signmethod, timestamp, securemode });
  return {
    ...fields,
    shown: [
      { name: 'client id', value: clientId },
      { name: 'securemode', value: `${securemode} (${securemode === 2 ? 'TLS' : 'TCP'})` },
      { name: 'signmethod', value: signmethod },
      { name: 'timestamp', value: timestamp === undefined ? 'none' : `${timestamp}${dateWords(timestamp)}` },
      { name: 'user name', value: fields.username },
      { name: 'signed', value: signedContent(clientId, deviceName, productKey, timestamp) },
      { name: 'password', value: `${digestOf(fields.password)} (the signature)` },
    ],
  };
}

/** A timestamp is salt, but a reader may wonder about the clock. */
function dateWords(timestamp: string): string {
  const date = new Date(Number(timestamp));
  return timestamp.length === 13 && !Number.isNaN(date.getTime()) ? ` (${date.toISOString().slice(0, 19)}Z)` : '';
}

function tokenFields(subject: LoginSubject, token: TokenPair | undefined): LoginFields {
  const clientId = bareClientId(subject);
  if (token === undefined) return { clientId, shown: [{ name: 'client id', value: clientId }] };
  const { iotId: username, iotToken: password } = token;
  return {
    clientId,
    username,
    password,
    shown: [
      { name: 'client id', value: clientId },
      { name: 'user name', value: `${username} (the iotId)` },
      { name: 'password', value: `${digestOf(password)} (the iotToken)` },
    ],
  };
}

function passwordFields(
  { identity, index, environment, columns, transport }: LoginSubject,
  auth: Extract<LoginSubject['auth'], { mode: 'password' }>,
  nowMs: number,
): LoginFields {
  const made = credentialMaker(auth, transport === 'tls' ? 2 : 3, environment, columns)(identity, index, nowMs);
  const { clientId, username, password } = made;
  // Some services take a user name without a password for a token.
  const isToken = auth.password === undefined;
  const shown = (template: string): string => shownTemplate(template, { ...identity, index: String(index + 1) });
  return {
    ...made,
    shown: [
      {
        name: 'client id',
        value: shown(auth.clientId) === clientId ? clientId : `${shown(auth.clientId)}, ${digestOf(clientId)}`,
      },
      { name: 'user name', value: usernameWords(username, isToken ? undefined : shown(auth.username ?? '')) },
      { name: 'password', value: password === undefined ? 'none' : digestOf(password) },
    ],
  };
}

/** `shown`: what may be shown of it; undefined: nothing. */
function usernameWords(username: string | undefined, shown: string | undefined): string {
  if (username === undefined) return 'none';
  return shown === username ? username : [...(shown === undefined ? [] : [shown]), digestOf(username)].join(', ');
}
