import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { NeverOnlineDevice } from '../../results/summary/never-online.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { counted } from '../../text/counts.ts';
import { shellQuoted } from '../../text/shell-quoted.ts';
import { formatCount } from './figures.ts';

/** Devices that were never online, of a fleet or of all fleets. */
export interface NeverOnline {
  /** Started at least once. */
  readonly started: number;
  /** Those of them that were never online. */
  readonly inVain: number;
  /** Never started; undefined if it is not known how many devices there are. */
  readonly notStarted: number | undefined;
}

/** Undefined if the devices were not counted, as by earlier versions. */
export function neverOnlineOf({ devices }: FleetSummary): NeverOnline | undefined {
  if (devices === undefined) return undefined;
  const { planned, started, online } = devices;
  return { started, inVain: started - online, notStarted: planned === undefined ? undefined : planned - started };
}

/** How many in all, as a sentence; undefined if every device was online, or if it is not known. */
export function neverOnlineWords({ total }: Summary): string | undefined {
  const found = neverOnlineOf(total);
  if (found === undefined) return undefined;
  const { started, inVain, notStarted = 0 } = found;
  const tried = `${formatCount(inVain)} of ${counted(started, 'started device')} ${inVain === 1 ? 'was' : 'were'} never online`;
  const others = `${formatCount(notStarted)} ${inVain > 0 ? 'more ' : ''}${notStarted === 1 ? 'was' : 'were'} not started before the end`;
  const parts = [...(inVain > 0 ? [tried] : []), ...(notStarted > 0 ? [others] : [])];
  if (parts.length === 0) return undefined;
  return inVain > 0 ? parts.join('; ') : `${counted(notStarted, 'device')} ${others.slice(others.indexOf(' ') + 1)}`;
}

/** Why the list does not name all of them; undefined if it does. */
export function unlistedWords({ total, neverOnline, workers }: Summary): string | undefined {
  const { inVain = 0 } = neverOnlineOf(total) ?? {};
  if (inVain === 0) return undefined;
  if (neverOnline === undefined) return 'which ones is not known';
  if (neverOnline.length >= inVain) return undefined;
  const isCut = workers.some(({ state }) => state !== 'finished');
  const { length } = neverOnline;
  const first = `the first ${length === 1 ? 'is' : `${formatCount(length)} are`} listed, by fleet and place in it`;
  return isCut ? `${first}, without those of workers that were lost` : first;
}

/** How the last attempt of a device ended. */
export function lastOutcomeOf({ outcome }: NeverOnlineDevice): string {
  return outcome ?? 'cut short';
}

/**
 * The command that looks at one of these devices: the first that was refused rather than cut short. Undefined if none is listed, or if it is
 * not known which file the scenario was in.
 */
export function lookCommand({ neverOnline = [], scenario: { given }, fleets }: Summary): string[] | undefined {
  const device = neverOnline.find(({ outcome }) => outcome !== undefined) ?? neverOnline[0];
  if (device === undefined || given === undefined) return undefined;
  const fleet = fleets.length > 1 ? ['--fleet', device.fleet] : [];
  return ['fleetstorm', 'login', given.file, ...given.options, ...fleet, '--device', device.device].map(shellQuoted);
}
