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
    ...['RunRefusal', 'RunStop', 'ScenarioFault', 'compareRuns', 'compareStudies', 'diagnoseLogin', 'findCapacity'],
    ...['loadScenario', 'openTarget', 'runScenario'],
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

test.concurrent('a login is looked at, and a device that is not there is refused', async () => {
  const out = await programOf(
    `
    import { diagnoseLogin, loadScenario } from 'fleetstorm';
    const set = ['fleets.meters.devices=10', 'fleets.meters.keepalive=30s'];
    const scenario = await loadScenario('scenarios/quickstart.yaml', { set });
    const tried = [];
    const report = await diagnoseLogin(scenario, { device: 'meters-000007', onTrial: (words) => tried.push(words) });
    console.log(report.isIn, report.causes[0].cause, report.device.deviceName, tried.length === report.trials.length);
    const once = await diagnoseLogin(scenario, { once: true });
    console.log(once.isIn, once.connections);
    const told = (error) => console.log(error.name, error.exitCode, error.message);
    await diagnoseLogin(scenario, { device: 'nobody' }).catch(told);
    const remote = await loadScenario('scenarios/quickstart.yaml', { set: ['target.mqtt=mqtt://mqtt.example'] });
    await diagnoseLogin(remote).catch(told);
  `,
    'login.mjs',
  );
  expect(out.trimEnd().split('\n')).toEqual([
    'false keepalive-out-of-bounds meters-000007 true',
    'false 1',
    'RunRefusal 2 no device of fleet meters is called nobody',
    'RunRefusal 3 mqtt.example is not this machine; if you may log in there, name it in allowRemote',
  ]);
});

test.concurrent('a capacity search leaves its study, and what is not of its form is refused', async () => {
  const out = await programOf(
    `
    import { readFile } from 'node:fs/promises';
    import { compareStudies, findCapacity, loadScenario, RunStop } from 'fleetstorm';
    const scenario = await loadScenario('scenarios/quickstart.yaml', {
      set: ['fleets.meters.devices=50', 'client=lean'],
    });
    const told = (error) => console.log(error.name, error.exitCode, JSON.stringify(error.reasons));
    await findCapacity(scenario, { rate: '5', precision: '90%' }).catch(told);
    const few = { fixedDevices: true, rate: '1000/s..2000/s', stay: '10s' };
    await findCapacity(scenario, few).catch((error) => console.log(error.name, error.exitCode));
    const stop = new RunStop();
    const held = [];
    const { study, failures } = await findCapacity(scenario, {
      ...{ goals: ['accepted.ratio >= 50%'], rate: '50/s..200/s', out: 'study', stop },
      onHold: (hold, soFar) => {
        held.push(hold.number, soFar.holds.length);
        stop.ask();
      },
    });
    console.log(JSON.stringify({ held, failures, ending: study.answer.ending, exitCode: study.exitCode }));
    console.log(study.answer.sentence.includes('Stopped before its end'));
    const written = JSON.parse(await readFile('study/summary.json', 'utf8'));
    console.log(written.answer.sentence === study.answer.sentence, written.holds[0].windowResults.length > 0);
    const { differences } = await compareStudies(['study', 'study']);
    console.log(differences[0].letter, differences[0].judgement);
    await compareStudies(['study']).catch((error) => console.log(error.message));
  `,
    'capacity.mjs',
  );
  expect(out.trimEnd().split('\n')).toEqual([
    'RunRefusal 2 ["rate 5 is not a range of rates such as 100/s..20000/s","precision 90% is not a precision from 1% to 50%"]',
    'RunRefusal 3',
    '{"held":[1,1],"failures":[],"ending":"interrupted","exitCode":130}',
    'true',
    'true true',
    'B unknown',
    'name the folders of at least two studies',
  ]);
});
