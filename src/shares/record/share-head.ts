import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Part } from '../../plan/split.ts';
import { version } from '../../run/version.ts';
import { effectiveYaml } from '../../scenario/effective.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { keptPlan } from './plan-schema.ts';
import { RECORD_FORMAT, type ShareLine } from './record-lines.ts';

/** The first line of a share's record. Reads the device lists of the scenario; rejects if one cannot be read. */
export async function shareHead(scenario: Scenario, part: Part, plannedStart: Date | undefined): Promise<ShareLine> {
  const yaml = effectiveYaml(scenario);
  const lists: Record<string, string> = {};
  for (const { name, devices } of scenario.fleets) {
    if (devices.kind === 'csv') lists[name] = await fileHash(devices.path);
  }
  return {
    type: 'share',
    format: RECORD_FORMAT,
    tool: version,
    index: part.index,
    of: part.of,
    ...(plannedStart === undefined ? {} : { plannedStart: plannedStart.toISOString() }),
    scenarioSha256: createHash('sha256').update(yaml).digest('hex'),
    lists,
    plan: keptPlan(scenario),
    yaml,
  };
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
