import type { Argv } from 'yargs';
import { SEARCH_KINDS, type SearchKind } from '../../scenario/capacity/capacity-words.ts';
import { allowRemote } from '../options/allow-remote.ts';
import { type ScenarioArgs, scenarioOptions } from '../options/scenario-options.ts';

/** Arguments of `capacity`. */
export interface CapacityArgs extends ScenarioArgs {
  readonly goal: readonly string[];
  readonly search?: SearchKind | undefined;
  /** A range, or of a search for sessions the rate of logins. */
  readonly rate?: string | undefined;
  readonly sessions?: string | undefined;
  readonly precision?: string | undefined;
  readonly exceed?: string | undefined;
  readonly budget?: string | undefined;
  readonly stay?: string | undefined;
  readonly expect?: string | undefined;
  readonly 'fixed-devices'?: boolean | undefined;
  readonly out?: string | undefined;
  readonly workers?: number | undefined;
  readonly processes?: string | undefined;
  /** Folder for the tables; that of the study when empty. */
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly json: boolean;
  readonly open?: boolean | undefined;
  readonly 'allow-remote': readonly string[];
  readonly 'accept-limited'?: boolean | undefined;
  readonly probe?: boolean | undefined;
}

/** Adds the options of `capacity`. */
export function capacityOptions<T>(yargs: Argv<T>) {
  return scenarioOptions(yargs)
    .option('goal', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: "the scenario's goals or thresholds, or `response.p99 < 1s` and `accepted.ratio >= 99%`",
      describe: 'What must hold in nine of ten windows, in the words of thresholds; may be repeated',
    })
    .option('search', {
      choices: SEARCH_KINDS,
      describe: 'What to find: logins per second, or sessions that stay online [default: rate]',
    })
    .option('rate', {
      type: 'string',
      describe:
        'Logins per second to search in [default: 100/s..20000/s]; for sessions: how fast they log in [default: 200/s]',
    })
    .option('sessions', { type: 'string', describe: 'Sessions to search in [default: 100..100000]' })
    .option('precision', { type: 'string', describe: 'How far apart the two bounds may be [default: 5%]' })
    .option('exceed', {
      type: 'string',
      describe:
        'Share of the time that may miss a goal [default: 10%, and 50% once windows are seen to miss goals at random whatever the load]',
    })
    .option('budget', { type: 'string', describe: 'The most time to take [default: 10m; for sessions: 30m]' })
    .option('stay', { type: 'string', describe: 'How long each session stays online [default: 2s]' })
    .option('expect', {
      type: 'string',
      describe: 'Exit with 99 unless the search proves it: `>= 2000/s`, `>= 5000` for sessions',
    })
    .option('fixed-devices', {
      type: 'boolean',
      describe: 'Use no generated devices beyond those of the scenario, which caps the rate',
    })
    .option('out', {
      type: 'string',
      describe: 'Folder for the result files: new, empty, or of an earlier study [default: results/<time>-<name>]',
    })
    .option('workers', { type: 'number', describe: 'Worker threads, 1 to 64, whatever the scenario says' })
    .option('processes', {
      type: 'string',
      describe: 'Spread the workers over 1 to 64 processes of this machine',
    })
    .option('junit', { type: 'string', describe: 'Write goals and expectation into this file, as JUnit test cases' })
    .option('csv', {
      type: 'string',
      describe: 'Write holds.csv and windows.csv into this folder [default: that of the study]',
    })
    .option('quiet', { type: 'boolean', describe: 'No progress, only the answer' })
    .option('json', { type: 'boolean', default: false, describe: 'Only the summary, as JSON on stdout' })
    .option('open', { type: 'boolean', describe: 'Open report.html in the browser at the end' })
    .option('allow-remote', allowRemote('Allow this host as target'))
    .option('accept-limited', {
      type: 'boolean',
      describe: 'Do not exit with 97 if this tool, not the target, was the limit; affects nothing else',
    })
    .option('probe', {
      type: 'boolean',
      default: true,
      describe: 'Look whether a real target is there before anything starts; --no-probe leaves it out',
    });
}
