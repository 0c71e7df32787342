import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlayedJob, playJob, type Surroundings } from '../docs/github-workflow.ts';
import { ROOT } from '../docs/pages.ts';
import { ResidentProgram } from '../docs/resident-program.ts';
import { OWN_PROCESS } from '../docs/shell-blocks.ts';

/** The workflow as it is published, played with a plan of a second: what a push, a pull request and a regression come to. */

const WORKFLOW = join(ROOT, 'docs/github-actions/fleetstorm.yml');
const PUSH: Surroundings = { github: { event_name: 'push' }, inputs: { accept: false } };
const COMPARED = 'Compare with the last run';
const KEPT = 'Take this run as the last one';

/** Eight devices: too few for a rate or a latency to be judged, so that the speed of the machine does not matter. */
const gate = (wrongSecret: number): string => `
version: 1
name: gate
seed: 42
duration: 1s
target: { emulator: {} }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 8
    connect: { arrival: ramp, over: 500ms }
    faults: { wrongSecret: ${wrongSecret} }
    reconnect: { onRefusal: stop }
thresholds:
  - accepted.count >= 4
`;

let folder: string;
let resident: ResidentProgram;
const at = (name: string): string => join(folder, name);

/**
 * The commands of the steps: `npm ci` has nothing to do here, and a run must not depend on how busy this machine is. The run of the first
 * job is a process. With `FAKED_CODE` the program is not started at all, and its run ends with that code.
 */
function writeCommands({ executable }: ResidentProgram): void {
  mkdirSync(at('.bin'));
  const npx = `#!/bin/sh
[ "$1" = fleetstorm ] || exit 127
shift
if [ -n "$FAKED_CODE" ]; then
  [ "$1" = run ] || exit 0
  mkdir this-run
  exit "$FAKED_CODE"
fi
[ "$1" = run ] || exec "${executable}" "$@"
[ -f last-run/summary.json ] || exec ${OWN_PROCESS} "$@" --accept-limited --quiet
exec "${executable}" "$@" --accept-limited --quiet
`;
  for (const [name, text] of [
    ['npx', npx],
    ['npm', '#!/bin/sh\n'],
  ] as const) {
    writeFileSync(at(`.bin/${name}`), text);
    chmodSync(at(`.bin/${name}`), 0o755);
  }
}

/** A job starts with what is checked out and cached, and nothing else. */
async function played(wrongSecret: number, surroundings = PUSH, fakedCode = ''): Promise<PlayedJob> {
  for (const left of ['this-run', 'junit.xml', 'comparison.txt', 'comparison.html'])
    rmSync(at(left), { recursive: true, force: true });
  mkdirSync(at('load'), { recursive: true });
  writeFileSync(at('load/gate.yaml'), gate(wrongSecret));
  const path = `${at('.bin')}:${process.env['PATH'] ?? ''}`;
  return await playJob(WORKFLOW, folder, { PATH: path, FAKED_CODE: fakedCode }, surroundings);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'github-actions-'));
  resident = await ResidentProgram.start();
  writeCommands(resident);
});
afterAll(async () => {
  await resident.close();
  rmSync(folder, { recursive: true });
});

describe('the workflow for GitHub Actions', () => {
  it('has nothing to compare the first run with, and keeps it', async () => {
    const job = await played(0);
    expect(job.output).toContain('There is no earlier run to compare with.');
    expect(job).toMatchObject({ isSuccess: true });
    expect(job.steps.at(-1)).toBe('Save it for the next');
    expect(job.stepSummary).toMatch(/^## Fleetstorm\n```text\n/);
    expect(job.stepSummary).toContain('gate → emulator');
    expect(job.stepSummary).toContain('passed  accepted.count >= 4');
    expect(existsSync(at('this-run/report.html'))).toBe(true);
    expect(readFileSync(at('junit.xml'), 'utf8')).toContain('accepted.count &gt;= 4');
    expect(existsSync(at('last-run/summary.json'))).toBe(true);
  });

  it('compares the second with it', async () => {
    const job = await played(0);
    expect(job).toMatchObject({ isSuccess: true });
    expect(job.stepSummary).toContain('## Compared with the last run');
    expect(readFileSync(at('comparison.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(job.steps).toContain(KEPT);
  });

  it('fails for one that is worse, tells it all the same, and keeps the good one', async () => {
    const job = await played(4);
    expect(job).toMatchObject({ isSuccess: false });
    expect(job.output).toMatch(/accepted\.ratio.*100%.*50%/);
    expect(job.stepSummary).toContain('## Compared with the last run');
    expect(job.steps).toEqual(expect.arrayContaining(['Publish the thresholds as test results', 'Keep the report']));
    expect(job.steps).not.toContain(KEPT);
    expect(JSON.parse(readFileSync(at('last-run/summary.json'), 'utf8')).total.online.peak).toBe(8);
  });

  it.each(['1', '2', '3', '4', '98', '99', '130'])(
    'fails for exit code %s, compares nothing and keeps nothing',
    async (code) => {
      const job = await played(0, PUSH, code);
      expect(job).toMatchObject({ isSuccess: false });
      expect(job.steps).not.toContain(COMPARED);
      expect(job.steps).not.toContain(KEPT);
      expect(job.steps).toContain('Keep the report');
    },
  );

  it('warns of a run that the runner limited, without failing, comparing or keeping it', async () => {
    const job = await played(0, PUSH, '97');
    expect(job).toMatchObject({ isSuccess: true });
    expect(job.output).toContain('::warning title=Generator-limited::');
    expect(job.steps).not.toContain(COMPARED);
    expect(job.steps).not.toContain(KEPT);
  });

  it('keeps nothing of a pull request', async () => {
    const job = await played(0, { github: { event_name: 'pull_request' }, inputs: { accept: false } }, '0');
    expect(job.steps).toContain(COMPARED);
    expect(job.steps).not.toContain(KEPT);
  });

  it('takes a run as the new measure without comparing it, if told so', async () => {
    const job = await played(0, { github: { event_name: 'workflow_dispatch' }, inputs: { accept: true } }, '0');
    expect(job).toMatchObject({ isSuccess: true });
    expect(job.steps).not.toContain(COMPARED);
    expect(job.steps).toContain(KEPT);
  });
});
