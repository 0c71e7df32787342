import { evaluateThresholds } from '../../metrics/judge/thresholds.ts';
import type { LiveHost } from '../../report/live/live-host.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { StartedRun } from '../../run/observer.ts';
import type { CheckedThreshold, MetricSource } from './metric-row.ts';

/** What there is to show of a run now. `end`: its summary, once it is over; `hosts`: those on other machines. */
export function sourceOf(
  run: Pick<StartedRun, 'scenario' | 'figures'>,
  end: Summary | undefined,
  hosts: readonly LiveHost[] = [],
): MetricSource {
  const { name, thresholds } = run.scenario;
  const figures = run.figures();
  const results = end?.thresholds ?? evaluateThresholds(thresholds, figures);
  const checked = thresholds.flatMap((threshold, index): CheckedThreshold[] => {
    const result = results[index];
    return result === undefined ? [] : [{ threshold, result }];
  });
  return { scenario: name, figures, hosts, thresholds: eachTextOnce(checked), end };
}

/** A condition may be given twice, once to stop the run and once for its end: one that failed is the one to show. */
function eachTextOnce(checked: readonly CheckedThreshold[]): CheckedThreshold[] {
  const byText = new Map<string, CheckedThreshold>();
  for (const one of checked) {
    const { source } = one.result;
    if (byText.get(source)?.result.passed !== false) byText.set(source, one);
  }
  return [...byText.values()];
}
