import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** What each folder may import from, beside itself. Data flows one way, so imports do too. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  time: [],
  text: [],
  files: [],
  process: [],
  results: ['time', 'text'],
  plan: ['time'],
  metrics: ['time', 'text', 'results', 'plan'],
  link: ['time', 'results', 'plan', 'metrics'],
  device: ['time', 'files', 'results', 'plan', 'metrics', 'link'],
  emulator: ['time', 'files', 'plan', 'device'],
  fleet: ['time', 'results', 'plan', 'metrics', 'link', 'device'],
  scenario: ['time', 'text', 'files', 'results', 'plan', 'metrics', 'link', 'device', 'emulator'],
  host: ['time', 'text', 'files', 'results', 'plan', 'metrics', 'link', 'device', 'fleet', 'scenario', 'emulator'],
  login: ['time', 'text', 'results', 'plan', 'link', 'device', 'fleet', 'scenario', 'host'],
  run: ['time', 'results', 'plan', 'metrics', 'link', 'device', 'fleet', 'scenario', 'emulator', 'host'],
  study: [...['time', 'results', 'plan', 'metrics', 'device', 'fleet', 'scenario', 'emulator', 'host', 'run']],
  archive: ['time', 'text', 'files', 'results', 'metrics'],
  report: ['time', 'text', 'files', 'results'],
  outlets: ['time', 'files', 'results', 'metrics', 'fleet', 'scenario', 'run', 'report'],
  library: ['results', 'scenario', 'host', 'run', 'study', 'login', 'archive', 'report', 'outlets'],
  'index.ts': ['library', 'results', 'scenario', 'host', 'run', 'report'],
  shares: ['time', 'text', 'files', 'results', 'plan', 'metrics', 'link', 'scenario', 'host', 'run'],
  cli: [
    ...['time', 'text', 'files', 'results', 'plan', 'metrics', 'link', 'device', 'emulator', 'fleet', 'scenario'],
    ...['host', 'run', 'study', 'login', 'archive', 'report', 'outlets', 'shares'],
  ],
  'bin.ts': ['process', 'cli'],
};

/** With the devices' side, the emulator shares how logins are signed and who devices are; all else they meet on the wire. */
const SHARED_WITH_EMULATOR = [
  'device/auth/signing.ts',
  'device/identity.ts',
  'device/list/device-csv.ts',
  'device/list/list-rules.ts',
];

/** All of the emulator besides its contract that others may import: what starts one in this process. */
const STARTS_EMULATOR = ['emulator/emulator-server.ts', 'emulator/emulator-warm-up.ts'];

/** All that a run knows of where its workers are. */
const HOST_INTERFACE = ['host/host.ts', 'host/run-target.ts'];

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const imports = files.flatMap(importsOf);

describe('imports', () => {
  it('are found at all', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(300);
  });

  it('run one way between folders', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [folderOf(from), folderOf(to)];
      return here !== there && MAY_IMPORT[here]?.includes(there) !== true;
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('of the emulator take from the devices only what both sides of the wire must agree on', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('emulator/') && /^(device|link)\//.test(to) && !SHARED_WITH_EMULATOR.includes(to),
    );
    expect(wrong.map(shown)).toEqual([]);
  });

  it('of the emulator are of its contract, or of what starts it', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^emulator\/(?!contract\/)/.test(to) && !from.startsWith('emulator/') && !STARTS_EMULATOR.includes(to),
    );
    expect(wrong.map(shown)).toEqual([]);
    const starters = imports.filter(({ to }) => STARTS_EMULATOR.includes(to)).map(({ from }) => folderOf(from));
    expect(new Set(starters)).toEqual(new Set(['emulator', 'host', 'cli']));
  });

  it('of a run know hosts by their interface alone', () => {
    const wrong = imports.filter(
      ({ from, to }) => from.startsWith('run/') && to.startsWith('host/') && !HOST_INTERFACE.includes(to),
    );
    expect(wrong.map(shown)).toEqual([]);
  });

  it('leave Piscina to the host of threads', () => {
    const wrong = files.filter((name) => /from 'piscina'/.test(textOf(name)) && !name.startsWith('host/threads/'));
    expect(wrong).toEqual([]);
  });

  it('leave Redis and BullMQ to the host of agents', () => {
    const wrong = files.filter(
      (name) => /from '(?:bullmq|ioredis)'/.test(textOf(name)) && !name.startsWith('host/agents/'),
    );
    expect(wrong).toEqual([]);
  });

  it('leave /proc to hosts, and to workers what it says of their own threads', () => {
    const wrong = files.filter((name) => /['"`]\/proc\//.test(textOf(name)) && !name.startsWith('host/'));
    expect(wrong).toEqual(['fleet/watch/health.ts']);
  });

  it('have no circles', () => {
    expect(circles()).toEqual([]);
  });

  it('lie in folders that a newcomer can take in at a glance', () => {
    const sizes = new Map<string, number>();
    for (const name of files) sizes.set(dirname(name), (sizes.get(dirname(name)) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > 16)).toEqual([]);
  });

  it('leave the process to bin.ts, and to what child processes begin with', () => {
    const wrong = files.filter((name) => {
      if (name === 'bin.ts' || name === 'host/child/child-entry.ts') return false;
      return /(?<![#.])\bprocess\.(argv|env|stdout|stderr|stdin|exit|exitCode|on|once|kill)\b/.test(textOf(name));
    });
    expect(wrong).toEqual([]);
  });
});

function textOf(name: string): string {
  return readFileSync(join(SRC, name), 'utf8');
}

function importsOf(from: string): Import[] {
  return [...textOf(from).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target = '']) => ({
    from,
    to: relative(SRC, resolve(SRC, dirname(from), target)),
  }));
}

function folderOf(name: string): string {
  return name.split('/')[0] ?? '';
}

function shown({ from, to }: Import): string {
  return `${from} -> ${to}`;
}

/** One circle for each file that closes one, by depth-first search. */
function circles(): string[] {
  const next = new Map(files.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
