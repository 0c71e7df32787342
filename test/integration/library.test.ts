import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The library as a program of its own meets it: by its name, from the compiled files. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-library-'));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await symlink(ROOT, join(modules, 'fleetstorm'));
  await symlink(join(ROOT, 'scenarios'), join(folder, 'scenarios'));
});
afterAll(() => rm(folder, { recursive: true }));

async function programOf(text: string, name: string): Promise<string> {
  await writeFile(join(folder, name), text);
  const { stdout } = await run(process.execPath, [name], {
    cwd: folder,
    env: { FLEETSTORM_TUNING: 'off', DEBUG: 'kept' },
  });
  return stdout;
}

test.concurrent('importing it changes nothing in the process', async () => {
  const out = await programOf(
    `
    import process from 'node:process';
    import v8 from 'node:v8';
    const flags = [];
    const setFlags = v8.setFlagsFromString;
    v8.setFlagsFromString = (flag) => { flags.push(flag); setFlags(flag); };
    const { syncBuiltinESMExports } = await import('node:module');
    syncBuiltinESMExports();
    const state = () => ({
      resources: process.getActiveResourcesInfo().sort(),
      listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
      env: { ...process.env },
      execArgv: process.execArgv,
      title: process.title,
      globals: Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith('__zod_')),
      trace: Error.stackTraceLimit,
    });
    const before = state();
    const library = await import('fleetstorm');
    console.log(JSON.stringify({ before, after: state(), flags, names: Object.keys(library).sort() }));
  `,
    'importing.mjs',
  );
  const { before, after, flags, names } = JSON.parse(out) as Record<string, unknown>;
  expect(after).toEqual(before);
  expect(flags).toEqual([]);
  expect(names).toEqual([
    ...['RunRefusal', 'RunStop', 'ScenarioFault', 'compareRuns', 'loadScenario', 'openTarget', 'runScenario'],
  ]);
});

test.concurrent('a scenario with faults, a target that is remote, and one that does not answer, are refused', async () => {
  const out = await programOf(
    `
    import { loadScenario, runScenario } from 'fleetstorm';
    const told = (error) => console.log(error.name, error.message);
    await loadScenario('scenarios/quickstart.yaml', { set: ['duration=0s'] }).catch(told);
    const remote = await loadScenario('scenarios/quickstart.yaml', { set: ['target.mqtt=mqtt://mqtt.example'] });
    await runScenario(remote).catch(told);
    const set = ['target.mqtt=mqtt://127.0.0.1:1', 'duration=1s', 'fleets.meters.devices=1', 'thresholds=[]'];
    const silent = await loadScenario('scenarios/quickstart.yaml', { set });
    await runScenario(silent).catch((error) => console.log(error.name, error.exitCode, error.message));
    const { summary } = await runScenario(silent, { probe: false });
    console.log('played', summary.exitCode, summary.total.outcomes[0].outcome);
  `,
    'refused.mjs',
  );
  expect(out).toContain('ScenarioFault ');
  expect(out).toContain('RunRefusal the target mqtt.example is not this machine');
  expect(out).toContain('RunRefusal 4 the target does not answer: target.mqtt 127.0.0.1:1: tcp-refused (ECONNREFUSED');
  // As `run --no-probe` would: no attempt got an answer.
  expect(out).toContain('played 4 tcp-refused');
});
