import { describe, expect, it } from 'vitest';
import { loadPageAssets } from '../../../../src/report/html/assets.ts';
import type { PageData } from '../../../../src/report/html/data/page-data.ts';
import { TimelineColumns } from '../../../../src/report/html/data/timeline-columns.ts';
import { renderHtml } from '../../../../src/report/html/report-page.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import { STORM_SHAPE, stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { stormTimeline } from '../../../fixtures/reports/storm-timeline.ts';
import { quickstart, storm } from '../fixtures.ts';

const assets = await loadPageAssets();
const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

function render(summary: Summary, scenarioYaml: string | null = 'name: x\n', shape = STORM_SHAPE): string {
  const timeline = new TimelineColumns(summary.fleets.map(({ name }) => name));
  for (const line of stormTimeline(shape)) timeline.add(line);
  const distributions = { accepted: new Map(), failed: new Map(), fleets: new Map(), heatMap: undefined };
  return renderHtml(
    {
      summary,
      timeline: { columns: timeline.columns(), width: timeline.width, rates: timeline.rates() },
      distributions,
      scenarioYaml: scenarioYaml ?? undefined,
    },
    assets,
  );
}

function headings(page: string): string[] {
  return [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title = '']) => title);
}

function dataOf(page: string): PageData {
  const [, json = ''] = /<script type="application\/json" id="page-data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json) as PageData;
}

