import type { FleetRecorder } from '../../metrics/measure/recorder.ts';
import type { EndCause } from '../../results/outcome.ts';
import type { DeviceOnce } from './first-times.ts';

/** A session as its device's group sees it. */
export interface KickMember {
  readonly isLoginUnderWay: boolean;
  readonly isOnline: boolean;
  /** When it was last accepted, on the run's clock; -1 before. */
  readonly acceptedUs: number;
  /** Called with the cause of a loss once it is known, if it could not be known at once. */
  lossExplained(loss: PendingLoss, cause: EndCause): void;
  /** Called when another member's login or session has ended, one way or another. */
  rivalSettled(): void;
}

/** A loss whose cause depends on a login that is under way. */
export interface PendingLoss {
  readonly atUs: number;
  /** When the lost session's login was started, and when it was accepted. */
  readonly startedUs: number;
  readonly acceptedUs: number;
  /** Attempts of the lost session so far. */
  readonly attempts: number;
  /** Which address of the service it was online at. */
  readonly address: number;
  /** The cause if no newer login succeeds. */
  readonly seenAs: EndCause;
  /** A description of what was observed. */
  readonly detail: string;
}

interface Pending {
  readonly loser: KickMember;
  readonly loss: PendingLoss;
  readonly rivals: Set<KickMember>;
}

/** Ways in which a service ends a session it kicks: it just closes (MQTT 3.1.1), or sends a reason code (MQTT 5: 0x8E = 142). */
const KICK_ENDS: ReadonlySet<EndCause> = new Set<EndCause>(['closed-by-server', 'reset', 'disconnect-142']);

/**
 * The sessions of one device. Distinguishes kicks from other closings on any service: a session was kicked when the service closed it and
 * a newer login of the same device was accepted. The answer to that login may still be on its way when the closing is noticed.
 */
export class KickGroup implements DeviceOnce {
  readonly #members: KickMember[] = [];
  #pending: Pending[] = [];
  /** Kicks so far, and when the last one was; -1 before the first. */
  #kicks = 0;
  #lastKickUs = -1;
  isStarted = false;
  wasOnline = false;

  add(member: KickMember): void {
    this.#members.push(member);
  }

  /** The cause of a loss; undefined if it will be reported through `lossExplained`. */
  causeOf(loser: KickMember, loss: PendingLoss): EndCause | undefined {
    if (!KICK_ENDS.has(loss.seenAs)) return loss.seenAs;
    const others = this.#members.filter((member) => member !== loser);
    if (others.some((member) => isNewer(member, loss))) return 'kicked';
    const rivals = new Set(others.filter((member) => member.isLoginUnderWay));
    if (rivals.size === 0) return loss.seenAs;
    this.#pending.push({ loser, loss, rivals });
    return undefined;
  }

  /** A member was kicked. */
  countKick({ atUs, acceptedUs }: PendingLoss, recorder: Pick<FleetRecorder, 'kicked'>): void {
    this.#kicks++;
    const sinceLastUs = this.#lastKickUs < 0 ? undefined : atUs - this.#lastKickUs;
    this.#lastKickUs = atUs;
    recorder.kicked(this.#kicks, atUs - acceptedUs, sinceLastUs);
  }

  /** True while another copy's login may still kick this session. */
  isThreatened(session: KickMember): boolean {
    return this.#members.some((member) => member !== session && member.isLoginUnderWay);
  }

  /** True while another copy is online, too: one of the two has been kicked, and its closing is on its way, unless the service does not kick. */
  hasOtherOnline(session: KickMember): boolean {
    return this.#members.some((member) => member !== session && member.isOnline);
  }

  /** A member that was online no longer is. */
  left(member: KickMember): void {
    this.#settled(member);
  }

  /** A member's login was accepted: it kicked those that were waiting for it. */
  accepted(member: KickMember): void {
    const [kicked, open] = partition(this.#pending, ({ rivals }) => rivals.has(member));
    this.#pending = open;
    for (const { loser, loss } of kicked) loser.lossExplained(loss, 'kicked');
    this.#settled(member);
  }

  /** A member's login failed or was cut: it kicked nobody. */
  failed(member: KickMember): void {
    for (const { rivals } of this.#pending) rivals.delete(member);
    const [unexplained, open] = partition(this.#pending, ({ rivals }) => rivals.size === 0);
    this.#pending = open;
    for (const { loser, loss } of unexplained) loser.lossExplained(loss, loss.seenAs);
    this.#settled(member);
  }

  #settled(member: KickMember): void {
    for (const other of this.#members) if (other !== member) other.rivalSettled();
  }
}

/**
 * Whether the member's login is newer than that of the lost session. The answers to two logins at once may be read in either order:
 * of two that overlap, the one that is still online is the newer.
 */
function isNewer(member: KickMember, loss: PendingLoss): boolean {
  return member.acceptedUs > loss.acceptedUs || (member.isOnline && member.acceptedUs > loss.startedUs);
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
