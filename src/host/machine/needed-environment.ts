import { templatesOf } from '../../device/fleet-templates.ts';
import { environmentNameOf, placeholdersOf, variableOf } from '../../device/template.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** The values of the environment variables that the scenario's templates name. */
export function neededEnvironment(
  scenario: Scenario,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const texts = scenario.fleets.flatMap(templatesOf).map(({ text }) => text);
  const names = new Set(texts.flatMap(placeholdersOf).flatMap((name) => environmentNameOf(name) ?? []));
  const needed = [...names].flatMap((name): [string, string][] => {
    const value = variableOf(env, name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(needed);
}