describe('renderHtml', () => {
  it('goes from the verdict to the scenario', () => {
    expect(headings(render(stormSummary()))).toEqual([
      ...['Verdict', 'Sessions', 'Connects', 'Outcomes', 'Devices that were never online'],
      ...['Latency', 'Storms', 'Kick loops', 'Fleets'],
      ...['Policies side by side', 'Generator health', 'What was run', 'Scenario'],
    ]);
  });

  it('leaves out what the run does not have', () => {
    const page = render(quickstart, null);
    expect(headings(page)).toEqual([
      ...['Verdict', 'Sessions', 'Connects', 'Outcomes', 'Latency', 'Generator health', 'What was run'],
    ]);
  });

  it('has the messages that devices sent on connect', () => {
    const messages = { subscribed: 4_000, refused: 12, published: 2_000, acknowledged: 1_998 };
    const page = render({ ...quickstart, total: { ...quickstart.total, messages } }, null);
    expect(headings(page)).toContain('Messages');
    expect(page).toContain('<td class=""><code>acknowledged</code></td><td class="number">1,998</td>');
  });

  it('tells what was seen of the ends of sessions', () => {
    const endDetails = { 'protocol-error': [{ detail: `the service sent ${HOSTILE}`, count: 2 }] };
    const total = { ...quickstart.total, ended: { 'protocol-error': 2 }, endDetails };
    const page = render({ ...quickstart, total }, null);
    expect(page).toContain('<ul class="details"><li>2 × the service sent &lt;/script&gt;');
    expect(page).not.toContain('<img');
  });

  it('obeys no text of a scenario', () => {
    const shape = { ...STORM_SHAPE, fleets: [HOSTILE, 'b'] };
    const base = stormSummary(shape);
    const [, storm] = base.disturbances ?? [];
    if (storm === undefined) throw new Error('the fixture has a storm');
    const page = render(
      {
        ...base,
        scenario: { ...base.scenario, name: HOSTILE, target: HOSTILE },
        warnings: [HOSTILE],
        thresholds: [{ source: HOSTILE, passed: false, unit: 'us', reason: HOSTILE }],
        verdict: { verdict: 'degraded', reasons: [HOSTILE] },
        disturbances: [{ ...storm, label: HOSTILE, kind: HOSTILE }],
      },
      HOSTILE,
      shape,
    );
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    const [online] = dataOf(page).charts.filter(({ id }) => id === 'online-by-fleet');
    expect(online?.kind === 'lines' && online.series.map(({ label }) => label)).toEqual([HOSTILE, 'b']);
  });

  it('lets the browser run this script only, and load nothing', () => {
    const page = render(quickstart);
    expect(page).toContain(`default-src &#39;none&#39;; script-src &#39;sha256-${assets.scriptHash}&#39;`);
    expect(page).not.toMatch(/<(?:link|script|img|iframe)[^>]* (?:src|href)="(?!data:)/);
  });

  it('has a chart for every place and a place for every chart', () => {
    const page = render(stormSummary());
    const places = [...page.matchAll(/<div class="plot" id="([\w-]+)">/g)].map(([, id]) => id);
    expect(places.toSorted()).toEqual(
      dataOf(page)
        .charts.map(({ id }) => id)
        .toSorted(),
    );
  });

  it('stays small however long the run is', () => {
    const fleets = Array.from({ length: 4 }, (_, index) => `fleet-${index}`);
    const sizeOf = (intervals: number): number => {
      const shape = { intervals, sessionsPerFleet: 50_000, fleets };
      return render(stormSummary(shape), null, shape).length;
    };
    // Buckets are joined at 1,200, 2,400, ... intervals: what fills as many of them takes as much room.
    const [short, long] = [sizeOf(2_400), sizeOf(9_600)];
    expect(long).toBeLessThan(2_500_000);
    expect(long / short).toBeLessThan(1.1);
  });

  it('marks disturbances by number, as their cards have it, and the other events by letter', () => {
    const page = render(stormSummary());
    expect(dataOf(page).markers).toEqual([
      { tag: '1', isStorm: true, events: [], startSec: 150, label: 'drop 10% of esp-at-once by reset' },
      { tag: '2', isStorm: true, events: [2], startSec: 240, endSec: 245, label: 'restart the target for 5s' },
      { tag: 'a', isStorm: false, events: [0, 1], startSec: 150, label: 'admit 500 logins/s and 1 more' },
    ]);
    expect(page).toMatch(
      /<td class="number">2m30s<\/td><td class="number">–<\/td><td class="">admit 900 logins\/s<\/td>/,
    );
    expect(page).toContain('<span class="tag storm">2</span> restart the target for 5s');
  });

  it('gives a fleet the same look in every chart', () => {
    const looks = dataOf(render(stormSummary())).charts.flatMap((chart) =>
      chart.kind === 'heat' ? [] : chart.series.filter(({ label }) => label.startsWith('jittered')),
    );
    expect(looks.length).toBeGreaterThan(3);
    expect(new Set(looks.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(1);
  });

  it('says which policy is best, and that one never brought its devices back', () => {
    const page = render(stormSummary());
    const row = (policy: string): string =>
      new RegExp(`<tr><td class=""><code>${policy}</code>.*?</tr>`).exec(
        page.slice(page.indexOf('After: restart')),
      )?.[0] ?? '';
    expect(row('full-jitter')).toContain('<strong title="the best">✓ 1.31</strong>');
    expect(row('esp-mqtt')).toContain('>never<span class="bar bad"');
    expect(row('esp-mqtt')).not.toContain('the best');
    expect(page).toContain('Over the whole run');
  });

  it('says what steps in the latencies mean, next to their table', () => {
    const page = render(storm, null);
    const [list] = /<h3>What the steps mean<\/h3>.*?<\/ul>/s.exec(page) ?? [];
    expect(list).toContain('tcp: 4,200 attempts (2.5%) took about 1s');
    expect(list).toContain('<code>nstat -az TcpExtListenDrops</code>, and at &lt;every&gt; firewall.');
    expect(page.indexOf('What the steps mean')).toBeLessThan(page.indexOf('<caption>Percentiles'));
    expect(render(quickstart, null)).not.toContain('What the steps mean');
  });

  it('lists devices that were never online, and leaves the section out of older files', () => {
    const made = stormSummary();
    const page = render({
      ...made,
      neverOnline: [
        { fleet: 'jittered', index: 4, device: '<b>m</b>', attempts: 2, outcome: 'refused-4', detail: 'no' },
      ],
    });
    expect(page).toContain('<p>12 of 10,000 started devices were never online; the first is listed, by fleet');
    expect(page).toContain(
      '<td class="">jittered</td><td class="">&lt;b&gt;m&lt;/b&gt;</td><td class="number">2</td><td class=""><code>refused-4</code></td><td class="">no</td>',
    );
    const { devices: _devices, ...total } = made.total;
    const { neverOnline: _neverOnline, ...older } = made;
    expect(headings(render({ ...older, total }))).not.toContain('Devices that were never online');
  });

  it('shows recoveries, kick loops and login codes in words', () => {
    const page = render(stormSummary());
    expect(page).toContain('✗ 12 of 10,000 lost sessions did not come back');
    expect(page).toContain('6.4 attempts per session (p99 21, max 33)');
    expect(page).toContain('3 devices in a loop, lasting: as frequent at the end as before');
    expect(page).toMatch(/<code>6200<\/code><\/td><td class="">auth type mismatch/);
  });
});
