import type { SearchKind } from '../../scenario/capacity/capacity-words.ts';
import { goalOf } from '../../scenario/capacity/goal.ts';
import { eventTimeWords } from '../../scenario/event.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { standingEvents } from '../hold/hold-scenario.ts';

/** What of a scenario plays no part in a search although one might think so, in words. */
export function searchNotices(kind: SearchKind, hasGoals: boolean, scenario: Scenario): string[] {
  return [...otherSearch(kind, scenario), ...leftOutEvents(scenario), ...leftOutThresholds(kind, hasGoals, scenario)];
}

function otherSearch(kind: SearchKind, { capacity }: Scenario): string[] {
  const meant = capacity?.search ?? 'rate';
  if (capacity === undefined || meant === kind) return [];
  return [`\`capacity\` of the scenario does not count: it is for \`--search ${meant}\``];
}

function leftOutEvents(scenario: Scenario): string[] {
  const standing = new Set(standingEvents(scenario).map(({ id }) => id));
  const left = scenario.events.filter(({ id }) => !standing.has(id));
  if (left.length === 0) return [];
  const words = left.map((event) => `${event.label} (${eventTimeWords(event)})`);
  return [
    `a search has only events at 0s that last until the end of the scenario, so it leaves out: ${words.join('; ')}`,
  ];
}

/** Where thresholds stand in for goals, those that windows cannot be held to. */
function leftOutThresholds(kind: SearchKind, hasGoals: boolean, { thresholds, capacity }: Scenario): string[] {
  if (kind === 'sessions' || hasGoals || capacity?.goals !== undefined) return [];
  const left = thresholds.filter((threshold) => !goalOf(threshold).ok);
  if (left.length === 0 || left.length === thresholds.length) return [];
  const words = left.map(({ source }) => `\`${source}\``).join(', ');
  return [`thresholds that single windows cannot be held to are no goals: ${words}`];
}
