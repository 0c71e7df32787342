import { commandsPage } from './commands.ts';
import { metricReference } from './metric-reference.ts';
import { scenarioReference } from './scenario-reference.ts';

/** Pages that are generated as a whole: path from the root, and what makes its text. */
export const GENERATED_PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/scenario-reference.md': scenarioReference,
  'docs/metric-reference.md': metricReference,
  'docs/commands.md': commandsPage,
};
