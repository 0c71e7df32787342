import type { Scenario } from '../../scenario/scenario.ts';
import type { Fact } from './plan-storm-text.ts';

/** What `fleetstorm capacity` would search for, as far as the scenario says; nothing where it does not. */
export function capacityFacts({ capacity }: Pick<Scenario, 'capacity'>): Fact[] {
  if (capacity === undefined) return [];
  const { search = 'rate', goals, expect, ...settings } = capacity;
  const what = search === 'rate' ? 'logins per second' : 'sessions that stay online';
  const given = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  return [
    ['capacity', [`\`fleetstorm capacity\` finds ${what}`, ...given].join(', ')],
    ...(goals === undefined ? [] : [['', `goals ${goals.join(', ')}`] satisfies Fact]),
    ...(expect === undefined ? [] : [['', `expected ${expect}`] satisfies Fact]),
  ];
}
