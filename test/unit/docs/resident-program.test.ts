import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ResidentProgram } from '../../docs/resident-program.ts';

let folder: string;
let resident: ResidentProgram;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resident-program-test-'));
  writeFileSync(join(folder, `it's "one".yaml`), 'version: 1\nduration: 1x\n');
  resident = await ResidentProgram.start();
});
afterAll(async () => {
  await resident.close();
  rmSync(folder, { recursive: true });
});

async function inShell(script: string): Promise<string> {
  const env = { ...process.env, P: resident.executable };
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env });
  return stdout;
}

it('is to a shell what the program is: in its folder, by its arguments, with two streams and an exit code', async () => {
  const home = process.cwd();
  const out = await inShell(`"$P" validate "it's \\"one\\".yaml" >out 2>err; echo "code $?"; "$P" presets paho-java`);
  expect(out).toMatch(/^code 2\n.*paho-java/s);
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('');
  expect(readFileSync(join(folder, 'err'), 'utf8')).toContain(`it's "one".yaml`);
  expect(process.cwd()).toBe(home);
});

it('carries out what several shells ask for at once, one after the other', async () => {
  const asked = ['mkdir a; cd a; "$P" presets paho-java', '"$P" presets paho-java | cat'];
  const [a, b] = await Promise.all(asked.map(inShell));
  expect(a).toContain('paho-java');
  expect(b).toBe(a);
});

it('sees the environment of the shell', async () => {
  const sign = '"$P" sign --product-key pk --device-name device --client-id 12345';
  const printed = await inShell(`FLEETSTORM_DEVICE_SECRET=secret ${sign} --timestamp 789`);
  expect(printed).toContain('fafd82a3d602b37fb0fa8b7892f24a477f851a14');
});
