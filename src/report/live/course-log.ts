import type { Disturbance } from '../../results/summary/disturbance.ts';
import type { RunEvent } from '../../results/summary/run-event.ts';
import { formatUs, US_PER_SEC } from '../../time/units.ts';
import { formatCount } from '../words/figures.ts';
import type { LiveCourse } from './live-state.ts';

/** So many news of one run are told; a service that comes and goes for a day would fill the log. */
const MOST_NEWS = 40;

/** Tells each event once, when it has happened, and each loss when it is seen and at its milestones. */
export class CourseLog {
  readonly #told = new Set<string>();
  /** Sessions that each loss had cost when it was last looked at. */
  readonly #lost = new Map<string, number>();
  #count = 0;

  /** What is new at this instant of the run, in seconds. */
  news({ events, disturbances }: LiveCourse, nowSec: number): string[] {
    const all = [
      ...events.flatMap((event, index) => this.#eventNews(event, index, nowSec)),
      ...disturbances.flatMap((loss) => this.#lossNews(loss)),
    ];
    const room = Math.max(0, MOST_NEWS - this.#count);
    const isFull = this.#count <= MOST_NEWS && all.length > room;
    this.#count += all.length;
    return isFull ? [...all.slice(0, room), 'further events and losses are told at the end'] : all.slice(0, room);
  }

  #eventNews({ id, label, startSec, asked, met }: RunEvent, index: number, nowSec: number): string[] {
    if (startSec === undefined || startSec >= nowSec || !this.#isNew(`event ${id ?? index}`)) return [];
    const of = asked === undefined ? '' : ` of ${formatCount(asked)}`;
    return [`event: ${label}${met === undefined ? '' : `, met ${formatCount(met)}${of}`}`];
  }

  #lossNews({ label, startSec, total }: Disturbance): string[] {
    const { lost, recovered, t50Sec, t95Sec, t100Sec } = total;
    const name = `${label} ${startSec}`;
    const isFirst = !this.#lost.has(name);
    // While more are lost, the milestones of those lost so far mean nothing.
    const isSettled = this.#lost.get(name) === lost;
    this.#lost.set(name, lost);
    const milestones = [
      ...(isFirst ? [`lost ${formatCount(lost)}`] : []),
      ...(isSettled ? this.#milestone(name, 'T50', t50Sec) : []),
      ...(isSettled ? this.#milestone(name, 'T95', t95Sec) : []),
      ...(isSettled ? this.#milestone(name, 'T100', t100Sec) : []),
    ];
    if (milestones.length === 0) return [];
    const back = recovered === 0 ? [] : [`back ${formatCount(recovered)} of ${formatCount(lost)}`];
    return [`loss: ${label}: ${[...milestones, ...back].join(', ')}`];
  }

  #milestone(name: string, what: string, sec: number | undefined): string[] {
    if (sec === undefined || !this.#isNew(`${what} ${name}`)) return [];
    return [`${what} ${formatUs(sec * US_PER_SEC)}`];
  }

  #isNew(what: string): boolean {
    const isNew = !this.#told.has(what);
    this.#told.add(what);
    return isNew;
  }
}
