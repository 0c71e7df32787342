import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadScenario } from '../../src/scenario/load.ts';
import { formatFault } from '../../src/scenario/text/fault.ts';
import { TestCa } from '../fixtures/servers/certificates.ts';
import type { Block } from './blocks.ts';

/** A scenario that fragments are put into. */
const BASE = {
  version: 1,
  name: 'fragment',
  duration: '60s',
  target: { emulator: {} },
  fleets: [{ name: 'meters', productKey: 'a1Meters', devices: 1000, connect: { arrival: 'ramp', over: '10s' } }],
};
const FILE_KEYS = new Set([
  ...Object.keys(BASE),
  'seed',
  'workers',
  'client',
  'sources',
  'events',
  'notice',
  'thresholds',
  'capacity',
]);

/** Writes the files that examples of TLS name. */
export async function writeExampleFiles(folder: string): Promise<void> {
  const ca = await TestCa.make('example CA');
  const device = await ca.sign('device');
  writeFileSync(join(folder, 'ca.pem'), ca.pem);
  writeFileSync(join(folder, 'device.pem'), device.cert);
  writeFileSync(join(folder, 'device.key'), device.key);
}

/** The faults of a block: as a scenario, or as a part of one. `folder` has the files that it names. */
export async function yamlFaults(block: Block, folder: string): Promise<string[]> {
  const value: unknown = parse(block.text, { merge: true });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return ['neither a scenario nor a part of one'];
  const text = 'version' in value ? block.text : stringify(completed(value));
  const path = join(folder, 'block.yaml');
  const check = await loadScenario({ path, text }, [], { PASSPHRASE: 'made up' });
  return check.ok ? [] : check.faults.map(formatFault);
}

/** Keys of the file override those of the base; keys of a fleet go into its fleet. */
function completed(part: object): object {
  const isOfFile = Object.keys(part).every((key) => FILE_KEYS.has(key));
  return isOfFile ? { ...BASE, ...part } : { ...BASE, fleets: [{ ...BASE.fleets[0], ...part }] };
}
