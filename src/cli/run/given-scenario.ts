import type { Summary } from '../../results/summary/summary.ts';
import { shownSetting } from '../../scenario/text/shown-setting.ts';
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
