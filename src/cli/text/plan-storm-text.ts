import type { Fleet } from '../../device/fleet.ts';
import { findPreset } from '../../plan/reconnect-presets.ts';
import { eventTimeWords, type ScenarioEvent } from '../../scenario/event.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { grouped } from '../../text/counts.ts';
import { exactDuration } from '../../time/units.ts';
import { policyText } from './policy-text.ts';

/** A fact of the plan: its name and its words. */
export type Fact = readonly [string, string];

/** How the sessions of a fleet come back, and which devices run several times. */
export function reconnectFacts({ reconnect, duplicates, devices }: Fleet): Fact[] {
  const facts: Fact[] = [['', `reconnects ${reconnectName(reconnect)}${policyText(reconnect.policy)}`]];
  const { deviceCount, copies, laterUs } = duplicates;
  if (deviceCount === 0) return facts;
  const start = laterUs === 0 ? 'together' : `each ${exactDuration(laterUs)} after the previous one`;
  const sessions = devices.count + deviceCount * (copies - 1);
  const words = `${grouped(deviceCount)} devices run ${copies} times, ${start}: ${grouped(sessions)} sessions`;
  return [...facts, ['', words]];
}

/** `as paho-python: `, if the policy is that of a preset. */
function reconnectName({ name, policy }: Fleet['reconnect']): string {
  return findPreset(name)?.policy === policy ? `as ${name}: ` : '';
}

/** The timetable of disturbances in order of time, then those that wait for a state. */
export function eventFacts({ events }: Scenario): Fact[] {
  const rank = ({ atUs }: ScenarioEvent): number => atUs ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...events].sort((a, b) => rank(a) - rank(b));
  return sorted.map((event, index) => [index === 0 ? 'events' : '', `${eventTimeWords(event)}: ${event.label}`]);
}
