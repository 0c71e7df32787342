import type { MachineLimits } from '../../host/machine/machine-limits.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { DeviceSupply } from '../hold/device-supply.ts';
import { patienceUs } from '../open-study.ts';
import { rounded } from '../search/bounds.ts';
import type { AskedSearch } from './asked-search.ts';

/** Descriptors that a process needs besides those of sessions. */
const OTHER_DESCRIPTORS = 256;
/** Share of the descriptors that sessions may take: those that have logged out still hold theirs for a moment. */
const ONLINE_SHARE = 0.5;

/** The most sessions that may be online at once; undefined: any number. The emulator is one process, however many this program takes. */
export function mostOnlineOf(
  { target }: Scenario,
  { descriptors }: MachineLimits,
  processes: number,
): number | undefined {
  if (descriptors === undefined) return undefined;
  const own = (descriptors - OTHER_DESCRIPTORS) * (target.kind === 'emulator' ? 1 : processes);
  return Math.max(1, Math.floor(own * ONLINE_SHARE));
}

/** What a search is capped by. */
export interface CapInput {
  readonly scenario: Scenario;
  readonly asked: AskedSearch;
  readonly supply: DeviceSupply;
  readonly mostOnline: number | undefined;
}

/** The search within what the devices and this machine allow. */
export function cappedSearch({
  scenario,
  asked,
  supply,
  mostOnline,
}: CapInput): { readonly asked: AskedSearch; readonly warnings: readonly string[] } | { readonly fault: string } {
  const { search } = asked;
  const { most, why } =
    asked.kind === 'rate' ? mostRate(scenario, asked, supply) : mostSessions(scenario, supply, mostOnline);
  if (search.to <= most) return { asked, warnings: [] };
  const to = rounded(Math.floor(most / search.step) * search.step, search.step);
  const unit = asked.kind === 'rate' ? '/s' : ' sessions';
  const shown = `${to.toLocaleString('en-US')}${unit}`;
  if (to < search.from) return { fault: `The search cannot begin: ${why} allow at most ${shown}` };
  return {
    asked: { ...asked, search: { ...search, to } },
    warnings: [`the range ends at ${shown}: ${why} allow no more`],
  };
}

function mostRate(
  { fleets }: Scenario,
  { goals, stayUs }: AskedSearch,
  supply: DeviceSupply,
): { most: number; why: string } {
  // A device must be done with its session before its turn comes again, even if its login takes as long as it may.
  const most = supply.mostPerSec(fleets, stayUs + patienceUs(goals));
  return { most, why: "the scenario's devices, each of which must have logged out before its turn comes again," };
}

function mostSessions(
  { fleets }: Scenario,
  supply: DeviceSupply,
  mostOnline: number | undefined,
): { most: number; why: string } {
  const total = fleets.reduce((sum, { devices }) => sum + devices.count, 0);
  const devices = Math.min(...fleets.map((fleet) => (supply.sizeOf(fleet) * total) / fleet.devices.count));
  // All of them stay, so nothing has to be kept free for those that have gone.
  const machine = mostOnline === undefined ? Number.POSITIVE_INFINITY : mostOnline / ONLINE_SHARE;
  const why =
    devices <= machine ? "the scenario's devices" : 'the descriptors that this process may open (`ulimit -n`)';
  return { most: Math.min(devices, machine), why };
}
