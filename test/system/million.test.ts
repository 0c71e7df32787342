import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, testFolder } from '../e2e/cli.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

describe('a million devices', () => {
  it('generated ones are validated within a minute and 500 MB', async () => {
    await expectFastAndSmall('devices: 1000000');
  });

  it('those of a CSV file, too', async () => {
    const file = createWriteStream(join(folder.path, 'million.csv'));
    file.write('DeviceName,DeviceSecret,ProductKey\n');
    for (let index = 0; index < 1_000_000; index += 1_000) {
      const rows = Array.from({ length: 1_000 }, (_, row) => `device-${index + row},secret-${index + row},pk\n`);
      if (!file.write(rows.join(''))) await once(file, 'drain');
    }
    await finished(file.end());
    await expectFastAndSmall('devices: { csv: million.csv }');
  });
});

async function expectFastAndSmall(devices: string): Promise<void> {
  const scenario = join(folder.path, 'million.yaml');
  const fleet = `{ name: many, productKey: pk, connect: { arrival: ramp, over: 1000s }, ${devices} }`;
  await writeFile(
    scenario,
    `version: 1\nname: million\nduration: 1001s\ntarget: { emulator: {} }\nfleets: [${fleet}]\n`,
  );
  const child = spawn(process.execPath, ['-e', MEASURE, scenario], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await once(child, 'close');
  const { cpuMs, maxRssKib, code } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, number>;
  expect(out).toContain('1,000,000 in 1 fleet');
  expect(code).toBe(0);
  // 0.5 s generated and 2.5 s from a list on the machine of results/README.md; other work on the machine is not counted.
  expect(cpuMs).toBeLessThan(60_000);
  expect(maxRssKib).toBeLessThan(500 * 1024);
}

/** Runs `validate` as the built program does, in a process that tells its own processor time and memory. */
const MEASURE = `
process.argv.splice(1, process.argv.length - 1, 'bin', 'validate', process.argv[1], '--no-preflight');
process.on('exit', (code) => console.log(JSON.stringify({ cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000, maxRssKib: process.resourceUsage().maxRSS, code })));
import('./dist/bin.js');
`;
