import { isIP } from 'node:net';
import type { Argv } from 'yargs';
import { MOST_PROCESSES } from '../../host/machine/process-count.ts';
import { allowRemote } from './allow-remote.ts';

/** Arguments of `agent`. */
export interface AgentArgs {
  readonly redis: string;
  readonly name?: string | undefined;
  readonly sessions?: number | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly 'allow-remote': readonly string[];
  readonly 'key-file'?: string | undefined;
  readonly data?: string | undefined;
  readonly workers?: number | undefined;
  readonly processes?: number | undefined;
}

const MOST_WORKERS = 64;
const MOST_SESSIONS = 10_000_000;

/** Declares the options of `agent`. */
export function agentOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('redis', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Where runs find this agent, as redis://HOST or rediss://USER@HOST:PORT',
    })
    .option('name', { type: 'string', requiresArg: true, describe: 'Its name in results [default: of this machine]' })
    .option('sessions', {
      type: 'number',
      describe: 'The most sessions it takes [default: as many as descriptors and ports allow]',
    })
    .option('sources', {
      type: 'string',
      array: true,
      nargs: 1,
      defaultDescription: 'as the scenario has it',
      describe: 'Address of this machine that connections start from; may be repeated',
    })
    .option('allow-remote', allowRemote('Allow shares to load this host'))
    .option('key-file', {
      type: 'string',
      requiresArg: true,
      describe: 'File with the key that opens what `run` sealed with the same',
    })
    .option('data', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder with the device lists that are too large to be sent',
    })
    .option('workers', {
      type: 'number',
      describe: 'Worker threads, 1 to 64 [default: one fewer than there are cores]',
    })
    .option('processes', { type: 'number', describe: 'Processes that these are spread over, 1 to 64 [default: 1]' });
}

/** What is wrong with the arguments; undefined if they are fine. */
export function agentFault({ name, sessions, sources = [], workers, processes }: AgentArgs): string | undefined {
  if (name !== undefined && !/^[\w.-]{1,64}$/.test(name))
    return '--name takes up to 64 letters, digits, dots, hyphens and underscores';
  if (!isCount(sessions, MOST_SESSIONS)) return `--sessions takes a whole number from 1 to ${MOST_SESSIONS}`;
  if (!isCount(workers, MOST_WORKERS)) return `--workers takes a whole number from 1 to ${MOST_WORKERS}`;
  if (!isCount(processes, MOST_PROCESSES)) return `--processes takes a whole number from 1 to ${MOST_PROCESSES}`;
  const wrong = sources.find((address) => isIP(address) === 0);
  return wrong === undefined ? undefined : `--sources takes IP addresses of this machine, not ${wrong}`;
}

function isCount(value: number | undefined, most: number): boolean {
  return value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
}
