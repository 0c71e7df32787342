import { escapeControls } from '../text/safe-text.ts';

/** How many faults to list before only counting the rest. */
const FAULTS_SHOWN = 5;

/** What is wrong with a result file, below a line that says so. */
export function summaryFaults(
  title: string,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): string {
  const lines = issues.slice(0, FAULTS_SHOWN).map((issue) => {
    const field = issue.path.length === 0 ? 'the whole file' : issue.path.map(String).join('.');
    return escapeControls(`  ${field}: ${issue.message}`);
  });
  const hidden = issues.length - lines.length;
  return [title, ...lines, ...(hidden > 0 ? [`  and ${hidden} more`] : [])].join('\n');
}
