import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/outlets/dashboard/dashboard-server.ts';
import type { LiveEvent } from '../../src/report/html/data/page-data.ts';
import { type LatencyHistogram, newHistogram } from '../../src/results/latency/histogram.ts';
import type { TimelineLine } from '../../src/results/timeline-line.ts';
import { stormSummary } from '../fixtures/reports/storm-run.ts';
import { stormTimeline } from '../fixtures/reports/storm-timeline.ts';

const SHAPE = { intervals: 3_000, sessionsPerFleet: 100, fleets: ['a', 'b'] };
const RUN = { scenario: '<b>storm</b>', target: 'here', sessions: 200, plannedDurationSec: 3_000, fleets: ['a', 'b'] };

let dashboard: Dashboard | undefined;
let stops = 0;
const folders: string[] = [];
afterEach(async () => {
  await dashboard?.close();
  dashboard = undefined;
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function start(): Promise<{ url: string; token: string; dashboard: Dashboard }> {
  stops = 0;
  dashboard = await startDashboard({ port: 0, run: RUN, onStop: () => stops++ });
  const page = await (await fetch(dashboard.url)).text();
  return { url: dashboard.url, token: /data-token="([\w-]+)"/.exec(page)?.[1] ?? '', dashboard };
}

/** Unlike fetch, sends any header, as an attacker's tool or a rebound name would. */
function send(url: string, method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url);
    const sent = request({ host, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function* eventsOf(url: string, token: string): AsyncGenerator<LiveEvent> {
  const response = await fetch(new URL(`/events?token=${token}`, url));
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield JSON.parse(event.slice('data: '.length)) as LiveEvent;
  }
}

function histogramOf(us: number): LatencyHistogram {
  const histogram = newHistogram();
  histogram.recordValue(us);
  return histogram;
}

async function reportFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-dashboard-'));
  folders.push(folder);
  await writeFile(join(folder, 'report.html'), '<!doctype html><title>the report</title>');
  return folder;
}

describe('the stop button', () => {
  it('stops the run once, for its own page', async () => {
    const { url, token } = await start();
    const headers = { origin: url.slice(0, -1), 'x-fleetstorm-token': token };
    expect(await send(url, 'POST', '/stop', headers)).toBe(204);
    expect(await send(url, 'POST', '/stop', headers)).toBe(204);
    expect(stops).toBe(1);
  });

  it.each([
    ['another site', { origin: 'http://evil.example', token: true, status: 403 }],
    ['a page without an origin', { origin: undefined, token: true, status: 403 }],
    ['a page that does not know the token', { origin: 'own', token: false, status: 403 }],
  ] as const)('refuses %s', async (_who, { origin, token, status }) => {
    const { url, token: known } = await start();
    const headers: Record<string, string> = { 'x-fleetstorm-token': token ? known : 'x'.repeat(known.length) };
    if (origin !== undefined) headers['origin'] = origin === 'own' ? url.slice(0, -1) : origin;
    expect(await send(url, 'POST', '/stop', headers)).toBe(status);
    expect(stops).toBe(0);
  });

  it('refuses a name that was made to point here, and other methods', async () => {
    const { url, token } = await start();
    const headers = { host: 'evil.example', origin: 'http://evil.example', 'x-fleetstorm-token': token };
    expect(await send(url, 'POST', '/stop', headers)).toBe(421);
    expect(await send(url, 'GET', '/', { host: 'evil.example' })).toBe(421);
    expect(await send(url, 'GET', '/stop', {})).toBe(405);
    expect(await send(url, 'GET', '//', {})).toBe(400);
    expect(await send(url, 'GET', '/elsewhere', {})).toBe(404);
    expect(stops).toBe(0);
  });
});

describe('the live page', () => {
  it('may not be framed, and escapes the scenario', async () => {
    const { url } = await start();
    const response = await fetch(url);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(await response.text()).toContain('<h1>&lt;b&gt;storm&lt;/b&gt;</h1>');
  });

  it('gives events to those who know the token only', async () => {
    const { url } = await start();
    expect(await send(url, 'GET', '/events?token=no', {})).toBe(403);
  });

  it('sends what there is, then each interval as rows to append', async () => {
    const { url, token, dashboard: live } = await start();
    const [first, second] = [...stormTimeline({ ...SHAPE, intervals: 100 })];
    if (first === undefined || second === undefined) throw new Error('the fixture has intervals');
    live.interval(first);
    const events = eventsOf(url, token);
    const page = (await events.next()).value;
    expect(page).toMatchObject({ type: 'page', data: { columns: { time: [0, 1] } } });
    live.interval(second);
    expect((await events.next()).value).toMatchObject({
      type: 'rows',
      rows: [{ time: 2, planned: second.total.planned }],
    });
    await events.return(undefined);
  });

  it('is the report so far once the run has begun, and sends what does not grow by rows anew', async () => {
    const { url, token, dashboard: live } = await start();
    const lines = [...stormTimeline({ ...SHAPE, intervals: 100 })];
    const summary = stormSummary({ ...SHAPE, intervals: 100 });
    const ofAttempts = new Map([['response/accepted' as const, histogramOf(1_000)]]);
    const distributions = () => ({ name: 'x', ofAttempts, stalls: new Map(), percentileUs: () => undefined });
    live.follow({
      summary: () => summary,
      figures: () => ({ ...summary, disturbances: [], distributions, byAddress: () => [], lastInterval: undefined }),
      scenarioYaml: 'name: <i>x</i>',
    });
    for (const line of lines.slice(0, 2)) live.interval(line, histogramOf(500));
    const events = eventsOf(url, token);
    const page = (await events.next()).value;
    const report = page?.type === 'page' ? (page.html['live-report'] ?? '') : '';
    expect([...report.matchAll(/<h2>([^<]*)/g)].map(([, title]) => title)).toEqual([
      ...['Sessions', 'Connects', 'Outcomes', 'Latency', 'Storms', 'Kick loops', 'Fleets'],
      ...['Policies side by side', 'Generator health', 'What was run', 'Scenario'],
    ]);
    expect(report).toContain('12 of 200 lost sessions are not back yet');
    expect(report).toContain('&lt;i&gt;x');
    await expect
      .poll(async () => {
        live.interval(lines[2] as TimelineLine);
        const event = (await events.next()).value as LiveEvent | undefined;
        return event?.type === 'rows' ? event.fresh?.charts.map(({ id }) => id) : undefined;
      })
      .toEqual(['latency-rate', 'percentiles', 'fleet-percentiles', 'heat', 'recovery-1', 'recovery-2']);
    await events.return(undefined);
  });

  it('takes a long run in bounded size, and nine watchers at most eight', async () => {
    const { url, token, dashboard: live } = await start();
    for (const line of stormTimeline(SHAPE)) live.interval(line);
    const streams = Array.from({ length: 8 }, () => eventsOf(url, token));
    for (const stream of streams) {
      const event = (await stream.next()).value as LiveEvent | undefined;
      expect(event?.type === 'page' && (event.data.columns['time']?.length ?? 0)).toBeLessThanOrEqual(2_401);
    }
    expect(await send(url, 'GET', `/events?token=${token}`, {})).toBe(503);
    for (const stream of streams) await stream.return(undefined);
  });

  it('becomes the report when the run has ended, and waits until its watchers have it', async () => {
    const { url, token, dashboard: live } = await start();
    const events = eventsOf(url, token);
    await events.next();
    let isSettled = false;
    const finished = live.finished(await reportFolder()).then(() => {
      isSettled = true;
    });
    expect((await events.next()).value).toEqual({ type: 'finished', hasReport: true });
    expect(isSettled).toBe(false);
    expect(await (await fetch(url)).text()).toContain('the report');
    await finished;
    expect(stops).toBe(0);
  });

  it('says so when there is no report', async () => {
    const { url, token, dashboard: live } = await start();
    const events = eventsOf(url, token);
    await events.next();
    await live.finished(join(tmpdir(), 'no-such-run'));
    expect((await events.next()).value).toEqual({ type: 'finished', hasReport: false });
  });
});
