import type { WorkerEnd, WorkerHost } from '../../host/host.ts';
import type { OnlineExtent } from '../../metrics/measure/online-extent.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import { formatUs, US_PER_SEC } from '../../time/units.ts';
import type { RecordLine } from '../record/record-lines.ts';
import type { SurveyedShare } from './surveyed-share.ts';

/** Where what is heard of a share goes: the counting of the whole run. */
export interface ReplayTarget {
  onSnapshot(snapshot: Snapshot): void;
  onWorkerEnd(worker: number, end: WorkerEnd): void;
}

/**
 * One share while its record is played again, line by line. Its workers are numbered on from those of the shares before it. If it was ended
 * before its time, the plan of the run stays as it was: its workers count as lost.
 */
export class ReplayedShare {
  readonly #share: SurveyedShare;
  readonly #lines: AsyncIterator<RecordLine>;
  readonly #firstWorker: number;
  readonly #running: Set<number>;
  readonly #when: string;
  #next: RecordLine | undefined;

  constructor(share: SurveyedShare, lines: AsyncIterable<RecordLine>, firstWorker: number) {
    this.#share = share;
    this.#lines = lines[Symbol.asyncIterator]();
    this.#firstWorker = firstWorker;
    this.#when = whenEnded(share);
    this.#running = new Set(Array.from({ length: share.started.workers }, (_, worker) => worker));
  }

  /** `share 2`. */
  get name(): string {
    return shareName(this.#share);
  }

  /** Where its workers were. */
  get hosts(): WorkerHost[] {
    const { workers, hosts } = this.#share.started;
    const inProcess = hosts.map(({ name, workers: own }) => ({ name: `${this.name}, ${name}`, workers: own }));
    const placed = new Set(hosts.flatMap((host) => host.workers));
    const others = Array.from({ length: workers }, (_, worker) => worker).filter((worker) => !placed.has(worker));
    return [{ name: this.name, workers: others }, ...inProcess].map((host) => ({
      name: host.name,
      workers: host.workers.map((worker) => this.#firstWorker + worker),
    }));
  }

  /** Interval of the snapshot that comes next; undefined if there is none, because the record is over. */
  async nextInterval(target: ReplayTarget): Promise<number | undefined> {
    while (this.#next?.type !== 'snapshot') {
      const { value, done } = await this.#lines.next();
      if (done === true) {
        this.#endLeft(target);
        return undefined;
      }
      this.#next = value;
      if (value.type === 'worker-end') this.#end(value.worker, value.end, target);
    }
    return this.#next.snapshot.interval;
  }

  /** Plays the snapshot that comes next. */
  play(target: ReplayTarget): void {
    const line = this.#next;
    this.#next = undefined;
    if (line?.type !== 'snapshot') return;
    target.onSnapshot(this.#renumbered(line.snapshot));
  }

  #renumbered({ stoppedUs, worker, fleets, online, addresses, ...snapshot }: Snapshot): Snapshot {
    const numbered = { ...snapshot, worker: this.#firstWorker + worker };
    if (stoppedUs === undefined) return { ...numbered, fleets, online, addresses };
    // The run went on without its sessions: the orderly end of a share is not that of the run.
    return {
      ...numbered,
      fleets: fleets.map((fleet) => ({ ...fleet, online: withoutStop(fleet.online) })),
      online: online && withoutStop(online),
      addresses: addresses?.map((address) => ({ ...address, online: withoutStop(address.online) })),
    };
  }

  #end(worker: number, end: WorkerEnd, target: ReplayTarget): void {
    if (!this.#running.delete(worker)) return;
    const isCutShort = this.#share.stoppedSec !== undefined && end.state === 'finished';
    target.onWorkerEnd(
      this.#firstWorker + worker,
      isCutShort ? { state: 'stopped', error: `its share was stopped ${this.#when}` } : end,
    );
  }

  /** A share that was killed did not say how its workers ended. */
  #endLeft(target: ReplayTarget): void {
    const error = `the record of its share was cut ${this.#when}`;
    for (const worker of [...this.#running]) this.#end(worker, { state: 'unresponsive', error }, target);
  }
}

/** A share for people, within its run. */
export function shareName({ head }: Pick<SurveyedShare, 'head'>): string {
  return `share ${head.index}`;
}

/** What became of a share, in words; undefined if it was played to its end. */
export function shareError(share: SurveyedShare): string | undefined {
  if (share.stoppedSec !== undefined) return whenEnded(share);
  return share.over === undefined ? `its record was cut ${whenEnded(share)}` : undefined;
}

/** `after 12.5s of 1m`. */
function whenEnded({ head, stoppedSec, knownSec }: SurveyedShare): string {
  return `after ${formatUs((stoppedSec ?? knownSec) * US_PER_SEC)} of ${formatUs(head.plan.durationUs)}`;
}

function withoutStop<Extent extends Pick<OnlineExtent, 'atStop'>>(extent: Extent): Extent {
  return { ...extent, atStop: 0 };
}
