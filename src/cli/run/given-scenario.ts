import { join } from 'node:path';
import type { Summary } from '../../results/summary/summary.ts';
import { REMOVED } from '../../scenario/checks/removed-secrets.ts';
import { shownSetting } from '../../scenario/text/shown-setting.ts';
import { shownPath } from '../io/file-link.ts';
import type { RunArgs } from './run-options.ts';

/** How a command line names its scenario, for commands that are to use the same one. */
export function givenScenario({
  file,
  set,
  'allow-remote': hosts,
}: Pick<RunArgs, 'file' | 'set' | 'allow-remote'>): Summary['scenario']['given'] {
  const settings = set.flatMap((setting) => ['--set', shownSetting(setting)]);
  return { file, options: [...settings, ...hosts.flatMap((host) => ['--allow-remote', host])] };
}

/** The same for a run whose scenario no command line has named: the one in its own folder, unless secrets were removed from it. */
export function withWrittenScenario(summary: Summary, folder: string, yaml = REMOVED): Summary {
  if (yaml.includes(REMOVED)) return summary;
  const given = { file: shownPath(join(folder, 'scenario.yaml')), options: [] };
  return { ...summary, scenario: { ...summary.scenario, given } };
}
