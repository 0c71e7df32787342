/**
 * How attempts end and why sessions end: the names used in every counter, result file and report. These strings are spelled nowhere else
 * in the program.
 */

/** A part of an attempt, in the order the parts happen. Phases do not overlap. */
export const PHASES = ['auth', 'dns', 'tcp', 'tls', 'mqtt'] as const;
export type Phase = (typeof PHASES)[number];

/** Parts of the phase `auth`, in the order they happen. */
export const AUTH_PARTS = ['auth-dns', 'auth-tcp', 'auth-tls', 'auth-http'] as const;

/** What is measured of an attempt: its total in three ways, each phase, and the parts of `auth`. All in microseconds. */
export const MEASURES = ['response', 'service', 'slip', 'auth', ...AUTH_PARTS, 'dns', 'tcp', 'tls', 'mqtt'] as const;
export type Measure = (typeof MEASURES)[number];

/** Outcomes without a code from the service. */
export const PLAIN_OUTCOMES = [
  'accepted',
  'dns-failed',
  'tcp-refused',
  'tcp-reset',
  'tcp-timeout',
  'tls-failed',
  'closed-before-connack',
  'connack-timeout',
  'protocol-error',
  'local-limit',
] as const;

/** How an attempt ended: exactly one of these. */
export type Outcome = (typeof PLAIN_OUTCOMES)[number] | `refused-${number}` | `auth-${string}`;

/** End causes without a code from the service. */
export const PLAIN_END_CAUSES = [
  'kicked',
  'closed-by-server',
  'reset',
  'keepalive-timeout',
  'protocol-error',
  'dropped',
  'stopped',
] as const;

/** Why a session that was online ended. */
export type EndCause = (typeof PLAIN_END_CAUSES)[number] | `disconnect-${number}`;

/** True for the names of outcomes, including those with a code from the service. */
export function isOutcome(text: string): text is Outcome {
  return (PLAIN_OUTCOMES as readonly string[]).includes(text) || /^(?:refused-\d+|auth-[a-z0-9-]+)$/.test(text);
}

/** True for the names of end causes, including those with a code from the service. */
export function isEndCause(text: string): text is EndCause {
  return (PLAIN_END_CAUSES as readonly string[]).includes(text) || /^disconnect-\d+$/.test(text);
}

/** Names of the CONNACK return codes of MQTT 3.1.1 [clause 3.2.2.3]. */
export const CONNACK_NAMES: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
};

/** Names of the codes of the auth service (docs/protocol.md section 3). */
export const AUTH_CODE_NAMES: Readonly<Record<number, string>> = {
  200: 'token issued',
  401: 'request auth error',
  429: 'too many requests',
  460: 'param error',
  500: 'unknown error',
  5001: 'meta device not found',
  6200: 'auth type mismatch',
};

/** The auth service's code behind an outcome, or undefined if there is none. */
export function authCodeOf(outcome: string): number | undefined {
  const code = /^auth-(\d+)$/.exec(outcome)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** The CONNACK code behind an outcome, or undefined if the attempt got no CONNACK. */
export function connackCodeOf(outcome: string): number | undefined {
  if (outcome === 'accepted') return 0;
  const code = /^refused-(\d+)$/.exec(outcome)?.[1];
  return code === undefined ? undefined : Number(code);
}
