import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { filesOf, runCli, testFolder } from './cli.ts';
import { runHere } from './here.ts';

const TIMEOUT_MS = 240_000;

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** As shipped, with so many times fewer devices in each fleet, or in one of its own factor: so are the numbers of its thresholds. */
async function scaledDown(name: string, factor: number, own: Readonly<Record<string, number>> = {}): Promise<string[]> {
  const text = await readFile(`scenarios/${name}.yaml`, 'utf8');
  const { fleets, thresholds } = parse(text) as { fleets: { name: string; devices: number }[]; thresholds: string[] };
  const factorOf = (fleet: string): number => own[fleet] ?? factor;
  const scaled = thresholds.map((source) =>
    source.replace(/^([^.]+)(.*== )(\d+)$/, (_all, fleet: string, middle: string, count: string) =>
      [fleet, middle, Number(count) / factorOf(fleet)].join(''),
    ),
  );
  const sizes = fleets.flatMap(({ name: fleet, devices }) => [
    `fleets.${fleet}.devices=${devices / factorOf(fleet)}`,
    `fleets.${fleet}.connect.over=2s`,
  ]);
  return [...sizes, `thresholds=[${scaled}]`];
}

/** Plays a scenario of the project; what it counted, fleet by fleet. How fast this machine is has no say. */
async function play(name: string, settings: readonly string[] = [], outName = name): Promise<Summary> {
  const out = join(folder.path, outName);
  const args = [
    'run',
    `scenarios/${name}.yaml`,
    '--json',
    '--out',
    out,
    ...settings.flatMap((text) => ['--set', text]),
  ];
  // One of them as users play it, the others in this thread, with the client that takes less of this machine.
  const { stdout } = await (outName === 'token-expiry' ? runCli(args) : runHere([...args, '--set', 'client=lean']));
  const summary = summarySchema.parse(JSON.parse(stdout));
  expect(summary.crossChecks.filter(({ tool, emulator }) => tool !== emulator)).toEqual([]);
  for (const [file, text] of await filesOf(out))
    expect([file, /iotToken|BEGIN [A-Z ]*PRIVATE/.test(text)]).toEqual([file, false]);
  return summary;
}

function figuresOf(summary: Summary): Record<string, object> {
  return Object.fromEntries(
    summary.fleets.map(({ name, outcomes, authCodes = {} }) => [
      name,
      { auth: authCodes, outcomes: Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count])) },
    ]),
  );
}

function failed(summary: Summary): string[] {
  return summary.thresholds.filter((threshold) => !threshold.passed).map(({ source }) => source);
}

describe.concurrent('scenarios with HTTPS logins count exactly', () => {
  it(
    'https-token',
    async () => {
      const settings = ['fleets.meters.devices=5', 'duration=8s', 'fleets.meters.connect.over=1s', 'thresholds=[]'];
      const summary = await play('https-token', settings);
      expect(figuresOf(summary)).toEqual({ meters: { auth: { 200: 5 }, outcomes: { accepted: 5 } } });
      const { latency } = summary.total;
      for (const measure of ['auth', 'auth-tcp', 'auth-tls', 'auth-http', 'tcp', 'tls', 'mqtt']) {
        expect([measure, latency[measure]?.['accepted']?.count]).toEqual([measure, 5]);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'mixed-auth',
    async () => {
      // Time for the last logins on a slow machine.
      const summary = await play('mixed-auth', [
        'duration=15s',
        ...(await scaledDown('mixed-auth', 10, { sensors: 5 })),
      ]);
      expect(figuresOf(summary)).toEqual({
        sensors: { auth: {}, outcomes: { accepted: 17, 'refused-4': 2, 'refused-5': 1 } },
        gateways: { auth: {}, outcomes: { accepted: 5 } },
        meters: { auth: { 200: 17, 401: 2, 5001: 1 }, outcomes: { accepted: 17, 'auth-401': 2, 'auth-5001': 1 } },
        tags: { auth: { 200: 5 }, outcomes: { accepted: 5 } },
      });
      expect(failed(summary)).toEqual([]);
      const tls = Object.fromEntries(
        summary.fleets.map(({ name, latency }) => [name, latency['tls']?.['accepted']?.count]),
      );
      expect(tls).toEqual({ sensors: undefined, gateways: 5, meters: 17, tags: undefined });
    },
    TIMEOUT_MS,
  );

  it(
    'token-expiry',
    async () => {
      // Its devices have tried for the last time 6 s after all were online.
      const summary = await play('token-expiry', ['duration=18s', ...(await scaledDown('token-expiry', 25))]);
      expect(figuresOf(summary)).toEqual({
        'keeps-forever': { auth: { 200: 2 }, outcomes: { accepted: 2, 'refused-3': 6 } },
        'asks-again': { auth: { 200: 4 }, outcomes: { accepted: 4, 'refused-3': 2 } },
        'asks-always': { auth: { 200: 4 }, outcomes: { accepted: 4 } },
      });
      expect(failed(summary)).toEqual([]);
      expect(summary.fleets.map(({ online }) => online.last)).toEqual([0, 2, 2]);
    },
    TIMEOUT_MS,
  );

  it(
    'auth-service-down',
    async () => {
      // Fewer devices, and more time for each login: all of a fleet come at once, three times.
      const fleets = ['keeps-token', 'asks-always', 'signs'];
      const summary = await play('auth-service-down', [
        ...fleets.flatMap((name) => [`fleets.${name}.devices=5`, `fleets.${name}.connect.over=1s`]),
        ...['events.0.stall-auth.for=8s', 'events.2.after.wait=14500ms', 'duration=29s', 'thresholds=[]'],
      ]);
      expect(figuresOf(summary)).toEqual({
        'keeps-token': { auth: { 200: 5 }, outcomes: { accepted: 15 } },
        'asks-always': { auth: { 200: 15 }, outcomes: { accepted: 15, 'auth-timeout': 5, 'auth-http-503': 5 } },
        signs: { auth: {}, outcomes: { accepted: 15 } },
      });
    },
    TIMEOUT_MS,
  );

  it(
    'says so when certificates are not verified',
    async () => {
      const small = ['fleets.meters.devices=2', 'duration=4s', 'fleets.meters.connect.over=1s', 'thresholds=[]'];
      const summary = await play('https-token', [...small, 'target.tls.verify=false'], 'unverified');
      expect(summary.warnings.join('\n')).toContain('certificates are not verified');
      expect(figuresOf(summary)).toEqual({ meters: { auth: { 200: 2 }, outcomes: { accepted: 2 } } });
    },
    TIMEOUT_MS,
  );
});

describe.concurrent('an auth service on another machine', () => {
  it('is not loaded without being named', async () => {
    const { code, stderr } = await runHere([
      'run',
      'scenarios/https-token.yaml',
      ...['--set', 'target.mqtt=mqtts://127.0.0.1:8883', '--set', 'target.auth=https://auth.example/auth/devicename'],
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain("--allow-remote 'auth.example'");
  });
});
