import type { LoginFailure } from '../attempt/failure.ts';
import type { LoginManner } from '../mqtt/connect-fields.ts';
import type { LoginSubject } from '../subject/login-subject.ts';

/** Something that tells causes apart. None but logins of the device itself, over what the settings say, carries any secret. */
export type TrialPlan =
  /** The login with something changed. */
  | (About & { readonly how: 'login'; readonly subject: LoginSubject; readonly manner: LoginManner })
  /** The same login to another address of the name. */
  | (About & { readonly how: 'address'; readonly address: string })
  /** Whether the auth service gives the device a token. */
  | (About & { readonly how: 'token'; readonly subject: LoginSubject })
  /** A CONNECT of nobody, without TLS, user name or password. */
  | (About & { readonly how: 'plain-hello' })
  /** The same over what the settings say. */
  | (About & { readonly how: 'hello' })
  /** A handshake whose certificates are not verified, and then nothing; what the service says by itself is listened to. */
  | (About & { readonly how: 'handshake' })
  /** What time the auth service has, over TLS that is not verified. */
  | (About & { readonly how: 'clock' })
  /** What time a web server of the host has, if there is one, over TLS that is not verified. */
  | (About & { readonly how: 'web-clock' });

interface About {
  readonly trial: TrialName;
  readonly words: string;
}

/** Names of trials, which reports and the table of causes use. */
export type TrialName =
  | 'trimmed-secret'
  | 'trimmed-names'
  | 'no-timestamp'
  | `signmethod-${string}`
  | 'product-lower'
  | 'product-upper'
  | 'securemode'
  | 'keepalive'
  | 'clean'
  | 'mqtt-5'
  | 'mqtt-3.1'
  | 'token'
  | 'direct'
  | 'again'
  | 'plain-hello'
  | 'hello'
  | 'handshake'
  | 'clock'
  | 'web-clock'
  | `address-${string}`
  | `place-${string}`;

/** What a trial brought to light. */
export interface TrialResult {
  readonly trial: TrialName;
  /** Whether it went where the login failed. */
  readonly gotIn: boolean;
  /** Undefined if it did. */
  readonly failure: LoginFailure | undefined;
  readonly seen: string;
  /** Whether nothing else needs to be tried, though it did not get in. */
  readonly isTelling?: boolean | undefined;
  /** The time of a service less that of this machine. */
  readonly clockAheadMs?: number | undefined;
}
