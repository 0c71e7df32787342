import { uniformAt } from './random.ts';

/**
 * Reconnect policies as data, and the waits they give: pure functions of the policy, what happened so far, and a seeded stream.
 */

/** How the waits of a ladder grow from rung to rung. */
export const GROWTHS = ['fixed', 'linear', 'exponential', 'quadratic', 'decorrelated'] as const;
export type Growth = (typeof GROWTHS)[number];

/** The wait before the first retry, where it is not the ladder's own first rung. */
export type FirstWait =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly us: number }
  | { readonly kind: 'uniform'; readonly us: number };

/** How a wait is randomised. */
export type Jitter =
  | { readonly kind: 'none' }
  /** Anything from 0 to the wait. */
  | { readonly kind: 'full' }
  /** Half the wait, plus anything up to the other half. */
  | { readonly kind: 'equal' }
  /** The wait, plus or minus up to this share of it. */
  | { readonly kind: 'percent'; readonly ratio: number }
  /** From the wait divided by this factor to the wait multiplied by it. */
  | { readonly kind: 'factor'; readonly factor: number }
  /** Anything between the wait and twice the wait; never above the cap. */
  | { readonly kind: 'additive' }
  /** One offset for the life of a device, from minus to plus this much, added to every wait. */
  | { readonly kind: 'per-boot'; readonly us: number };

/** What a session does after a refused CONNACK. */
export interface OnRefusal {
  readonly otherwise: 'retry' | 'stop';
  readonly byCode: Readonly<Record<number, 'retry' | 'stop'>>;
}

/** How a device reconnects. */
export interface ReconnectPolicy {
  /** Undefined: the first wait is the ladder's first rung. */
  readonly first: FirstWait | undefined;
  readonly growth: Growth;
  readonly baseUs: number;
  /** `exponential`: multiplies each rung. `decorrelated`: the next wait is at most the previous one times this. */
  readonly factor: number;
  readonly capUs: number;
  readonly jitter: Jitter;
  /** What a wait is counted from: the loss or failure, or the start of the last attempt (never below 0 then). */
  readonly from: 'loss' | 'attempt';
  /** Time online after which the ladder starts again; 0 = with CONNACK. */
  readonly resetAfterUs: number;
  readonly onRefusal: OnRefusal;
  /** Attempts after which a session gives up; 0 = never. The count restarts with the ladder. */
  readonly maxAttempts: number;
}

/** A policy and what to call it. */
export interface NamedPolicy {
  readonly name: string;
  /** The preset it was made from. */
  readonly preset?: string | undefined;
  readonly policy: ReconnectPolicy;
}

/** A session's position on its ladder. */
export interface LadderPosition {
  /** Retries since the ladder started: 0 before the first one. */
  readonly retry: number;
  /** The wait before the last retry, 0 before the first. */
  readonly previousWaitUs: number;
}

/** Random numbers of one device: `draw` makes them differ from wait to wait. */
export interface LadderChance {
  readonly stream: number;
  readonly device: number;
  readonly draw: number;
}

/** The draw for what stays the same for the life of a device; the draws of waits count up from 0. */
const BOOT_DRAW = -1;

/** Two random numbers from 0 to 1: one for this wait, one for the life of the device. */
interface Drawn {
  readonly wait: number;
  readonly boot: number;
}

/** The wait before the next retry, in microseconds. */
export function retryWaitUs(policy: ReconnectPolicy, at: LadderPosition, chance: LadderChance): number {
  const { stream, device, draw } = chance;
  return waitUs(policy, at, { wait: uniformAt(stream, device, draw), boot: uniformAt(stream, device, BOOT_DRAW) });
}

/** The shortest and the longest that each of the first `count` waits of a ladder can be, in microseconds. */
export function waitRangesUs(policy: ReconnectPolicy, count: number): [number, number][] {
  const [shortest, longest] = [0, 1].map((drawn) => {
    const waits: number[] = [];
    for (let retry = 0; retry < count; retry++) {
      waits.push(waitUs(policy, { retry, previousWaitUs: waits.at(-1) ?? 0 }, { wait: drawn, boot: drawn }));
    }
    return waits;
  });
  return Array.from({ length: count }, (_, retry) => [shortest?.[retry] ?? 0, longest?.[retry] ?? 0]);
}

function waitUs(policy: ReconnectPolicy, at: LadderPosition, drawn: Drawn): number {
  if (at.retry === 0 && policy.first !== undefined) return firstWaitUs(policy.first, policy, drawn);
  if (policy.growth === 'decorrelated') return decorrelatedWaitUs(policy, at.previousWaitUs, drawn.wait);
  const rung = policy.first === undefined ? at.retry : at.retry - 1;
  return jittered(Math.min(policy.capUs, rungUs(policy, rung)), policy, drawn);
}

/** Whether a session gives up after a CONNACK with this code; undefined: the attempt failed without one. */
export function givesUpAfter({ onRefusal }: ReconnectPolicy, code: number | undefined): boolean {
  return code !== undefined && (onRefusal.byCode[code] ?? onRefusal.otherwise) === 'stop';
}

function firstWaitUs(first: FirstWait, policy: ReconnectPolicy, drawn: Drawn): number {
  switch (first.kind) {
    case 'none':
      return 0;
    case 'fixed':
      return policy.jitter.kind === 'per-boot' ? jittered(first.us, policy, drawn) : first.us;
    case 'uniform':
      return Math.round(first.us * drawn.wait);
    default:
      return unreachable(first);
  }
}

/** Rung 0 is the base. */
function rungUs({ growth, baseUs, factor }: ReconnectPolicy, rung: number): number {
  switch (growth) {
    case 'fixed':
    case 'decorrelated':
      return baseUs;
    case 'linear':
      return baseUs * (rung + 1);
    case 'quadratic':
      return baseUs * (rung + 1) ** 2;
    case 'exponential':
      return baseUs * factor ** rung;
    default:
      return unreachable(growth);
  }
}

/** From the base to the last wait times the factor, capped (M. Brooker, "Exponential backoff and jitter", 2015). */
function decorrelatedWaitUs({ baseUs, factor, capUs }: ReconnectPolicy, previousUs: number, uniform: number): number {
  const highestUs = Math.max(baseUs, Math.max(previousUs, baseUs) * factor);
  return Math.min(capUs, Math.round(baseUs + uniform * (highestUs - baseUs)));
}

function jittered(waitUs: number, { jitter, capUs }: ReconnectPolicy, { wait: uniform, boot }: Drawn): number {
  switch (jitter.kind) {
    case 'none':
      return Math.round(waitUs);
    case 'full':
      return Math.round(waitUs * uniform);
    case 'equal':
      return Math.round((waitUs / 2) * (1 + uniform));
    case 'percent':
      return Math.round(waitUs * (1 + jitter.ratio * (2 * uniform - 1)));
    case 'factor':
      return Math.round(waitUs / jitter.factor + uniform * (waitUs * jitter.factor - waitUs / jitter.factor));
    case 'additive':
      return Math.round(Math.min(capUs, waitUs * (1 + uniform)));
    case 'per-boot':
      return Math.max(0, Math.round(waitUs + (boot * 2 - 1) * jitter.us));
    default:
      return unreachable(jitter);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unknown reconnect policy part ${JSON.stringify(value)}`);
}
