import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { METRIC_TABLE } from '../../../src/outlets/prometheus/metric-table.ts';
import { ROOT } from '../../docs/pages.ts';
import { filledIn, parseQuery } from '../../fixtures/promql.ts';

/** The parts of Grafana's dashboard schema that the dashboard uses: all that is not named here is left to Grafana's own editor. */
const datasource = z.object({ type: z.literal('prometheus'), uid: z.literal(`\${datasource}`) });
const target = z.object({ datasource, expr: z.string().min(1), refId: z.string(), legendFormat: z.string() });
const panelSchema = z.object({
  id: z.number().int().positive(),
  type: z.enum(['row', 'stat', 'table', 'timeseries']),
  title: z.string().min(1),
  gridPos: z.object({
    x: z.number().int().min(0).max(23),
    y: z.number().int().min(0),
    w: z.number().int().min(1).max(24),
    h: z.number().int().min(1),
  }),
  description: z.string().optional(),
  datasource: datasource.optional(),
  targets: z.array(target).default([]),
});
const variable = z.object({
  name: z.string(),
  type: z.enum(['datasource', 'query']),
  definition: z.string().optional(),
});
const dashboardSchema = z.object({
  title: z.literal('Fleetstorm run'),
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  schemaVersion: z.number().int().min(36),
  panels: z.array(panelSchema),
  templating: z.object({ list: z.array(variable) }),
  annotations: z.object({ list: z.array(z.object({ name: z.string(), expr: z.string().optional() })) }),
});

const FOLDER = join(ROOT, 'docs/grafana');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const dashboard = dashboardSchema.parse(JSON.parse(read('dashboard.json')));
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = [
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, refId }): [string, string] => [`${title} ${refId}`, expr]),
  ),
  ...dashboard.annotations.list.flatMap(({ name, expr }): [string, string][] =>
    expr === undefined ? [] : [[name, expr]],
  ),
];

/** Labels that Prometheus adds to every sample. */
const SCRAPE_LABELS = ['instance', 'job'];
/** What a scrape yields: a histogram is three metrics, and its buckets have a bound. */
const SERVED: ReadonlyMap<string, readonly string[]> = new Map(
  METRIC_TABLE.flatMap(({ name, kind, labels }): [string, readonly string[]][] =>
    kind === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ]
      : [[name, labels]],
  ),
);

/** Figures that another one shown is made of, or shows better. */
const NOT_SHOWN = ['fleetstorm_first_attempts_planned_total', 'fleetstorm_attempts_started_total'];

describe('the Grafana dashboard', () => {
  it.each(queries)('asks in PromQL for metrics that a run serves: %s', (_, query) => {
    const { mistakes, selected, grouped } = parseQuery(filledIn(query));
    expect(mistakes).toEqual([]);
    expect(selected.length).toBeGreaterThan(0);
    for (const { metric, labels } of selected) {
      const known = SERVED.get(metric);
      expect(known, `${metric} is in the table of metrics`).toBeDefined();
      expect([...(known ?? []), ...SCRAPE_LABELS]).toEqual(expect.arrayContaining([...labels]));
    }
    const known = selected.flatMap(({ metric }) => SERVED.get(metric) ?? []);
    expect(known).toEqual(expect.arrayContaining([...grouped]));
  });

  it('leaves no variable of Grafana unfilled', () => {
    const named = queries.flatMap(([, query]) => filledIn(query).match(/\$\w+/g) ?? []);
    expect(named).toEqual([]);
    const variables = dashboard.templating.list.map(({ name }) => name);
    expect(variables).toEqual(['datasource', 'instance', 'fleet']);
    for (const { definition } of dashboard.templating.list) {
      const [, metric, label] = /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(definition ?? '') ?? [];
      if (metric !== undefined) expect([...(SERVED.get(metric) ?? []), ...SCRAPE_LABELS]).toContain(label);
    }
  });

  it('shows legends of labels that the query keeps', () => {
    const wrong = panels.flatMap(({ title, targets }) =>
      targets.flatMap(({ legendFormat, expr }) => {
        const { selected, grouped } = parseQuery(filledIn(expr));
        const kept = / by \(/.test(expr) ? grouped : selected.flatMap(({ metric }) => SERVED.get(metric) ?? []);
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        return named.filter((label) => !kept.includes(label)).map((label) => `${title}: ${label}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('has panels that do not overlap, each with a title, an explanation, a number of its own and queries', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
    for (const { title, description = '', targets, datasource: source } of panels) {
      expect(description, title).toMatch(/^.{20,}\.$/s);
      expect(targets.length, title).toBeGreaterThan(0);
      expect(source, title).toBeDefined();
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
    }
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('asks for every metric but those that others are made of', () => {
    const asked = new Set(
      queries.flatMap(([, query]) => parseQuery(filledIn(query)).selected.map(({ metric }) => metric)),
    );
    const unasked = [...SERVED.keys()].filter((metric) => !asked.has(metric) && !/_(?:sum|count)$/.test(metric));
    expect(unasked).toEqual(NOT_SHOWN);
  });

  it('is provisioned from files that fit each other', () => {
    const sources = parse(read('provisioning/datasources/prometheus.yaml'));
    const scrape = parse(read('prometheus.yml'));
    const compose = parse(read('docker-compose.yaml'));
    const [source] = sources.datasources;
    expect(sources.apiVersion).toBe(1);
    expect(source).toMatchObject({ type: 'prometheus', isDefault: true, url: 'http://127.0.0.1:9090' });
    expect(source.jsonData.timeInterval).toBe(scrape.global.scrape_interval);
    expect(compose.services.prometheus.command).toContain('--web.listen-address=127.0.0.1:9090');
    const [provider] = parse(read('provisioning/dashboards/fleetstorm.yaml')).providers;
    const mounted: string[] = [...compose.services.grafana.volumes, ...compose.services.prometheus.volumes];
    expect(mounted).toContain(`./dashboard.json:${provider.options.path}/dashboard.json:ro`);
    for (const volume of mounted)
      expect(() => statSync(join(FOLDER, volume.split(':')[0] ?? '')), volume).not.toThrow();
    const [job] = scrape.scrape_configs;
    const page = readFileSync(join(ROOT, 'docs/grafana.md'), 'utf8');
    const port = String(job.static_configs[0].targets[0]).split(':')[1];
    expect(page).toContain(`--prometheus ${port}`);
  });

  it('is explained panel by panel, with the metrics of each', () => {
    const page = readFileSync(join(ROOT, 'docs/grafana.md'), 'utf8');
    for (const { title, targets } of panels) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${title} |`)) ?? '';
      expect(row, title).not.toBe('');
      const metrics = targets.flatMap(({ expr }) => parseQuery(filledIn(expr)).selected.map(({ metric }) => metric));
      for (const metric of metrics) expect(row).toContain(`\`${metric.replace(/_bucket$/, '')}\``);
    }
  });
});
