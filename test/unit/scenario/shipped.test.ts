import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/scenario/load.ts';
import { formatFault } from '../../../src/scenario/text/fault.ts';

const FOLDER = new URL('../../../scenarios/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
/** The one scenario that shows a warning shows it on purpose. */
const WARNED: Readonly<Record<string, number>> = { 'refusals.yaml': 1 };

describe('the scenarios of the project', () => {
  it.each(NAMES)('%s has no faults, names the schema, and is explained', async (name) => {
    const path = fileURLToPath(new URL(name, FOLDER));
    const text = readFileSync(path, 'utf8');
    const check = await loadScenario({ path, text }, []);
    expect(check.ok ? [] : check.faults.map(formatFault)).toEqual([]);
    expect(check.warnings.length).toBe(WARNED[name] ?? 0);
    expect(text.split('\n', 1)).toEqual(['# yaml-language-server: $schema=./schema.json']);
    const rows = readFileSync(new URL('README.md', FOLDER), 'utf8').split('\n');
    expect(rows.filter((row) => row.startsWith(`| [${name}](${name}) `))).toHaveLength(1);
  });

  it('are those that the documents speak of', () => {
    expect(NAMES).toEqual(
      expect.arrayContaining([
        'any-broker.yaml',
        'firmware-shootout.yaml',
        'half-open.yaml',
        'kick-loop.yaml',
        'rate-limited-cloud.yaml',
        'reconnect-storm.yaml',
        'rolling-restart.yaml',
        'arrivals.yaml',
        'csv-devices.yaml',
        'quickstart.yaml',
        'refusals.yaml',
        'rising-load.yaml',
      ]),
    );
  });
});
