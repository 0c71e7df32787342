import type { LoginFailure } from '../attempt/failure.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { TrialName, TrialResult } from '../trials/trial-plan.ts';

/** What the table of causes goes by. */
export interface Findings {
  /** What may be said of the device and its settings. */
  readonly about: LoginTraits;
  readonly failure: LoginFailure;
  readonly trials: readonly TrialResult[];
  /** The time of a service less that of this machine; undefined: it is not known. */
  readonly clockAheadMs: number | undefined;
}

/** The device and its settings, without its secrets. */
export interface LoginTraits {
  readonly mode: LoginSubject['auth']['mode'];
  readonly transport: LoginSubject['transport'];
  readonly productKey: string;
  readonly deviceName: string;
  /** Characters of the bare client id. */
  readonly clientIdLength: number;
  readonly host: string;
  readonly port: number;
  readonly authHost: string | undefined;
  readonly keepaliveSec: number;
  readonly clean: boolean;
  readonly hasUsername: boolean;
  readonly hasPassword: boolean;
  /** Whether the device shows a certificate of its own. */
  readonly hasCertificate: boolean;
  readonly hasCa: boolean;
  /** How a setting is called where the user can change it: in a scenario, or on the command line. */
  setting(name: SettingName): string;
}

/** Settings that causes tell to change. */
export const SETTING_NAMES = {
  mqtt: ['target.mqtt', '--mqtt'],
  auth: ['target.auth', '--auth'],
  ca: ['target.tls.ca', '--ca'],
  serverName: ['target.tls.serverName', '--server-name'],
  clientCert: ['target.tls.clientCert and clientKey', '--client-cert and --client-key'],
  minVersion: ['target.tls.minVersion', '--mqtt'],
  alpn: ['target.tls.alpn', '--mqtt'],
  productKey: ['productKey of the fleet', '--product-key'],
  keepalive: ['keepalive of the fleet', '--keepalive'],
  clean: ['clean of the fleet', '--no-clean'],
  signmethod: ['auth.signmethod of the fleet', '--signmethod'],
  timestamp: ['auth.timestamp of the fleet', '--timestamp'],
  mode: ['auth.mode of the fleet', '--auth'],
  secret: ['the secret of the device', 'FLEETSTORM_DEVICE_SECRET'],
} as const;
export type SettingName = keyof typeof SETTING_NAMES;

/** The trial of this name, if it was made. */
export function trialOf({ trials }: Findings, name: TrialName): TrialResult | undefined {
  return trials.find(({ trial }) => trial === name);
}

/** Whether a trial got in. */
export function gotIn(findings: Findings, name: TrialName): boolean {
  return trialOf(findings, name)?.gotIn === true;
}

/** The code that the auth service gave to a trial; undefined: none. */
export function tokenCodeOf(findings: Findings): number | undefined {
  const tried = trialOf(findings, 'token');
  if (tried?.gotIn === true) return 200;
  return tried?.failure?.step === 'auth-login' && tried.failure.kind === 'code' ? tried.failure.code : undefined;
}
