import type { MetricRow } from './metric-row.ts';
import { ADDRESS_ROWS } from './rows/address-rows.ts';
import { AGENT_ROWS } from './rows/agent-rows.ts';
import { FLEET_ROWS } from './rows/fleet-rows.ts';
import { LATENCY_ROWS } from './rows/latency-rows.ts';
import { RECOVERY_ROWS } from './rows/recovery-rows.ts';
import { RUN_ROWS } from './rows/run-rows.ts';
import { WORKER_ROWS } from './rows/worker-rows.ts';

/**
 * Every metric of `/metrics`: what is served, what the metric reference lists and what dashboards are checked against. Names follow
 * Prometheus' conventions: base units, `_total` for counters. Label values are bounded: by the fleets, addresses, thresholds and workers
 * of the scenario, and by the kinds of outcomes, causes and codes that a run tells apart. No label names a device.
 */
export const METRIC_TABLE: readonly MetricRow[] = [
  ...RUN_ROWS,
  ...FLEET_ROWS,
  ...RECOVERY_ROWS,
  ...LATENCY_ROWS,
  ...ADDRESS_ROWS,
  ...WORKER_ROWS,
  ...AGENT_ROWS,
];
