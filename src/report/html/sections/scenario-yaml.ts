import { html, type Markup } from '../markup.ts';
import { type PageParts, section } from './parts.ts';

/** The scenario as it was really run, secrets removed. */
export function scenarioSection(_summary: unknown, { scenarioYaml }: PageParts): Markup | undefined {
  if (scenarioYaml === undefined) return undefined;
  return section('scenario', 'Scenario', [
    html`<p class="note">As it was really run: settings and defaults filled in, secrets removed.</p><pre><code>${scenarioYaml}</code></pre>`,
  ]);
}
