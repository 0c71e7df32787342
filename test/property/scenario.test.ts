import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { effectiveYaml } from '../../src/scenario/effective.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { formatFault } from '../../src/scenario/text/fault.ts';
import { exactDuration, exactRate, parseDurationUs, parseRatePerSec } from '../../src/time/units.ts';
import { anyText } from '../fixtures/any-text.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const TEXTS = [
  read('../fixtures/scenarios/full.yaml'),
  ...['quickstart', 'refusals', 'any-broker', 'arrivals'].map((name) => read(`../../scenarios/${name}.yaml`)),
];

interface Key {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Every key of every valid scenario, with its place. */
const KEYS: readonly Key[] = TEXTS.flatMap((text) => {
  const lines = new LineCounter();
  const keys: Key[] = [];
  visit(parseDocument(text, { lineCounter: lines }), {
    Pair: (_, { key }) => {
      if (!isScalar(key) || !key.range) return;
      const [start, end] = key.range;
      keys.push({ text, start, end, line: lines.linePos(start).line });
    },
  });
  return keys;
});

const load = (text: string) => loadScenario({ path: 'x.yaml', text }, []);

describe('loadScenario', () => {
  it('finds any misspelt key of a valid scenario, on its line', async () => {
    expect(KEYS.length).toBeGreaterThan(150);
    const misspelling = fc.constantFrom<(name: string) => string>(
      (name) => `${name}x`,
      (name) => `x${name}`,
      (name) => `${name.slice(0, -1)}Q`,
      (name) => name.toUpperCase() + name,
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...KEYS), misspelling, async ({ text, start, end, line }, misspell) => {
        const check = await load(text.slice(0, start) + misspell(text.slice(start, end)) + text.slice(end));
        expect(check.ok ? [] : check.faults.map((fault) => fault.line)).toContain(line);
      }),
      { numRuns: 150 },
    );
  });

  it('never throws, whatever the text', { timeout: 120_000 }, async () => {
    const snippet = fc.oneof(
      anyText,
      fc.stringMatching(/^[[\]{}&*!|>%@`#:,?\-"' \n\t<a1]{1,12}$/),
      fc.constantFrom(
        '*a',
        '&a ',
        '<<: ',
        '__proto__: ',
        'constructor: ',
        '!!js ',
        '\u0000',
        '...\n',
        '---\n',
        '%YAML 9\n',
        '? ',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TEXTS, ''),
        fc.nat(),
        fc.nat(40),
        snippet,
        async (text, at, cut, inserted) => {
          const start = text.length === 0 ? 0 : at % text.length;
          const check = await load(text.slice(0, start) + inserted + text.slice(start + cut));
          if (check.ok) return;
          expect(check.faults.length).toBeGreaterThan(0);
          for (const fault of check.faults) {
            expect(fault.line).toBeGreaterThanOrEqual(1);
            expect(fault.column).toBeGreaterThanOrEqual(1);
            expect(formatFault(fault)).not.toContain('undefined');
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never throws, whatever the setting', async () => {
    const path = fc.array(
      fc.constantFrom('fleets', '0', 'meters', 'devices', 'target', 'mqtt', 'thresholds', '__proto__', 'x'),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(path, fc.string(), async (steps, value) => {
        const check = await loadScenario({ path: 'x.yaml', text: TEXTS[1] ?? '' }, [`${steps.join('.')}=${value}`]);
        expect(check.ok || check.faults.length > 0).toBe(true);
      }),
      { numRuns: 150 },
    );
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

/** Random valid scenarios, as the values of a file. */
const durationText = fc.integer({ min: 1, max: 3_600_000_000 }).map(exactDuration);
const rateText = fc.integer({ min: 1, max: 100_000 }).map((perMinute) => `${perMinute}/m`);
const stage = fc.oneof(
  fc.record({ rate: rateText, over: durationText }),
  fc.record({ target: fc.integer({ min: 1, max: 1000 }), over: durationText }),
);
const connect = fc.oneof(
  fc.constant({ arrival: 'burst' }),
  fc.record({ arrival: fc.constantFrom('rate', 'poisson'), rate: rateText }),
  fc.record({ arrival: fc.constant('ramp'), over: durationText }),
  fc.record({ arrival: fc.constant('stages'), stages: fc.array(stage, { minLength: 1, maxLength: 4 }) }),
);
const auth = fc.oneof(
  fc.record({
    mode: fc.constant('direct'),
    signmethod: fc.constantFrom('hmacmd5', 'hmacsha1', 'hmacsha256'),
    timestamp: fc.oneof(fc.constantFrom('now', 'none'), fc.nat(), fc.nat().map(String)),
  }),
  fc.record({
    mode: fc.constant('password'),
    username: fc.constantFrom('joe', `\${deviceName}`, '2017', 'null'),
    // Without one, a user name is taken for a token, and removed.
    password: fc.constant(`\${deviceSecret}`),
  }),
);
const fleet = fc.record(
  {
    productKey: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
    devices: fc.integer({ min: 1, max: 50 }),
    auth,
    connect,
    connectTimeout: durationText,
    keepalive: fc.integer({ min: 0, max: 65_535 }).map((sec) => `${sec}s`),
    clean: fc.boolean(),
    faults: fc.record({ wrongSecret: fc.integer({ min: 0, max: 40 }).map((part) => `${part}%`) }),
  },
  { requiredKeys: ['productKey', 'devices'] },
);
const scenario = fc.record({
  version: fc.constant(1),
  name: fc.stringMatching(/^[ -~]{1,30}$/),
  seed: fc.maxSafeNat(),
  duration: fc.integer({ min: 1_000_000, max: 100_000_000_000 }).map(exactDuration),
  target: fc.oneof(
    fc.record({ emulator: fc.record({ profile: fc.constantFrom('2017', 2017, 'current') }) }),
    fc.constant({ mqtt: `mqtt://\${productKey}.example:1884` }),
  ),
  workers: fc.oneof(fc.constant('auto'), fc.integer({ min: 1, max: 64 })),
  fleets: fc
    .array(fleet, { minLength: 1, maxLength: 4 })
    .map((fleets) => fleets.map((each, index) => ({ name: `fleet.${index}`, ...each }))),
});

describe('effectiveYaml', () => {
  it('loads to the scenario it was made from', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (input) => {
        const first = await load(JSON.stringify(input));
        if (!first.ok) throw new Error(first.faults.map(formatFault).join('\n'));
        const again = await load(effectiveYaml(first.scenario));
        if (!again.ok) throw new Error(again.faults.map(formatFault).join('\n'));
        expect(again.scenario).toEqual(first.scenario);
      }),
      { numRuns: 60 },
    );
  });
});

describe('units', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (us) => {
        expect(parseDurationUs(exactDuration(us))).toBe(us);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(1, 60, 3600), (events, sec) => {
        expect(parseRatePerSec(exactRate(events / sec))).toBe(events / sec);
      }),
    );
  });
});
