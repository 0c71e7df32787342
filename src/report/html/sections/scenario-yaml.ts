import { html, type Markup } from '../markup.ts';
import { foldedSection, type PageParts } from './parts.ts';

/** The scenario as it was really run, secrets removed. */
export function scenarioSection(_summary: unknown, { scenarioYaml }: PageParts): Markup | undefined {
  if (scenarioYaml === undefined) return undefined;
  return foldedSection(
    'scenario',
    'Scenario',
    'As it was really run: settings and defaults filled in, secrets removed',
    [html`<pre role="region" aria-label="Scenario" tabindex="0"><code>${scenarioYaml}</code></pre>`],
  );
}
