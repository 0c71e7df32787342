import type { ConnectFailure, LoginFailure } from '../attempt/failure.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { TrialPlan } from './trial-plan.ts';
import * as tries from './variations.ts';

/** What to try after CONNACK with this code, in this order. */
const AFTER_CONNACK: Readonly<Record<number, readonly tries.Variation[]>> = {
  1: [tries.mqtt5, tries.mqtt31],
  2: [tries.keepaliveInside, tries.otherSecuremode, tries.cleanSession, tries.mqtt31],
  3: [tries.again],
  4: [tries.trimmedSecret, tries.withoutTimestamp, tries.otherSignmethods, tries.askToken, tries.directLogin],
  5: [tries.trimmedSecret, tries.trimmedNames, tries.otherCase, tries.askToken, tries.directLogin],
};

/** What to try where no CONNACK came. */
const AFTER_NOTHING: Readonly<Record<'tcp' | 'tls', readonly tries.Variation[]>> = {
  tcp: [
    tries.handshake,
    tries.mqtt5,
    tries.mqtt31,
    tries.keepaliveInside,
    tries.cleanSession,
    tries.trimmedSecret,
    tries.hello,
  ],
  tls: [
    tries.handshake,
    tries.mqtt5,
    tries.mqtt31,
    tries.keepaliveInside,
    tries.cleanSession,
    tries.trimmedSecret,
    tries.hello,
  ],
};

/** What to try after a code of the auth service. */
const AFTER_AUTH_CODE: Readonly<Record<number, readonly tries.Variation[]>> = {
  401: [tries.trimmedSecret, tries.withoutTimestamp, tries.otherSignmethods],
  429: [tries.again],
  460: [tries.trimmedNames, tries.withoutTimestamp, tries.otherSignmethods],
  5001: [tries.trimmedNames, tries.otherCase],
  6200: [tries.directLogin],
};

/** The most addresses of a name that are tried. */
const MOST_ADDRESSES = 4;

/** What tells the causes of this failure apart, the most telling first. `addresses`: those of the host that failed. */
export function chooseTrials(subject: LoginSubject, failure: LoginFailure, addresses: readonly string[]): TrialPlan[] {
  const ofFailure = variationsAfter(subject, failure).flatMap((variation) => variation(subject));
  const elsewhere = isOfPlace(failure) ? tries.otherPlaces(subject) : [];
  return [...ofFailure, ...otherAddresses(failure, addresses), ...elsewhere];
}

function variationsAfter(subject: LoginSubject, failure: LoginFailure): readonly tries.Variation[] {
  switch (failure.step) {
    case 'tls':
      // A plain service closes, or waits for more, when a handshake comes.
      return failure.side === 'mqtt' && failure.kind !== 'alert' && failure.kind !== 'other' ? [tries.plainHello] : [];
    case 'certificate':
      return failure.problems.some(({ kind }) => kind === 'expired' || kind === 'not-yet-valid') ? [tries.askTime] : [];
    case 'auth-login':
      return failure.kind === 'code' ? (AFTER_AUTH_CODE[failure.code] ?? []) : [];
    case 'connect':
      return afterConnect(subject, failure);
    default:
      return [];
  }
}

function afterConnect({ transport }: LoginSubject, { kind, code }: ConnectFailure): readonly tries.Variation[] {
  switch (kind) {
    case 'refused':
      // A service that answers with a code of MQTT 5 speaks it.
      return AFTER_CONNACK[code] ?? [tries.mqtt5];
    case 'stranger':
      return transport === 'tcp' ? [tries.handshake, tries.mqtt5] : [tries.mqtt5];
    case 'unsendable':
      return [];
    default:
      return AFTER_NOTHING[transport];
  }
}

/** Whether another address of the service might do better. */
function isOfPlace(failure: LoginFailure): boolean {
  if (failure.side === 'auth') return false;
  if (failure.step === 'connect') return failure.kind !== 'refused' && failure.kind !== 'unsendable';
  return ['name', 'tcp', 'tls', 'certificate'].includes(failure.step);
}

/** Devices use the first address of a name; whether the service is at another one is worth knowing. */
function otherAddresses(failure: LoginFailure, addresses: readonly string[]): TrialPlan[] {
  if (failure.step !== 'tcp' || failure.side !== 'mqtt') return [];
  return addresses.slice(1, MOST_ADDRESSES).map((address) => ({
    trial: `address-${address}`,
    how: 'address',
    words: `connect to ${address} instead`,
    address,
  }));
}
